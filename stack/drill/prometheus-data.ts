import { withDeadline } from "../deadline.js";
import { AskError, askJson, explain, said } from "../verify/ask.js";
import type { DatedSeries } from "./series.js";

/** An alert as Prometheus' API tells it; labels without the external ones. */
export interface PendingAlert {
  labels: Record<string, string>;
  state: "pending" | "firing";
}

/** Points of one request: some megabytes. */
const pointsAtOnce = 20_000;

/**
 * Writes series over OTLP, which takes names and labels as they are; oldest first, so that what is old is never out of
 * order. Throws AskError where they aren't taken.
 */
export async function writeSeries(
  url: string,
  series: readonly DatedSeries[],
  signal: AbortSignal,
): Promise<void> {
  const points = series
    .flatMap(({ labels, samples }) => samples.map(([time, value]) => ({ labels, time, value })))
    .sort((a, b) => a.time - b.time);
  for (let at = 0; at < points.length; at += pointsAtOnce) {
    const metrics = points
      .slice(at, at + pointsAtOnce)
      .map(({ labels: { __name__, ...labels }, time, value }) => ({
        name: __name__,
        gauge: {
          dataPoints: [
            {
              timeUnixNano: `${Math.round(time)}000000`,
              // JSON has no other way to say it (https://protobuf.dev/programming-guides/json/).
              asDouble: Number.isFinite(value) ? value : String(value),
              attributes: Object.entries(labels).map(([key, text]) => ({
                key,
                value: { stringValue: text },
              })),
            },
          ],
        },
      }));
    await post(
      `${url}/api/v1/otlp/v1/metrics`,
      { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] },
      signal,
    );
  }
}

/** Fewer than Prometheus answers at most (11,000). */
const pointsAnswered = 10_000;

/** What an expression gave in the past, from `from` to `to` every `step`, all in ms. Throws AskError where it can't be asked. */
export async function rangeQuery(
  url: string,
  query: string,
  { from, to, step }: { from: number; to: number; step: number },
  signal: AbortSignal,
): Promise<DatedSeries[]> {
  const found: DatedSeries[] = [];
  for (let start = from; start <= to; start += pointsAnswered * step) {
    const end = Math.min(to, start + (pointsAnswered - 1) * step);
    const parameters = new URLSearchParams({
      query,
      start: String(start / 1000),
      end: String(end / 1000),
      step: String(step / 1000),
    });
    const answer = await withDeadline(30_000, signal, (within) =>
      askJson<{ data: { result: { metric: Record<string, string>; values: [number, string][] }[] } }>(
        `${url}/api/v1/query_range?${parameters}`,
        within,
      ),
    );
    found.push(
      ...(answer?.data.result ?? []).map(({ metric, values }) => ({
        labels: metric,
        samples: values.map(([time, value]): [number, number] => [Math.round(time * 1000), asNumber(value)]),
      })),
    );
  }
  return found;
}

function asNumber(text: string): number {
  return text === "+Inf" ? Infinity : text === "-Inf" ? -Infinity : Number(text);
}

/** Deletes every series that a selector matches. Throws AskError where it fails. */
export async function deleteSeries(url: string, selector: string, signal: AbortSignal): Promise<void> {
  await post(
    `${url}/api/v1/admin/tsdb/delete_series?match[]=${encodeURIComponent(selector)}`,
    undefined,
    signal,
  );
}

/** The alerts of one rule that are pending or firing. */
export async function alertsOf(url: string, alert: string, signal: AbortSignal): Promise<PendingAlert[]> {
  const answer = await askJson<{ data: { alerts: PendingAlert[] } }>(`${url}/api/v1/alerts`, signal);
  return (answer?.data.alerts ?? []).filter(({ labels }) => labels.alertname === alert);
}

async function post(url: string, body: object | undefined, signal: AbortSignal): Promise<void> {
  const { response, text } = await withDeadline(30_000, signal, async (within) => {
    const response = await fetch(url, {
      method: "POST",
      ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      signal: within,
    });
    return { response, text: await response.text() };
  }).catch((error) => {
    signal.throwIfAborted();
    throw new AskError(explain(error, url));
  });
  if (!response.ok) throw new AskError(`answers ${response.status}${said(text)} at ${url.split("?")[0]}`);
}
