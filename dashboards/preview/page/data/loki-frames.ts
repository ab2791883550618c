import type { DataFrame, Labels } from "@grafana/data";
import { field, frame, type Naming, type Sample, seriesFrames } from "./frames.js";

/** What `/loki/api/v1/query` and `/loki/api/v1/query_range` answer under `data`. */
export type LokiResult =
  | { resultType: "streams"; result: { stream: Labels; values: [string, string, Metadata?][] }[] }
  | { resultType: "matrix"; result: { metric: Labels; values: Sample[] }[] }
  | { resultType: "vector"; result: { metric: Labels; value: Sample }[] }
  | { resultType: "scalar"; result: Sample };

interface Metadata {
  structuredMetadata?: Labels;
  parsed?: Labels;
}

/** Frames of an answer: one of lines of logs, newest first, or one a series of numbers. */
export function lokiFrames(data: LokiResult, naming: Naming): DataFrame[] {
  switch (data.resultType) {
    case "streams":
      return [logsFrame(data.result, naming)];
    case "matrix":
      return seriesFrames(
        data.result.map(({ metric, values }) => ({ labels: metric, samples: values })),
        naming,
      );
    case "vector":
      return seriesFrames(
        data.result.map(({ metric, value }) => ({ labels: metric, samples: [value] })),
        naming,
      );
    default:
      return seriesFrames([{ labels: {}, samples: [data.result] }], naming);
  }
}

function logsFrame(
  streams: Extract<LokiResult, { resultType: "streams" }>["result"],
  { refId, expr }: Naming,
): DataFrame {
  const lines = streams
    .flatMap(({ stream, values }) =>
      values.map(([nanoseconds, line, metadata]) => ({
        labels: { ...stream, ...metadata?.structuredMetadata, ...metadata?.parsed },
        nanoseconds,
        line,
      })),
    )
    .sort((one, other) => compareDigits(other.nanoseconds, one.nanoseconds));
  return frame(
    [
      field(
        "labels",
        "other",
        lines.map(({ labels }) => labels),
      ),
      field(
        "Time",
        "time",
        lines.map(({ nanoseconds }) => Number(nanoseconds.slice(0, -6))),
      ),
      field(
        "Line",
        "string",
        lines.map(({ line }) => line),
      ),
      field(
        "tsNs",
        "string",
        lines.map(({ nanoseconds }) => nanoseconds),
      ),
      field(
        "id",
        "string",
        lines.map(({ nanoseconds }, at) => `${nanoseconds}_${at}`),
      ),
    ],
    {
      refId,
      meta: {
        preferredVisualisationType: "logs",
        executedQueryString: expr,
        custom: { frameType: "LabeledTimeValues" },
      },
    },
  );
}

/** Times in nanoseconds are longer than numbers can be exact. */
function compareDigits(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}
