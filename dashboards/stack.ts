import {
  above,
  bars,
  below,
  dashboard,
  firingAlerts,
  promql,
  row,
  section,
  stat,
  timeseries,
} from "./lib/index.js";
import { limits } from "./limits.js";

const rate = (metric: string) => `rate(${metric}[$__rate_interval])`;
const signals = [
  ["traces", "spans"],
  ["metrics", "metric_points"],
  ["logs", "log_records"],
] as const;
/** Lost for good, and refused for a while, of all three kinds: counters that come into being with the first loss. */
const added = (metric: (unit: string) => string, window: string) =>
  signals.map(([, unit]) => `(sum(increase(${metric(unit)}[${window}])) or vector(0))`).join(" + ");
const lost = `${added((unit) => `otelcol_exporter_send_failed_${unit}_total`, "1h")} + ${added((unit) => `otelcol_exporter_enqueue_failed_${unit}_total`, "1h")}`;
const alerts = "Stack.*";
const noTelemetry = "no application sends anything.";

/** Is the stack itself well: does all that is sent arrive, are rules evaluated and people told? */
export const stackHealth = () =>
  dashboard({
    uid: "stack-health",
    title: "Stack health",
    description:
      "Is the stack itself well: does all that is sent arrive, are rules evaluated and people told?",
    alerts,
    rows: [
      row(
        4,
        stat({
          title: "Targets down",
          description: "Programs of the stack, and yours that are scraped, that don't answer.",
          whenRed: "`obs status` says which and why.",
          unit: "count",
          thresholds: above({ critical: 1 }),
          queries: [promql("sum(up == bool 0)")],
        }),
        stat({
          title: "Fullest queue",
          description: "Share of its place on disk that the collector's fullest queue takes.",
          whenRed:
            "The store in the legend below is slow or away; when the queue is full, telemetry is lost.",
          unit: "ratio",
          sparkline: true,
          thresholds: limits.queue,
          queries: [promql("max(otelcol_exporter_queue_size / otelcol_exporter_queue_capacity)")],
        }),
        stat({
          title: "Lost in an hour",
          description: "Spans, samples and log lines that the collector gave up within an hour.",
          whenRed: "`obs logs otel-collector` names the store that refused them, and why.",
          unit: "count",
          thresholds: above({ critical: 1 }),
          queries: [promql(lost)],
        }),
        stat({
          title: "Failing rules",
          description: "Evaluations of rules that failed within an hour: alerts that can't fire.",
          whenRed: "Prometheus' page of rules shows the error: /rules.",
          unit: "count",
          thresholds: above({ critical: 1 }),
          queries: [promql("sum(increase(prometheus_rule_evaluation_failures_total[1h]))")],
        }),
        stat({
          title: "Failed notifications",
          description: "Messages to people that failed within an hour, each attempt counted.",
          whenRed: "People aren't told. `obs drill` shows what a receiver answers.",
          mayBeEmpty: "no receiver is defined.",
          unit: "count",
          thresholds: above({ critical: 1 }),
          queries: [promql("sum(increase(alertmanager_notifications_failed_total[1h]))")],
        }),
        stat({
          title: "History kept",
          description: "How far back metrics reach.",
          whenRed:
            "Less than yesterday: the limit of size cuts it; enlarge `metrics.retentionSize` or record less.",
          unit: "seconds",
          queries: [promql("time() - min(prometheus_tsdb_lowest_timestamp_seconds)")],
        }),
      ),
      row(
        8,
        timeseries({
          title: "Received per second",
          description: "What applications send, before sampling.",
          whenRed: "Flat at zero: check OTEL_EXPORTER_OTLP_ENDPOINT there, then `obs verify`.",
          mayBeEmpty: noTelemetry,
          unit: "perSecond",
          queries: signals.map(([signal, unit]) =>
            promql(`sum(${rate(`otelcol_receiver_accepted_${unit}_total`)})`, signal),
          ),
        }),
        timeseries({
          title: "Queues",
          description: "How full the collector's queues on disk are, by store.",
          whenRed: "Growing: that store is slow or away. It empties by itself when the store is back.",
          unit: "ratio",
          thresholds: limits.queue,
          queries: [
            promql(
              "max by (exporter, data_type) (otelcol_exporter_queue_size / otelcol_exporter_queue_capacity)",
              "{{exporter}} {{data_type}}",
            ),
          ],
        }),
        timeseries({
          title: "Refused or dropped per second",
          description: "Telemetry that was refused for lack of memory, or could not be sent.",
          whenRed: "Refused: give the collector more memory. Not sent: the store's log says why.",
          mayBeEmpty: "nothing was refused.",
          unit: "perSecond",
          thresholds: above({ critical: 1 }),
          queries: [
            ...signals.map(([signal, unit]) =>
              promql(`sum(${rate(`otelcol_receiver_refused_${unit}_total`)})`, `${signal} refused`),
            ),
            ...signals.map(([signal, unit]) =>
              promql(`sum(${rate(`otelcol_exporter_send_failed_${unit}_total`)})`, `${signal} not sent`),
            ),
          ],
        }),
      ),
      row(
        8,
        firingAlerts(alerts),
        timeseries({
          title: "Memory by program",
          description: "Memory that each program of the stack takes.",
          whenRed: "A steady rise: more series, more streams, or a leak. The program is ended at its limit.",
          unit: "bytes",
          queries: [promql("max by (job) (process_resident_memory_bytes)", "{{job}}")],
        }),
        timeseries({
          title: "Series in memory",
          description: "Series that Prometheus keeps open: what its memory goes into.",
          whenRed:
            "A step: a label with ever new values. `obs catalog list` and the page /tsdb-status of Prometheus name it.",
          unit: "count",
          queries: [promql("sum(prometheus_tsdb_head_series)", "series")],
        }),
      ),
    ],
    sections: [
      section(
        "Sampling and stores",
        row(
          8,
          timeseries({
            title: "Traces kept and dropped",
            description: "Decisions of tail sampling per second.",
            whenRed: "Everything kept: all traces fail or are slow. Nothing kept: no traces arrive.",
            mayBeEmpty: noTelemetry,
            unit: "perSecond",
            stacked: true,
            queries: [
              promql(
                `sum by (decision) (${rate("otelcol_processor_tail_sampling_global_count_traces_sampled_total")})`,
                "{{decision}}",
              ),
            ],
          }),
          timeseries({
            title: "Traces decided too early",
            description: "Traces per second that were pushed out of memory before they were complete.",
            whenRed: "Raise `traces.sampling` limits or the collector's memory: failed traces may be lost.",
            mayBeEmpty: noTelemetry,
            unit: "perSecond",
            thresholds: above({ warning: 0.1 }),
            queries: [
              promql(
                `sum(${rate("otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total")})`,
                "traces",
              ),
            ],
          }),
          timeseries({
            title: "Log lines stored per second",
            description: "Lines that Loki took.",
            whenRed: "Nothing while the collector sends: Loki refuses; `obs logs loki`.",
            mayBeEmpty: noTelemetry,
            unit: "perSecond",
            queries: [promql(`sum(${rate("loki_distributor_lines_received_total")})`, "lines")],
          }),
          timeseries({
            title: "Size of the metrics store",
            description: "Blocks of Prometheus on disk, and what was written since the last.",
            whenRed:
              "Faster than usual: more series. It stops at the limit of size, and history gets shorter.",
            unit: "bytes",
            stacked: true,
            queries: [
              promql("sum(prometheus_tsdb_storage_blocks_bytes)", "blocks"),
              promql('sum(prometheus_tsdb_wal_storage_size_bytes{job="prometheus"})', "write-ahead log"),
            ],
          }),
        ),
      ),
      section(
        "Rules and delivery",
        row(
          8,
          bars({
            title: "Slow rule groups",
            description: "Share of its interval that evaluating a group takes, of the ten slowest.",
            whenRed:
              "Above 80 % evaluations are missed: record what its queries have in common, or evaluate it less often.",
            mayBeEmpty: "there are no rules.",
            unit: "ratio",
            max: 1,
            thresholds: above({ warning: 0.5, critical: 0.8 }),
            queries: [
              promql(
                "topk(10, prometheus_rule_group_last_duration_seconds / prometheus_rule_group_interval_seconds)",
                "{{rule_group}}",
              ),
            ],
          }),
          timeseries({
            title: "Notifications per second",
            description: "Messages that Alertmanager sent, by kind of receiver.",
            whenRed:
              "Many at once: group alerts, or one cause has many alerts that an inhibition could silence.",
            mayBeEmpty: "no receiver is defined.",
            unit: "perSecond",
            queries: [
              promql(`sum by (integration) (${rate("alertmanager_notifications_total")})`, "{{integration}}"),
            ],
          }),
          stat({
            title: "Alertmanagers found",
            description: "Alertmanagers that Prometheus sends alerts to.",
            whenRed: "None: no alert reaches anybody. `obs status alertmanager`.",
            unit: "count",
            thresholds: below({ critical: 1 }),
            queries: [promql("max(prometheus_notifications_alertmanagers_discovered)")],
          }),
        ),
      ),
    ],
  });
