import { type AlertCase, alert, type RuleGroupInput } from "obs-stack";
import { num } from "../values.js";
import { by, bySignal, counted, counterCases, countersBySignal, gone, program } from "./counted.js";

const collector = program("otel-collector");
const exporter = (more = "", name = "otlp_http/loki") => `${collector.matchers}, exporter="${name}"${more}`;

/** `queue`: part of a queue that may be in use. */
export function collectorAlerts({ queue }: { queue: number }): RuleGroupInput["rules"] {
  const size = (values: string, name = "otlp_http/loki") => ({
    [`otelcol_exporter_queue_size{${exporter(', data_type="logs"', name)}}`]: values,
    [`otelcol_exporter_queue_capacity{${exporter(', data_type="logs"', name)}}`]: "1000x60",
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
        "The collector's queue to {{ $labels.exporter }} is full: {{ $labels.data_type }} are lost or refused",
      description:
        "{{ $value | humanize }} in five minutes. Senders that retry lose nothing yet; metrics made from spans are lost. Bring the store back: `obs status`, `obs logs otel-collector`.",
      cases: counterCases(
        countersBySignal((items) => `otelcol_exporter_enqueue_failed_${items}{${exporter()}}`, {
          ...collector.labels,
          exporter: "otlp_http/loki",
          severity: "critical",
        }),
        { window: 5, for: 2, first: true },
      ),
    }),
    alert("StackTelemetryLost", {
      expr: bySignal(
        (items) =>
          `sum by (exporter, ${by}) (${counted(`otelcol_exporter_send_failed_${items}`, "10m")}) > 0`,
      ),
      severity: "critical",
      summary: "The collector has given up {{ $labels.data_type }} for {{ $labels.exporter }}",
      description:
        "{{ $value | humanize }} in ten minutes, for good: the store refused them as wrong, or was away for longer than the queue waits. `obs logs otel-collector` has the store's answer.",
      cases: counterCases(
        countersBySignal(
          (items) => `otelcol_exporter_send_failed_${items}{${exporter(', server_address="127.0.0.1"')}}`,
          { ...collector.labels, exporter: "otlp_http/loki", severity: "critical" },
        ),
        { window: 10, for: 0, first: true },
      ),
    }),
    alert("StackTelemetryRefused", {
      expr: bySignal(
        (items) => `sum by (receiver, ${by}) (increase(otelcol_receiver_refused_${items}[5m])) > 0`,
      ),
      for: "6m",
      severity: "warning",
      summary: "The collector refuses {{ $labels.data_type }} that come in over {{ $labels.receiver }}",
      description:
        "Its memory limit is reached or a queue is full, for minutes. Senders retry, then drop. See which: `obs logs otel-collector`, then raise `collector.memoryLimitMiB` or mend the store.",
      cases: counterCases(
        countersBySignal(
          (items) =>
            `otelcol_receiver_refused_${items}{${collector.matchers}, receiver="otlp", transport="grpc"}`,
          { ...collector.labels, receiver: "otlp", severity: "warning" },
        ),
        { window: 5, for: 6 },
      ),
    }),
    alert("StackExportStalled", {
      expr: `
min_over_time(otelcol_exporter_queue_size[5m]) > 0
unless on (exporter, data_type, instance) (
  ${bySignal((items) => `sum by (exporter, instance) (rate(otelcol_exporter_sent_${items}[5m])) > 0`).replaceAll("\n", "\n  ")}
)`,
      for: "5m",
      severity: "warning",
      cause: "collector-queue",
      summary: "The collector can't get rid of {{ $labels.data_type }}: {{ $labels.exporter }} takes nothing",
      description:
        "{{ $value | humanize }} wait, none has been taken for minutes. They are kept on disk. Is the store up, and what does it answer? `obs status`, `obs logs otel-collector`.",
      cases: stalledCases(),
    }),
    alert("StackSamplingOverflow", {
      expr: `sum by (${by}) (increase(otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total[5m])) > 0`,
      for: "6m",
      severity: "warning",
      summary: "The collector drops traces before it has decided about them",
      description:
        "{{ $value | humanize }} in five minutes: more traces are open than it may hold, also failed and slow ones. Raise `traces.sampling.maxTraces`, or shorten `decisionWait`.",
      cases: counterCases(
        [
          {
            series: `otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total{${collector.matchers}}`,
            firing: { ...collector.labels, severity: "warning" },
          },
        ],
        { window: 5, for: 6 },
      ),
    }),
  ];
}

function stalledCases(): AlertCase[] {
  const waits = (
    values: string,
    signal = "logs",
    name = "otlp_http/loki",
    instance = "otel-collector:1",
  ) => ({
    [`otelcol_exporter_queue_size{job="otel-collector", instance="${instance}", exporter="${name}", data_type="${signal}"}`]:
      values,
  });
  const sent = (
    values: string,
    items = "log_records",
    name = "otlp_http/loki",
    instance = "otel-collector:1",
  ) => ({
    [`otelcol_exporter_sent_${items}_total{job="otel-collector", instance="${instance}", exporter="${name}", server_address="127.0.0.1"}`]:
      values,
  });
  const signals = [
    ["traces", "spans"],
    ["metrics", "metric_points"],
    ["logs", "log_records"],
  ] as const;
  const seldom = Array.from({ length: 60 }, (_, minute) => 100 + Math.floor(minute / 3)).join(" ");
  return [
    ...signals.flatMap(([signal, items]): AlertCase[] => [
      {
        kind: "fires",
        name: `${signal}: none goes out any more, for ten minutes; another exporter and another collector go on`,
        series: {
          ...waits("3x60", signal),
          ...sent("0+60x20 1200x40", items),
          ...waits("3x60", signal, "otlp_http/other"),
          ...sent("0+60x60", items, "otlp_http/other"),
          ...waits("3x60", signal, "otlp_http/loki", "otel-collector:2"),
          ...sent("0+60x60", items, "otlp_http/loki", "otel-collector:2"),
        },
        firing: {
          "28m": false,
          "31m": [
            {
              exporter: "otlp_http/loki",
              data_type: signal,
              instance: "otel-collector:1",
              severity: "warning",
            },
          ],
        },
      },
      {
        kind: "fires",
        name: `${signal}: it has never sent any, there is no count; what goes out of others doesn't help`,
        series: {
          ...waits("1x30", signal),
          ...Object.assign(
            {},
            ...signals.filter(([other]) => other !== signal).map(([, other]) => sent("0+60x30", other)),
          ),
        },
        firing: { "4m": false, "6m": [{ data_type: signal }] },
      },
      {
        kind: "quiet",
        name: `${signal}: much waits but now and then some goes out`,
        series: { ...waits("900x60", signal), ...sent(seldom, items) },
        firing: { "20m": false, "40m": false, "41m": false, "42m": false },
      },
    ]),
    {
      kind: "quiet",
      name: "nothing is sent because nothing comes; something waits for some minutes at a time",
      series: {
        ...waits(Array.from({ length: 8 }, () => "0 4 4 4 4 4 4 4 4").join(" ")),
        ...sent("500x80"),
      },
      firing: Object.fromEntries([17, 25, 26, 34, 35, 36, 44].map((minute) => [`${minute}m`, false])),
    },
    {
      kind: "resolves",
      name: "the store takes data again",
      series: { ...waits("3x20 0x10"), ...sent("500x20 500+60x10") },
      firing: { "20m": true, "22m": false },
    },
    {
      kind: "no data",
      name: gone,
      series: { ...waits("3x20 stale"), ...sent("500x20 stale") },
      firing: { "20m": true, "27m": false },
    },
  ];
}
