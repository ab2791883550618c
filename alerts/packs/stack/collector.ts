import { type AlertCase, alert, type RuleGroupInput } from "obs-stack";
import { num } from "../values.js";
import { by, bySignal, counted, gone } from "./counted.js";

const collector = 'job="otel-collector", instance="otel-collector:8888"';
const exporter = (more = "", name = "otlp_http/loki") => `${collector}, exporter="${name}"${more}`;

/** `queue`: part of a queue that may be in use. */
export function collectorAlerts({ queue }: { queue: number }): RuleGroupInput["rules"] {
  const size = (values: string, name = "otlp_http/loki") => ({
    [`otelcol_exporter_queue_size{${exporter(', data_type="logs"', name)}}`]: values,
    [`otelcol_exporter_queue_capacity{${exporter(', data_type="logs"', name)}}`]: "1000x60",
  });
  const sent = (values: string, name = "otlp_http/loki") => ({
    [`otelcol_exporter_sent_log_records_total{${exporter("", name)}, server_address="127.0.0.1"}`]: values,
  });
  return [
    alert("StackQueueFilling", {
      expr: `otelcol_exporter_queue_size / otelcol_exporter_queue_capacity > ${num(queue)}`,
      for: "5m",
      severity: "warning",
      cause: "collector-queue",
      summary:
        "The collector's queue of {{ $labels.data_type }} to {{ $labels.exporter }} is {{ $value | humanizePercentage }} full",
      description:
        "Its store takes less than comes in, or nothing. Nothing is lost until the queue is full; senders are refused then. Look at the store: `obs status`.",
      cases: [
        {
          kind: "fires",
          name: "just too full for five minutes; another exporter's is empty",
          series: { ...size(`0x2 ${num(queue * 1010)}x20`), ...size("0x30", "otlp_http/prometheus") },
          firing: {
            "7m": false,
            "8m": [{ exporter: "otlp_http/loki", data_type: "logs", severity: "warning" }],
          },
        },
        {
          kind: "quiet",
          name: "just not too full",
          series: size(`${num(queue * 990)}x30`),
          firing: { "20m": false },
        },
        {
          kind: "resolves",
          name: "the store is back and the queue empties",
          series: size("900x10 100x10"),
          firing: { "10m": true, "12m": false },
        },
        { kind: "no data", name: gone, series: size("900x10 stale"), firing: { "10m": true, "12m": false } },
      ],
    }),
    alert("StackQueueFull", {
      expr: bySignal(
        (items) =>
          `sum by (exporter, ${by}) (${counted(`otelcol_exporter_enqueue_failed_${items}`, "5m")}) > 0`,
      ),
      for: "2m",
      severity: "critical",
      cause: "collector-queue",
      summary:
        "The collector's queue to {{ $labels.exporter }} is full: {{ $labels.signal }} are lost or refused",
      description:
        "{{ $value | humanize }} in five minutes. Senders that retry lose nothing yet; metrics made from spans are lost. Bring the store back: `obs status`, `obs logs otel-collector`.",
      cases: failureCases((items) => `otelcol_exporter_enqueue_failed_${items}{${exporter()}}`, {
        firing: { exporter: "otlp_http/loki", severity: "critical" },
        beginsAfter: 2,
      }),
    }),
    alert("StackTelemetryLost", {
      expr: bySignal(
        (items) =>
          `sum by (exporter, ${by}) (${counted(`otelcol_exporter_send_failed_${items}`, "10m")}) > 0`,
      ),
      severity: "critical",
      summary: "The collector has given up {{ $labels.signal }} for {{ $labels.exporter }}",
      description:
        "{{ $value | humanize }} in ten minutes, for good: the store refused them as wrong, or was away for longer than the queue waits. `obs logs otel-collector` has the store's answer.",
      cases: failureCases(
        (items) => `otelcol_exporter_send_failed_${items}{${exporter(', server_address="127.0.0.1"')}}`,
        { firing: { exporter: "otlp_http/loki", severity: "critical" }, beginsAfter: 0 },
      ),
    }),
    alert("StackTelemetryRefused", {
      expr: bySignal(
        (items) => `sum by (receiver, ${by}) (${counted(`otelcol_receiver_refused_${items}`, "5m")}) > 0`,
      ),
      for: "6m",
      severity: "warning",
      summary: "The collector refuses {{ $labels.signal }} that come in over {{ $labels.receiver }}",
      description:
        "Its memory limit is reached or a queue is full, for minutes. Senders retry, then drop. See which: `obs logs otel-collector`, then raise `collector.memoryLimitMiB` or mend the store.",
      cases: failureCases(
        (items) => `otelcol_receiver_refused_${items}{${collector}, receiver="otlp", transport="grpc"}`,
        { firing: { receiver: "otlp", severity: "warning" }, beginsAfter: 6 },
      ),
    }),
    alert("StackExportStalled", {
      expr: `
min_over_time(otelcol_exporter_queue_size[5m]) > 0
unless on (exporter, data_type, ${by}) (
  ${bySignal((items) => `sum by (exporter, ${by}) (rate(otelcol_exporter_sent_${items}[5m])) > 0`, "data_type").replaceAll("\n", "\n  ")}
)`,
      for: "5m",
      severity: "warning",
      cause: "collector-queue",
      summary: "The collector can't get rid of {{ $labels.data_type }}: {{ $labels.exporter }} takes nothing",
      description:
        "{{ $value | humanize }} wait, none has been taken for minutes. They are kept on disk. Is the store up, and what does it answer? `obs status`, `obs logs otel-collector`.",
      cases: [
        {
          kind: "fires",
          name: "data waits and none is sent; another exporter goes on",
          series: {
            ...size("3x30"),
            ...sent("500x30"),
            ...size("3x30", "otlp_http/other"),
            ...sent("0+60x30", "otlp_http/other"),
          },
          firing: {
            "4m": false,
            "6m": [{ exporter: "otlp_http/loki", data_type: "logs", severity: "warning" }],
          },
        },
        {
          kind: "fires",
          name: "it has never sent anything: there is no count of that; what goes out of another signal doesn't help",
          series: {
            ...size("1x30"),
            [`otelcol_exporter_sent_spans_total{${exporter()}}`]: "0+60x30",
            [`otelcol_exporter_sent_metric_points_total{${exporter()}}`]: "0+60x30",
          },
          firing: { "6m": true },
        },
        {
          kind: "fires",
          name: "it stops after a good time: five minutes later",
          series: { ...size("0x20 1+1x30"), ...sent("0+60x20 1200x30") },
          firing: { "25m": false, "31m": true },
        },
        {
          kind: "quiet",
          name: "much waits but some of it goes out, of every signal",
          series: {
            ...size("900x30"),
            ...sent("0+1x30"),
            [`otelcol_exporter_queue_size{${exporter(', data_type="traces"', "otlp_grpc/tempo")}}`]: "5x30",
            [`otelcol_exporter_sent_spans_total{${exporter("", "otlp_grpc/tempo")}}`]: "0+1x30",
            [`otelcol_exporter_queue_size{${exporter(', data_type="metrics"', "otlp_http/prometheus")}}`]:
              "5x30",
            [`otelcol_exporter_sent_metric_points_total{${exporter("", "otlp_http/prometheus")}}`]: "0+1x30",
          },
          firing: { "6m": false, "20m": false },
        },
        {
          kind: "quiet",
          name: "nothing is sent because nothing comes; now and then something waits for a moment",
          series: { ...size(`${Array.from({ length: 8 }, () => "0 0 0 4").join(" ")}`), ...sent("500x30") },
          firing: { "10m": false, "20m": false },
        },
        {
          kind: "resolves",
          name: "the store takes data again",
          series: { ...size("3x20 0x10"), ...sent("500x20 500+60x10") },
          firing: { "20m": true, "22m": false },
        },
        {
          kind: "no data",
          name: gone,
          series: { ...size("3x20 stale"), ...sent("500x20 stale") },
          firing: { "20m": true, "27m": false },
        },
      ],
    }),
    alert("StackSamplingOverflow", {
      expr: `sum by (${by}) (${counted("otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total", "5m")}) > 0`,
      for: "6m",
      severity: "warning",
      summary: "The collector drops traces before it has decided about them",
      description:
        "{{ $value | humanize }} in five minutes: more traces are open than it may hold, also failed and slow ones. Raise `traces.sampling.maxTraces`, or shorten `decisionWait`.",
      cases: oneCounter(
        `otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total{${collector}}`,
        {
          beginsAfter: 6,
          firing: { job: "otel-collector", severity: "warning" },
        },
      ),
    }),
  ];
}

