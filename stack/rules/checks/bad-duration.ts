import { isScalar } from "yaml";
import { parseDuration } from "../../duration.js";
import type { Problem } from "../../validate/problem.js";
import { placeIn, type RuleCheck } from "../check.js";
import type { Part, RuleFile } from "../model.js";
import { isNull, locatedText } from "../yaml.js";

/** What Prometheus holds at most, in milliseconds: 2^63 nanoseconds, 292 years. */
const longest = 2 ** 63 / 1e6;

/** `for`, `keep_firing_for`, `interval` and `query_offset` are durations in Prometheus' own notation. */
export const badDuration: RuleCheck = {
  id: "bad-duration",
  severity: "error",
  run: ({ files }) =>
    files.flatMap((file) =>
      file.parts.flatMap((part) => (part.role === "duration" ? problemsOf(file, part) : [])),
    ),
};

function problemsOf(file: RuleFile, { node, key }: Part): Problem[] {
  if (!isScalar(node) || isNull(node)) return [];
  const text = String(node.value);
  const value = parseDuration(text);
  if (value !== undefined && value < longest) return [];
  const meant = suggestion(text);
  return [
    {
      id: "bad-duration",
      severity: "error",
      what:
        value === undefined
          ? `"${text}" is not a duration.`
          : `"${text}" is longer than Prometheus can count.`,
      next: meant
        ? `Did you mean "${meant}"?`
        : `Write "${String(key?.value ?? "for")}" as whole numbers with units, largest first: 30s, 5m, 1h30m, 2d.`,
      place: placeIn(file, locatedText(node, file.text, file.positionAt)!),
    },
  ];
}

const words: Record<string, string> = {
  sec: "s",
  secs: "s",
  second: "s",
  seconds: "s",
  min: "m",
  mins: "m",
  minute: "m",
  minutes: "m",
  hour: "h",
  hours: "h",
  hr: "h",
  hrs: "h",
  day: "d",
  days: "d",
  week: "w",
  weeks: "w",
};

/** `5 min` is `5m`, `1.5h` is `90m`, `5M` is `5m`; a bare number says too little. */
function suggestion(text: string): string | undefined {
  const match = /^(\d+)(?:\.(\d+))?\s*([a-zA-Z]+)$/.exec(text.trim());
  if (!match) {
    const joined = text.replaceAll(/\s+/g, "").toLowerCase();
    return joined !== text && parseDuration(joined) !== undefined ? joined : undefined;
  }
  const [, whole, fraction, word] = match;
  const unit = words[word!.toLowerCase()] ?? word!.toLowerCase();
  const base = parseDuration(`1${unit}`);
  if (base === undefined) return undefined;
  if (fraction === undefined) return `${whole}${unit}`;
  const total = Number(`${whole}.${fraction}`) * base;
  const smaller = (["d", "h", "m", "s", "ms"] as const).find(
    (each) => total % parseDuration(`1${each}`)! === 0,
  );
  return smaller && `${total / parseDuration(`1${smaller}`)!}${smaller}`;
}
