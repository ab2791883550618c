import type { Recording } from "./recording.js";

/** Series that Prometheus itself makes for every scrape target and every alert, whatever the programs expose. */
export const synthetic: readonly Recording[] = [
  {
    program: "prometheus (per target)",
    state: "declared",
    labels: ["deployment_environment_name", "instance", "job"],
    // Labels of the user's own targets are on them, too.
    openLabels: true,
    metrics: {
      up: gauge("1 if the target answered its last scrape, else 0."),
      scrape_duration_seconds: gauge("How long the last scrape took."),
      scrape_samples_scraped: gauge("Samples that the target exposed."),
      scrape_samples_post_metric_relabeling: gauge("Samples that were left after relabelling."),
      scrape_series_added: gauge("Roughly how many series were new in this scrape."),
      scrape_timeout_seconds: gauge("The target's scrape time-out; with the feature extra-scrape-metrics."),
      scrape_sample_limit: gauge("The target's sample limit; with the feature extra-scrape-metrics."),
      scrape_body_size_bytes: gauge("Size of the last answer; with the feature extra-scrape-metrics."),
    },
  },
  {
    program: "prometheus (per alert)",
    state: "declared",
    labels: ["alertname"],
    openLabels: true,
    metrics: {
      ALERTS: { type: "gauge", help: "1 for every pending or firing alert.", labels: ["alertstate"] },
      ALERTS_FOR_STATE: gauge("Unix time at which an alert became active."),
    },
  },
];

/** Whether a series is one that every scrape target has, and nothing else. */
export function isPerTarget(name: string): boolean {
  return Object.hasOwn(synthetic[0]!.metrics, name);
}

/** Whether a series' name is one of these. */
export function isSynthetic(name: string): boolean {
  return synthetic.some(({ metrics }) => Object.hasOwn(metrics, name));
}

function gauge(help: string): Recording["metrics"][string] {
  return { type: "gauge", help, labels: [] };
}
