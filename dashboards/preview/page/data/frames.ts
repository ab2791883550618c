import type { DataFrame, Field, FieldConfig, FieldType, Labels, QueryResultMeta } from "@grafana/data";

/** A column of a frame. Frames are plain data here, so that they can be made, and tested, without Grafana's packages. */
export function field(
  name: string,
  type: `${FieldType}`,
  values: unknown[],
  more: { config?: FieldConfig; labels?: Labels } = {},
): Field {
  return {
    name,
    type: type as FieldType,
    values,
    config: more.config ?? {},
    ...(more.labels && { labels: more.labels }),
  };
}

/** A table of values of one length, as all that draws and transforms takes it. */
export function frame(
  fields: Field[],
  more: { refId?: string; name?: string; meta?: QueryResultMeta } = {},
): DataFrame {
  return { ...more, fields, length: fields[0]?.values.length ?? 0 };
}

/** Points of one series: `[seconds since 1970, value]`, as Prometheus and Loki send them. */
export type Sample = [number, string];

/** A series of points, named by its labels. */
export interface Series {
  labels: Labels;
  samples: readonly Sample[];
}

/** What all frames of a query's answer have in common. */
export interface Naming {
  refId: string;
  expr: string;
  /** `{{model}}`; `__auto` leaves names to the labels that differ. */
  legendFormat?: string;
  /** Milliseconds between two points: a greater distance is drawn as a gap. */
  interval?: number;
}

/** A frame a series: its times, and its values with its labels and its name in legends. */
export function seriesFrames(series: readonly Series[], naming: Naming): DataFrame[] {
  const { refId, expr, interval } = naming;
  return series.map(({ labels, samples }) => {
    const name = legendOf(labels, naming);
    return frame(
      [
        field(
          "Time",
          "time",
          samples.map(([seconds]) => Math.round(seconds * 1000)),
          { config: interval === undefined ? {} : { interval } },
        ),
        field(
          "Value",
          "number",
          samples.map(([, value]) => numberOf(value)),
          { labels, config: name === undefined ? {} : { displayNameFromDS: name } },
        ),
      ],
      {
        refId,
        ...(name !== undefined && { name }),
        meta: { type: "timeseries-multi" as never, executedQueryString: expr },
      },
    );
  });
}

/** What a series is called; undefined leaves it to what draws it. */
export function legendOf(labels: Labels, { legendFormat, expr }: Naming): string | undefined {
  if (legendFormat === "__auto") return Object.keys(labels).length > 0 ? undefined : expr;
  if (legendFormat) return fillLabels(legendFormat, labels);
  const { __name__: metric = "", ...rest } = labels;
  const inner = Object.entries(rest).map(([name, value]) => `${name}="${value}"`);
  return `${metric}${inner.length > 0 ? `{${inner.join(", ")}}` : ""}` || expr;
}

/** `{{label}}` replaced by the label's value, or by nothing where it is missing. */
export function fillLabels(text: string, labels: Labels): string {
  return text.replace(/\{\{\s*(.+?)\s*\}\}/g, (_match, name: string) => labels[name] ?? "");
}

/** A number as Prometheus writes it. What is none is no value: lines break there, sums leave it out. */
export function numberOf(text: string): number | null {
  if (text === "+Inf" || text === "Inf") return Number.POSITIVE_INFINITY;
  if (text === "-Inf") return Number.NEGATIVE_INFINITY;
  const value = Number(text);
  return Number.isNaN(value) ? null : value;
}
