import { parseDuration } from "../../duration.js";
import { unquote } from "../../promql/literals.js";
import type { Labels } from "../define-rules.js";
import type { Fired, Observed, Sample } from "./probe.js";

/**
 * What promtool wrote with `--junit`, by the id of the probe. Its complaints are texts for people, of one form since 2018;
 * what isn't of that form is kept as an error.
 */
export function readJunit(xml: string): Map<string, Observed> {
  const found = new Map<string, Observed>();
  for (const [, suite, cases] of xml.matchAll(/<testsuite name="([^"]*)"[^>]*>([\s\S]*?)<\/testsuite>/g)) {
    const id = decoded(suite!)
      .replace(/^.*\//, "")
      .replace(/\.[a-z]+$/, "");
    const observed: Observed = { errors: [], alerts: [], samples: [] };
    for (const [, kind, text] of cases!.matchAll(/<(failure|error)>([\s\S]*?)<\/\1>/g))
      take(observed, kind === "error" ? undefined : decoded(text!), decoded(text!));
    found.set(id, observed);
  }
  return found;
}

const alertComplaint =
  /^(?: {4}name: .*,\n)? {4}alertname: (.*), time: (\S+), \n {8}exp:[\s\S]*?, \n {8}got:([\s\S]*)$/;
const sampleComplaint = /^ {4}expr: ("(?:[^"\\]|\\.)*"), time: (\S+),\n {8}exp: .*\n {8}got: (.*)$/;

function take(observed: Observed, failure: string | undefined, text: string): void {
  const alert = failure && alertComplaint.exec(failure);
  if (alert) {
    observed.alerts.push({ name: alert[1]!, at: parseDuration(alert[2]!)!, fired: firedIn(alert[3]!) });
    return;
  }
  const sample = failure && sampleComplaint.exec(failure);
  if (sample) {
    observed.samples.push({
      expr: unquote(sample[1]!).value,
      at: parseDuration(sample[2]!)!,
      samples: samplesIn(sample[3]!),
    });
    return;
  }
  observed.errors.push(text.trim());
}

/** The list of alerts in a complaint: two lines each. */
function firedIn(text: string): Fired[] {
  const fired: Fired[] = [];
  for (const line of text.split("\n")) {
    const [, what, labels] = /^\s*(Labels|Annotations):(\{.*\})$/.exec(line) ?? [];
    if (what === "Labels") {
      const { alertname: _, ...others } = readLabels(labels!);
      fired.push({ labels: others, annotations: {} });
    } else if (what === "Annotations") fired.at(-1)!.annotations = readLabels(labels!);
  }
  return fired;
}

function samplesIn(text: string): Sample[] {
  return [...text.matchAll(/(\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\}) (\S+?)(?:, |$)/g)].map(([, labels, value]) => {
    const { __name__: _, ...others } = readLabels(labels!);
    return { labels: others, value: readNumber(value!) };
  });
}

function readNumber(text: string): number {
  return /^[+-]?Inf$/.test(text) ? Number(text.replace("Inf", "Infinity")) : Number(text);
}

/** Labels in Prometheus' notation: `{job="api"}`. Empty where it isn't that. */
export function readLabels(text: string): Labels {
  const inside = text.trim().replace(/^\{|\}$/g, "");
  const matchers = [...inside.matchAll(/("(?:[^"\\]|\\.)*"|[^\s,="]+)\s*=\s*("(?:[^"\\]|\\.)*")/g)];
  return Object.fromEntries(
    matchers.map(([, name, value]) => [
      name!.startsWith('"') ? unquote(name!).value : name!,
      unquote(value!).value,
    ]),
  );
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decoded(xml: string): string {
  return xml.replaceAll(/&(?:#x([\da-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex, decimal, name) =>
    hex
      ? String.fromCodePoint(Number.parseInt(hex, 16))
      : decimal
        ? String.fromCodePoint(Number(decimal))
        : (entities[name] ?? whole),
  );
}

/** How many tests a report is about and which failed, in promtool's words; undefined where it isn't a report. */
export function readFailures(
  xml: string,
): { tests: number; failures: { test: string; lines: string[] }[] } | undefined {
  if (!xml.includes("<testsuites>")) return undefined;
  let tests = 0;
  const failures = [...xml.matchAll(/<testcase name="([^"]*)">([\s\S]*?)<\/testcase>/g)].flatMap(
    ([, name, body]) => {
      const said = [...body!.matchAll(/<(failure|error)>([\s\S]*?)<\/\1>/g)];
      if (!said.some(([, kind]) => kind === "error")) tests++;
      return said.map(([, , text]) => ({
        test: decoded(name!),
        lines: decoded(text!)
          .split("\n")
          .filter((line) => line.trim() !== ""),
      }));
    },
  );
  return { tests, failures };
}
