import type { DataFrame } from "@grafana/data";
import { isOfType } from "../field-type.js";

/** Something that happened, drawn as a line or as a stretch of time. */
export interface Annotation {
  /** Milliseconds since 1970. */
  time: number;
  /** Of a stretch of time. */
  end?: number;
  title: string;
  text: string;
  tags: string[];
  color?: string;
}

/** A measurement that leads to the trace it was made in. */
export interface Exemplar {
  time: number;
  value: number;
  traceId?: string;
  /** All that is known of it, for people. */
  labels: [name: string, value: string][];
}

/** Drawing more dots or lines than this hides what they are about. */
const mostEvents = 500;

const isExemplars = (frame: DataFrame) =>
  frame.name === "exemplar" || frame.meta?.custom?.resultType === "exemplar";

const isTraceId = (name: string) => /^trace_?id$/i.test(name);

/** Reads annotations out of frames as Grafana shapes them; what has no time is left out. */
export function annotationsOf(frames: readonly DataFrame[]): Annotation[] {
  return frames
    .filter((frame) => !isExemplars(frame))
    .flatMap((frame) => {
      const column = (name: string) => frame.fields.find((field) => field.name === name)?.values;
      const [times, ends, titles, texts] = ["time", "timeEnd", "title", "text"].map(column);
      const [tags, colors, newStates] = ["tags", "color", "newState"].map(column);
      return (times ?? []).slice(0, mostEvents).flatMap((time: unknown, row): Annotation[] => {
        if (typeof time !== "number" || !Number.isFinite(time)) return [];
        const end = ends?.[row];
        return [
          {
            time,
            title: String(titles?.[row] ?? newStates?.[row] ?? ""),
            text: String(texts?.[row] ?? ""),
            tags: listOf(tags?.[row]),
            ...(typeof end === "number" && end > time && { end }),
            ...(typeof colors?.[row] === "string" && { color: colors[row] }),
          },
        ];
      });
    });
}

/** Reads exemplars out of frames as Grafana's Prometheus data source shapes them. */
export function exemplarsOf(frames: readonly DataFrame[]): Exemplar[] {
  return frames.filter(isExemplars).flatMap((frame) => {
    const time = frame.fields.find((field) => isOfType(field, "time"));
    const value =
      frame.fields.find(({ name }) => name === "Value") ??
      frame.fields.find((field) => isOfType(field, "number"));
    const rest = frame.fields.filter((field) => field !== time && field !== value);
    const traced = rest.find((field) => isTraceId(field.name));
    const step = Math.max(1, Math.ceil((time?.values.length ?? 0) / mostEvents));
    return (time?.values ?? []).flatMap((at: number, row): Exemplar[] => {
      const measured = value?.values[row];
      if (row % step !== 0 || typeof measured !== "number" || !Number.isFinite(measured)) return [];
      const traceId = traced?.values[row];
      return [
        {
          time: at,
          value: measured,
          labels: rest
            .filter(({ values }) => values[row] !== undefined && values[row] !== null && values[row] !== "")
            .map((field) => [field.name, String(field.values[row])]),
          ...(typeof traceId === "string" && traceId !== "" && { traceId }),
        },
      ];
    });
  });
}

const listOf = (tags: unknown): string[] =>
  Array.isArray(tags) ? tags.map(String) : typeof tags === "string" && tags !== "" ? tags.split(",") : [];
