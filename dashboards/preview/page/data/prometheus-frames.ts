import type { DataFrame, Labels } from "@grafana/data";
import { field, frame, type Naming, numberOf, type Sample, type Series, seriesFrames } from "./frames.js";

/** What `/api/v1/query` and `/api/v1/query_range` answer under `data`. */
export type PrometheusResult =
  | {
      resultType: "matrix";
      result: { metric: Labels; values?: Sample[]; histograms?: [number, NativeHistogram][] }[];
    }
  | {
      resultType: "vector";
      result: { metric: Labels; value?: Sample; histogram?: [number, NativeHistogram] }[];
    }
  | { resultType: "scalar"; result: Sample }
  | { resultType: "string"; result: Sample };

interface NativeHistogram {
  count: string;
  sum: string;
}

/** What `/api/v1/query_exemplars` answers under `data`. */
export type ExemplarResult = {
  seriesLabels: Labels;
  exemplars: { labels: Labels; value: string; timestamp: number }[];
}[];

/** The series of an answer, whatever kind it is of. Of native histograms the count: they are drawn as nothing better. */
export function seriesOf(data: PrometheusResult): Series[] {
  if (data.resultType === "scalar" || data.resultType === "string")
    return [{ labels: {}, samples: [data.result] }];
  if (data.resultType === "matrix")
    return data.result.map(({ metric, values, histograms }) => ({
      labels: metric,
      samples: values ?? histograms?.map(([at, { count }]): Sample => [at, count]) ?? [],
    }));
  return data.result.map(({ metric, value, histogram }) => ({
    labels: metric,
    samples: value ? [value] : histogram ? [[histogram[0], histogram[1].count]] : [],
  }));
}

/** Frames of the format `time_series`: one a series. */
export function timeSeriesFrames(data: PrometheusResult, naming: Naming): DataFrame[] {
  return seriesFrames(seriesOf(data), naming);
}

/**
 * The one frame of the format `table`: a row for each sample, a column for each label. `only`: whether it is the panel's
 * only query; the values of several are told apart by their letters.
 */
export function tableFrame(data: PrometheusResult, { refId, expr }: Naming, only: boolean): DataFrame {
  const rows = seriesOf(data).flatMap(({ labels, samples }) => samples.map((sample) => ({ labels, sample })));
  const names = [...new Set(rows.flatMap(({ labels }) => Object.keys(labels)))].sort();
  return frame(
    [
      field(
        "Time",
        "time",
        rows.map(({ sample }) => Math.round(sample[0] * 1000)),
      ),
      ...names.map((name) =>
        field(
          name,
          "string",
          rows.map(({ labels }) => labels[name] ?? ""),
          { config: { filterable: true } },
        ),
      ),
      field(
        only ? "Value" : `Value #${refId}`,
        "number",
        rows.map(({ sample }) => numberOf(sample[1])),
      ),
    ],
    { refId, meta: { preferredVisualisationType: "table", executedQueryString: expr } },
  );
}

/**
 * Frames of the format `heatmap`: one, a field a bucket in ascending order of its bound, with what is in it alone; the
 * answer's series are cumulative buckets, told apart by `le`.
 */
export function heatmapFrames(data: PrometheusResult, { refId, expr, interval }: Naming): DataFrame[] {
  const bounds = (labels: Labels) => numberOf(labels.le ?? "+Inf") ?? Number.POSITIVE_INFINITY;
  const buckets = seriesOf(data).sort((one, other) => bounds(one.labels) - bounds(other.labels));
  if (buckets.length === 0) return [];
  const times = [...new Set(buckets.flatMap(({ samples }) => samples.map(([at]) => at)))].sort(
    (a, b) => a - b,
  );
  let below = times.map(() => 0);
  const fields = buckets.map(({ labels, samples }) => {
    const at = new Map(samples);
    const cumulative = times.map((time, index) => {
      const value = at.get(time);
      return value === undefined ? below[index]! : (numberOf(value) ?? 0);
    });
    const alone = cumulative.map((value, index) => Math.max(0, value - below[index]!));
    below = cumulative;
    return field(labels.le ?? "Value", "number", alone, { labels });
  });
  return [
    frame(
      [
        field(
          "Time",
          "time",
          times.map((at) => Math.round(at * 1000)),
          { config: interval === undefined ? {} : { interval } },
        ),
        ...fields,
      ],
      { refId, meta: { type: "heatmap-rows" as never, executedQueryString: expr } },
    ),
  ];
}

/** In each of so many parts of the time only the slowest few are kept: more dots nobody tells apart. */
const parts = 60;
const perPart = 2;

/** Exemplars as dots: a frame with times, values, and all labels of series and exemplar; none where there are none. */
export function exemplarFrames(data: ExemplarResult, refId: string): DataFrame[] {
  const dots = slowest(
    data.flatMap(({ seriesLabels, exemplars }) =>
      exemplars.map(({ labels, value, timestamp }) => ({
        labels: { ...seriesLabels, ...labels },
        value: numberOf(value),
        time: Math.round(timestamp * 1000),
      })),
    ),
  );
  if (dots.length === 0) return [];
  const names = [...new Set(dots.flatMap(({ labels }) => Object.keys(labels)))].sort();
  return [
    frame(
      [
        field(
          "Time",
          "time",
          dots.map(({ time }) => time),
        ),
        field(
          "Value",
          "number",
          dots.map(({ value }) => value),
        ),
        ...names.map((name) =>
          field(
            name,
            "string",
            dots.map(({ labels }) => labels[name] ?? ""),
          ),
        ),
      ],
      {
        refId,
        name: "exemplar",
        meta: { dataTopic: "annotations" as never, custom: { resultType: "exemplar" } },
      },
    ),
  ];
}

/** Those with the largest values of each part of the time, in order of time. */
function slowest<Dot extends { time: number; value: number | null }>(all: readonly Dot[]): Dot[] {
  const byTime = [...all].sort((one, other) => one.time - other.time);
  const [first, last] = [byTime[0]?.time ?? 0, byTime.at(-1)?.time ?? 0];
  const length = Math.max(1, (last - first) / parts);
  const inPart = new Map<number, Dot[]>();
  for (const dot of byTime) {
    const part = Math.floor((dot.time - first) / length);
    inPart.set(part, [...(inPart.get(part) ?? []), dot]);
  }
  const kept = new Set(
    [...inPart.values()].flatMap((dots) =>
      dots.sort((one, other) => (other.value ?? 0) - (one.value ?? 0)).slice(0, perPart),
    ),
  );
  return byTime.filter((dot) => kept.has(dot));
}
