import { spanMetricsNamespaces } from "../services/names.js";
import { askJson } from "./ask.js";
import { urlOf, type VerifyContext } from "./context.js";

interface Answer<T> {
  status: string;
  data: T;
}

/** A series with its newest value, or with several of a range. Times are Unix seconds. */
export interface Series {
  metric: Record<string, string>;
  value?: [number, string];
  values?: [number, string][];
}

/** An exemplar: a sample of one observation, pointing at its trace. */
export interface Exemplar {
  labels: Record<string, string>;
  value: string;
  timestamp: number;
}

/** The span metrics' namespaces in the names that Prometheus makes of them. */
export const storedSpanMetrics = {
  all: spanMetricsNamespaces.all.replaceAll(".", "_"),
  kept: spanMetricsNamespaces.kept.replaceAll(".", "_"),
};

/** Evaluates an instant query. */
export async function queryPrometheus(
  context: VerifyContext,
  query: string,
  signal: AbortSignal,
): Promise<Series[]> {
  const answer = await askJson<Answer<{ result: Series[] }>>(
    urlOf(context, "prometheus", `/api/v1/query?${new URLSearchParams({ query })}`),
    signal,
  );
  return answer?.data.result ?? [];
}

/** Exemplars of the series that a selector matches, from a few seconds before the run on. */
export async function queryExemplars(
  context: VerifyContext,
  selector: string,
  signal: AbortSignal,
): Promise<Exemplar[]> {
  const range = {
    start: String(context.sentAt / 1000 - 5),
    end: String(Date.now() / 1000 + 5),
  };
  const answer = await askJson<Answer<{ seriesLabels: object; exemplars: Exemplar[] }[]>>(
    urlOf(
      context,
      "prometheus",
      `/api/v1/query_exemplars?${new URLSearchParams({ query: selector, ...range })}`,
    ),
    signal,
  );
  return (answer?.data ?? []).flatMap(({ exemplars }) => exemplars);
}
