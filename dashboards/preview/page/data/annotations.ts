import type { DataFrame } from "@grafana/data";
import type { PreviewDataSource } from "../../api.js";
import { at, resolve } from "./data-sources.js";
import { field, fillLabels, frame, type Series } from "./frames.js";
import { inSelector, interpolate, type Variable } from "./interpolate.js";
import type { AnnotationModel } from "./model.js";
import { type PrometheusResult, seriesOf } from "./prometheus-frames.js";
import { ask } from "./request.js";
import { asDuration, milliseconds, prometheusStep } from "./step.js";

/** What annotations depend on. */
export interface AnnotationContext {
  /** Milliseconds since 1970. */
  from: number;
  to: number;
  variables: ReadonlyMap<string, Variable>;
  sources: readonly PreviewDataSource[];
  signal?: AbortSignal;
}

/** Spans of time in which a query of Prometheus was other than 0: a frame of them. Throws RequestError. */
export async function annotationFrame(
  annotation: AnnotationModel,
  { from, to, variables, sources, signal }: AnnotationContext,
): Promise<DataFrame | undefined> {
  const query = annotation.expr ?? annotation.target?.expr;
  if (annotation.enable === false || typeof query !== "string") return undefined;
  const source = resolve(annotation.datasource, sources, (text) => interpolate(text, variables));
  if (source.type !== "prometheus" || source.state === "down") return undefined;
  const least = milliseconds(annotation.step) ?? 60_000;
  const { step, start, end } = prometheusStep(
    { from, to, maxDataPoints: 100_000, minInterval: least },
    least,
  );
  const expr = interpolate(query, variables, {
    format: inSelector,
    scoped: { __interval: { value: asDuration(step) }, __range: { value: asDuration(to - from) } },
  });
  const body = new URLSearchParams({
    query: expr,
    start: String(start / 1000),
    end: String(end / 1000),
    step: String(step / 1000),
  });
  const { data } = await ask<{ data: PrometheusResult }>(at(source, "api/v1/query_range"), { signal, body });
  return regionsFrame(annotation, seriesOf(data), step);
}

/** Samples that follow each other at every step are one span of time. */
export function regionsFrame(
  annotation: AnnotationModel,
  series: readonly Series[],
  step: number,
): DataFrame {
  const { name, iconColor = "red", titleFormat = "", textFormat = "", tagKeys = "" } = annotation;
  const regions = series.flatMap(({ labels, samples }) => {
    const found: { from: number; to: number; labels: Record<string, string> }[] = [];
    for (const [seconds, value] of samples) {
      const time = Math.round(seconds * 1000);
      const last = found.at(-1);
      if (Number(value) === 0) continue;
      if (last && time - last.to <= step) last.to = time;
      else found.push({ from: time, to: time, labels });
    }
    return found;
  });
  const tags = tagKeys.split(",").map((key) => key.trim());
  const column = <Value>(
    type: "time" | "string" | "other" | "boolean",
    key: string,
    value: (region: (typeof regions)[number]) => Value,
  ) => field(key, type, regions.map(value));
  return frame(
    [
      column("time", "time", (region) => region.from),
      column("time", "timeEnd", (region) => region.to),
      column("boolean", "isRegion", (region) => region.to > region.from),
      column("string", "title", (region) => fillLabels(titleFormat, region.labels) || name),
      column("string", "text", (region) => fillLabels(textFormat, region.labels)),
      column("other", "tags", (region) => tags.flatMap((key) => region.labels[key] ?? [])),
      column("string", "color", () => iconColor),
    ],
    { name, meta: { dataTopic: "annotations" as never } },
  );
}
