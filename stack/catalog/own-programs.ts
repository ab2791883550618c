import { packageVersion } from "../package-root.js";
import { serviceNames, spanMetricsNamespaces } from "../services/names.js";
import type { ServiceName } from "../services/service.js";
import { verifyService } from "../verify/payload.js";
import { versions } from "../versions.js";
import type { PrometheusApi } from "./prometheus-api.js";
import { record } from "./record.js";
import type { Recording } from "./recording.js";

/** Who sends the telemetry that is played, and whose metrics stand for any application's. */
export const played = { namespace: "obs", service: "obs-catalog" } as const;

/** The label `job` that Prometheus makes of that. */
export const playedJob = `${played.namespace}/${played.service}`;

/** Version of what a service runs, as versions.ts has it. */
const versionOf: Record<ServiceName, string> = {
  "otel-collector": versions.otelcol,
  prometheus: versions.prometheus,
  alertmanager: versions.alertmanager,
  loki: versions.loki,
  tempo: versions.tempo,
  jaeger: versions.jaeger,
  grafana: versions.grafana,
  "node-exporter": versions.nodeExporter,
  postgres: versions.postgres,
  "llm-ledger": packageVersion,
  preview: packageVersion,
};

/** Programs whose metrics depend on the machine: its disks, network cards, sensors, kernel. */
export const machineDependent: ReadonlySet<string> = new Set(["node-exporter"] satisfies ServiceName[]);

const spanMetricNames = new RegExp(
  `^(?:${Object.values(spanMetricsNamespaces)
    .map((name) => name.replaceAll(".", "_"))
    .join("|")})_`,
);

/** Whether a series is made by the collector from spans. */
export function isSpanMetric(name: string): boolean {
  return spanMetricNames.test(name);
}

/**
 * Records the stack's own programs, as far as they run, and what the collector and Prometheus make of an application's
 * telemetry. By name of file, without its ending.
 */
export async function recordOwnPrograms(api: PrometheusApi): Promise<Map<string, Recording>> {
  const running = new Set(await api.jobs());
  const recordings = new Map<string, Recording>();
  for (const name of serviceNames) {
    if (!running.has(name)) continue;
    recordings.set(name, await record({ api, program: name, version: versionOf[name], jobs: [name] }));
  }
  if (running.has(verifyService)) {
    recordings.set(
      verifyService,
      await record({
        api,
        program: "obs verify",
        note: "What `obs verify` sends.",
        jobs: [verifyService],
        wanted: (name) => !isSpanMetric(name) && name !== "target_info",
      }),
    );
  }
  if (running.has(playedJob)) {
    recordings.set(
      "span-metrics",
      await record({
        api,
        program: "span metrics",
        version: versions.otelcol,
        note: "Made by the collector from the spans of every application.",
        jobs: [playedJob],
        anyJob: true,
        wanted: isSpanMetric,
      }),
    );
    recordings.set(
      "applications",
      await record({
        api,
        program: "applications",
        note: "What Prometheus makes of the metrics of OpenTelemetry's semantic conventions; which of them come depends on the instrumentations in use.",
        jobs: [playedJob],
        anyJob: true,
        openLabels: true,
        wanted: (name) => !isSpanMetric(name),
      }),
    );
  }
  return recordings;
}
