import type { SeriesWorld } from "../catalog/world.js";

/**
 * How a series behaves, by the conventions of its name; undefined where the name doesn't tell for sure.
 * Counters end in _total, the series of histograms in _bucket: https://prometheus.io/docs/practices/naming/ and OpenMetrics.
 * `_count` and `_sum` are counters where they belong to a histogram, which the name alone doesn't say.
 * Names with colons are recorded, by a rule that may have done anything to them.
 */
export function metricKind(name: string | undefined): "counter" | "gauge" | undefined {
  if (name === undefined || name.includes(":")) return undefined;
  if (/_(?:total|bucket)$/.test(name)) return "counter";
  return gauges.test(name) ? "gauge" : undefined;
}

/** What can go down or stands for a moment, a state or a share: not a sum of events. */
const gauges =
  /(?:^|_)(?:up|info|ratio|percent|celsius|temperature|usage_bytes|used_bytes|free_bytes|avail_bytes|available_bytes|size_bytes|limit_bytes|timestamp_seconds|start_time_seconds|queue_(?:length|size|depth)|open_fds|max_fds|in_flight|inflight|goroutines|threads|load1|load5|load15)$/;

/** The same where it is known which series there are: what was recorded of a metric goes before its name. */
export function kindIn(
  world: SeriesWorld | undefined,
  name: string | undefined,
): "counter" | "gauge" | undefined {
  const behaves = name === undefined ? undefined : world?.catalog.find(name)?.behaves;
  return behaves === undefined || behaves === "unknown" ? metricKind(name) : behaves;
}