interface Failures {
  /** Labels of the alert. */
  firing: Record<string, string>;
  /** The rule's `for`, in minutes. */
  beginsAfter: number;
}

/** Cases of an alert about three counters, one a signal. */
function failureCases(of: (items: string) => string, { firing, beginsAfter }: Failures): AlertCase[] {
  const [spans, points, records] = ["spans_total", "metric_points_total", "log_records_total"].map(of) as [
    string,
    string,
    string,
  ];
  return [
    {
      kind: "fires",
      name: "each signal for itself",
      series: { [spans]: "0+1x30", [points]: "0+1x30", [records]: "0+1x30" },
      firing: {
        "20m": [
          { ...firing, signal: "traces" },
          { ...firing, signal: "metrics" },
          { ...firing, signal: "logs" },
        ],
      },
    },
    ...[
      [spans, "traces"],
      [points, "metrics"],
    ].map(
      ([series, signal]): AlertCase => ({
        kind: "fires",
        name: `only ${signal}, which counted nothing before`,
        series: { [series!]: `_x5 ${beginsAfter > 0 ? "3+1x30" : "3x30"}` },
        firing: { "4m": false, [`${6 + beginsAfter}m`]: [{ ...firing, signal: signal! }] },
      }),
    ),
    ...oneCounter(records, { firing: { ...firing, signal: "logs" }, beginsAfter }),
  ];
}

/** Cases of an alert about a counter of failures that comes into being with the first. */
export function oneCounter(series: string, { firing, beginsAfter }: Failures): AlertCase[] {
  return [
    {
      kind: "fires",
      name: "the first failures make the series",
      series: { [series]: "_x10 3+3x30" },
      firing: {
        "9m": false,
        ...(beginsAfter > 0 && { [`${9 + beginsAfter}m`]: false }),
        [`${11 + beginsAfter}m`]: [firing],
      },
    },
    {
      kind: "fires",
      name: "one more in a series of long ago",
      series: { [series]: "7x80 8+1x30" },
      firing: { "80m": false, [`${82 + beginsAfter}m`]: [firing] },
    },
    {
      kind: "quiet",
      name: "those of long ago",
      series: { [series]: "7x200" },
      firing: { "30m": false, "2h": false },
    },
    {
      kind: "resolves",
      name: "no more of them",
      series: { [series]: "_x5 1+1x20 21x40" },
      firing: { "20m": [firing], "40m": false },
    },
    {
      kind: "no data",
      name: "there is no count while nothing has failed",
      series: { 'up{job="otel-collector"}': "1x30" },
      firing: { "20m": false },
    },
  ];
}
