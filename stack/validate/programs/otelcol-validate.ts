import { didYouMean } from "../suggest.js";
import { otelcolStart } from "./otelcol-start.js";
import type { ProgramCheck, ProgramFinding } from "./program-check.js";

const unknownType = /^'(\w+)' unknown type: "([^"]+)" for id: "[^"]+" \(valid values: \[([^\]]*)\]\)$/;

/** The collector itself reads its configuration; it starts nothing. */
export const otelcolValidate: ProgramCheck = {
  id: "otelcol-validate",
  program: "otelcol",
  title: "otelcol validate",
  owner: "otel-collector",
  followedBy: otelcolStart,
  args: (layout) => ["validate", `--config=${layout.configDir("otel-collector")}/otel-collector.yml`],
  findings({ lines, failed }, layout) {
    if (!failed) return [];
    const messages = lines
      .filter((line) => line.trim() !== "" && !/decoding failed due to the following error\(s\):$/.test(line))
      .map(layout.shown);
    const unknown = messages.flatMap((line) => {
      const match = unknownType.exec(line.trim());
      return match ? [{ kind: match[1]!, type: match[2]!, valid: match[3]!.split(" ") }] : [];
    });
    if (messages.length > 0 && unknown.length === messages.length) return unknown.map(unknownComponent);
    return [
      {
        severity: "error",
        what: "The collector does not accept its configuration.",
        output: lines.filter((line) => line.trim() !== "").map(layout.shown),
      },
    ];
  },
};

/** The collector that obs builds has fewer components than the image, so an unknown one may yet be right. */
function unknownComponent({
  kind,
  type,
  valid,
}: {
  kind: string;
  type: string;
  valid: string[];
}): ProgramFinding {
  const meant = didYouMean(type, valid);
  return {
    severity: meant ? "error" : "warning",
    what: `The collector that obs builds has no ${kind.replace(/s$/, "")} of type "${type}".`,
    ...(meant
      ? { next: `Did you mean "${meant}"?` }
      : {
          why: "The image otel/opentelemetry-collector-contrib has more; whether it has this one could not be checked here.",
          next: `Without Docker, use one of: ${valid.join(", ")}.`,
        }),
  };
}
