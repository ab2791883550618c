import { z } from "zod";

/** Kinds of metrics, as Prometheus names them. */
export const metricTypes = ["counter", "gauge", "histogram", "summary", "info", "unknown"] as const;
export type MetricType = (typeof metricTypes)[number];

/** One metric of a recording. For histograms and summaries the name lacks the suffixes of its series. */
const recordedMetric = z.strictObject({
  type: z.enum(metricTypes),
  help: z.string().optional(),
  /** As the program declares it; most don't, and have it in the name. */
  unit: z.string().optional(),
  /** Names of its labels beside those of the whole recording, sorted; never values. `le` and `quantile` go without saying. */
  labels: z.array(z.string()).default([]),
  /** Only there after something has happened that need not happen, or on some machines only. */
  occasional: z.literal(true).optional(),
});

/** What one program (or a job of the user's) exposes: the shape of the files in recorded/, declared/ and a project's catalog/. */
export const recordingSchema = z.strictObject({
  /** The program as people name it. */
  program: z.string().min(1),
  version: z.string().optional(),
  /** `recorded` from running programs by `obs catalog record`; `declared` by people, from documentation. */
  state: z.enum(["recorded", "declared"]),
  /** For people: where it comes from. */
  note: z.string().optional(),
  /** Values of the label `job` under which its series appear; absent: any, as with what applications send. */
  jobs: z.array(z.string().min(1)).min(1).optional(),
  /** Labels that every series has, sorted. */
  labels: z.array(z.string()).default([]),
  /** Whether more labels than these may appear: true for what applications decide themselves. */
  openLabels: z.boolean().default(false),
  /** Beginnings of names of which there are more than listed: a declared program that could not be looked at. */
  incomplete: z.array(z.string()).optional(),
  metrics: z.record(z.string(), recordedMetric),
});

export type Recording = z.output<typeof recordingSchema>;
export type RecordedMetric = Recording["metrics"][string];

/** The exact text of a recording's file: keys in a fixed order, metrics and labels sorted, defaults left out. */
export function recordingText(recording: Recording): string {
  const { program, version, state, note, jobs, labels, openLabels, metrics } = recording;
  const names = Object.keys(metrics).sort();
  const lines = names.map((name) => {
    const { type, help, unit, labels: own, occasional } = metrics[name]!;
    const entry = {
      type,
      ...(help && { help }),
      ...(unit && { unit }),
      ...(own.length > 0 && { labels: [...own].sort() }),
      ...(occasional && { occasional }),
    };
    return `    ${JSON.stringify(name)}: ${JSON.stringify(entry)}`;
  });
  const head = {
    program,
    ...(version !== undefined && { version }),
    state,
    ...(note !== undefined && { note }),
    ...(jobs && { jobs: [...jobs].sort() }),
    ...(labels.length > 0 && { labels: [...labels].sort() }),
    ...(openLabels && { openLabels }),
  };
  const fields = Object.entries(head).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  // One metric a line: a difference shows what changed, and nothing else.
  return `{\n${[...fields, `  "metrics": {\n${lines.join(",\n")}\n  }`].join(",\n")}\n}\n`;
}
