import { type AlertCase, alert, type RuleGroupInput } from "obs-stack";
import { above, below, num } from "../values.js";
import type { Thresholds } from "./index.js";
import { by } from "./records.js";

/** Seconds of the window of the records. */
const window = 300;

/** A service's requests a minute, far above the minimum. */
const busy = (minimum: number) => Math.max(1000, minimum);

export function serviceAlerts(thresholds: Thresholds): RuleGroupInput["rules"] {
  const { latency, errors, minimum, services } = thresholds;
  const enough = `service:requests:rate5m * ${window} >= ${num(minimum)}`;
  const others = services.map(({ service }) => service);
  return [
    alert("ServiceLatencyHigh", {
      expr: `
(
  ${[
    `service:request_duration_seconds:p99_5m${allBut(others)} > ${num(latency)}
    unless on (${by}) label_replace(traces_span_metrics_calls_total{gen_ai_operation_name!=""}, "service", "$1", "service_name", "(.*)")`,
    ...services.map(
      (own) => `service:request_duration_seconds:p99_5m${only(own.service)} > ${num(own.latency)}`,
    ),
  ].join("\n  or\n  ")}
)
and on (${by}) ${enough}`,
      for: "5m",
      severity: "warning",
      summary:
        "{{ $labels.service }} is slow: one request of a hundred takes more than {{ $value | humanizeDuration }}",
      description:
        "Measured over five minutes, for five minutes. Look which route it is, then at a slow trace of it: what it waits for is the cause.",
      cases: latencyCases(thresholds),
    }),
    alert("ServiceErrorsHigh", {
      expr: `
(
  ${[
    `service:request_errors:rate5m${allBut(others)} / service:requests:rate5m > ${num(errors)}`,
    ...services.map(
      (own) =>
        `service:request_errors:rate5m${only(own.service)} / service:requests:rate5m > ${num(own.errors)}`,
    ),
  ].join("\n  or\n  ")}
)
and on (${by}) ${enough}`,
      for: "2m",
      severity: "critical",
      summary: "{{ $value | humanizePercentage }} of the requests to {{ $labels.service }} fail",
      description:
        "Somebody sees errors now. Was something deployed in the minute it began? Take that back first. Then: which route, and what a failed trace says.",
      cases: errorCases(thresholds),
    }),
    alert("ServiceTrafficGone", {
      // Steady: for a whole hour, from two hours ago on, there was never less than a request in five seconds.
      expr: `
(
  min_over_time(service:requests:rate5m[1h] offset 1h) > 0.2
  and service:requests:rate5m offset 2h > 0
)
unless service:requests:rate5m >= 0.1 * avg_over_time(service:requests:rate5m[1h] offset 1h)`,
      for: "10m",
      severity: "warning",
      summary:
        "{{ $labels.service }} gets hardly any requests, after at least {{ $value | humanize }} a second before",
      description:
        "Less than a tenth of what was usual an hour ago. Either nobody can reach it (DNS, load balancer, callers that fail) or it no longer reports. Ends by itself when an hour has passed.",
      cases: trafficCases(),
    }),
    alert("ServiceRequestsPilingUp", {
      expr: `
service:active_requests:sum > 20
and service:active_requests:sum > 4 * avg_over_time(service:active_requests:sum[1d] offset 15m)`,
      for: "5m",
      severity: "warning",
      summary:
        "{{ $labels.service }} works on {{ $value | humanize }} requests at once, four times what is usual",
      description:
        "Requests come faster than they are finished: something it waits for is slow, or there is much more traffic. Look at its latency and at what it calls.",
      cases: pilingCases(),
    }),
    alert("ServiceProcessSaturated", {
      expr: `
${[
  ["processor", "sum without (cpu_mode) (process_cpu_utilization_ratio)"],
  ["event loop", "nodejs_eventloop_utilization_ratio"],
  [
    "heap",
    `sum without (v8js_heap_space_name) (v8js_memory_heap_used_bytes)
    / on (job, instance, deployment_environment_name)
    sum without (v8js_heap_space_name) (v8js_memory_heap_limit_bytes)`,
  ],
]
  .map(([resource, expr]) => `label_replace(\n  ${expr} > 0.9,\n  "resource", "${resource}", "", ""\n)`)
  .join("\nor\n")}`,
      for: "10m",
      severity: "warning",
      summary: "{{ $labels.job }} uses {{ $value | humanizePercentage }} of its {{ $labels.resource }}",
      description:
        "Instance {{ $labels.instance }}, for ten minutes. Requests wait, and with a full heap the process will end. Add replicas or find what keeps it busy.",
      cases: saturationCases(),
    }),
  ];
}

function allBut(services: readonly string[]): string {
  if (services.length === 0) return "";
  const names = services.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return `{service!~${JSON.stringify(names.join("|"))}}`;
}

function only(service: string): string {
  return `{service=${JSON.stringify(service)}}`;
}

/** `service.name` that no user's thresholds name. */
const name = "checkout-of-the-cases";
const labels = (service = name, environment = "production") =>
  `service_name=${JSON.stringify(service)}, deployment_environment_name="${environment}", span_kind="SPAN_KIND_SERVER"`;

function latencyCases({ latency, minimum, services }: Thresholds): AlertCase[] {
  /** Requests a minute, so many of a thousand of them slower than the threshold; then as many steps without a slow one. */
  const requests = (
    slow: number,
    {
      service = name,
      environment = "production",
      a = busy(minimum),
      threshold = latency,
      after = 0,
      end = "",
    } = {},
  ) => {
    const series = (part: number) =>
      `0+${num(a * part)}x30${after ? ` ${num(a * part * 30 + a)}+${num(a)}x${after}` : ""}${end}`;
    const bucket = `traces_span_metrics_duration_seconds_bucket{${labels(service, environment)}`;
    return {
      [`${bucket}, le="${num(threshold)}"}`]: series(1 - slow / 1000),
      [`${bucket}, le="${num(threshold * 2)}"}`]: series(1),
      [`${bucket}, le="+Inf"}`]: series(1),
      [`traces_span_metrics_calls_total{${labels(service, environment)}}`]: series(1),
    };
  };
  const model = (service: string) => ({
    [`traces_span_metrics_calls_total{service_name=${JSON.stringify(service)}, deployment_environment_name="production", span_kind="SPAN_KIND_CLIENT", gen_ai_operation_name="chat"}`]:
      "0+60x40",
  });
  return [
    {
      kind: "fires",
      name: "just more than one request of a hundred is slow, for five minutes",
      series: requests(10.5),
      firing: {
        "5m": false,
        "8m": [{ service: name, deployment_environment_name: "production", severity: "warning" }],
      },
    },
    {
      kind: "fires",
      name: "only one has just enough requests, is slow and calls no model",
      series: {
        ...requests(100, { a: Math.ceil(minimum / 5) + 1 }),
        ...requests(9, { service: `${name}-too` }),
        ...requests(100, { environment: "staging", a: (minimum / 5) * 0.98 }),
        ...requests(100, { service: `${name}-three`, a: (minimum / 5) * 0.98 }),
        ...requests(100, { service: `${name}-model`, a: busy(minimum) }),
        ...model(`${name}-model`),
      },
      firing: { "20m": [{ service: name }] },
    },
    {
      kind: "quiet",
      name: "just less than one request of a hundred is slow",
      series: requests(9.5),
      firing: { "20m": false },
    },
    {
      kind: "quiet",
      name: "just too few requests to tell",
      series: requests(100, { a: Math.max(0, (minimum / 5) * 0.98) }),
      firing: { "20m": false },
    },
    {
      kind: "quiet",
      name: "a service that calls a model, and waits for it",
      series: {
        ...requests(500, { threshold: Math.max(latency, ...services.map((own) => own.latency)) }),
        ...model(name),
      },
      firing: { "20m": false },
    },
    {
      kind: "fires",
      name: "a service that calls a model only in another environment",
      series: { ...requests(500, { environment: "staging" }), ...model(name) },
      firing: { "20m": [{ deployment_environment_name: "staging" }] },
    },
    ...services.flatMap(({ service, latency: threshold }): AlertCase[] => [
      {
        kind: "fires",
        name: `${service} is just slower than what holds for it, whether it calls a model or not`,
        series: { ...requests(10.5, { service, threshold }), ...model(service) },
        firing: { "20m": [{ service }] },
      },
      {
        kind: "quiet",
        name: `${service} is just fast enough`,
        series: requests(9.5, { service, threshold }),
        firing: { "20m": false },
      },
    ]),
    {
      kind: "resolves",
      name: "it is fast again",
      series: requests(200, { after: 10 }),
      firing: { "30m": true, "37m": false },
    },
    {
      kind: "no data",
      name: "the service no longer reports: ServiceTrafficGone tells",
      series: requests(200, { end: " stale" }),
      firing: { "30m": true, "37m": false },
    },
  ];
}

function errorCases({ errors, minimum, services }: Thresholds): AlertCase[] {
  const requests = (
    ratio: number,
    { service = name, environment = "production", a = busy(minimum), after = 0, end = "" } = {},
  ) => {
    const series = (part: number, later: number) =>
      `0+${num(a * part)}x30${after ? ` ${num(a * part * 30 + a * later)}+${num(a * later)}x${after}` : ""}${end}`;
    const calls = `traces_span_metrics_calls_total{${labels(service, environment)}`;
    return {
      [`${calls}, status_code="STATUS_CODE_UNSET"}`]: series(1 - ratio, 1),
      ...(ratio > 0 && { [`${calls}, status_code="STATUS_CODE_ERROR"}`]: series(ratio, 0) }),
    };
  };
  const more = Number(above(errors));
  const less = Number(below(errors));
  return [
    {
      kind: "fires",
      name: "just too many fail, for two minutes",
      series: requests(more),
      firing: {
        "2m": false,
        "4m": [{ service: name, deployment_environment_name: "production", severity: "critical" }],
      },
    },
    {
      kind: "fires",
      name: "all fail, there is no series of successes; another service has no series of failures",
      series: { ...requests(1), ...requests(0, { service: `${name}-too` }) },
      firing: { "20m": [{ service: name }] },
    },
    {
      kind: "fires",
      name: "one of two services fails, with just enough requests",
      series: {
        ...requests(0.5, { a: Math.ceil(minimum / 5) + 1 }),
        ...requests(less, { service: `${name}-too` }),
        ...requests(0.5, { environment: "staging", a: (minimum / 5) * 0.98 }),
        ...requests(0.5, { service: `${name}-three`, a: (minimum / 5) * 0.98 }),
      },
      firing: { "20m": [{ service: name }] },
    },
    { kind: "quiet", name: "just few enough fail", series: requests(less), firing: { "20m": false } },
    {
      kind: "quiet",
      name: "just too few requests to tell",
      series: requests(0.5, { a: (minimum / 5) * 0.98 }),
      firing: { "20m": false },
    },
    ...services.flatMap(({ service, errors: own }): AlertCase[] => [
      {
        kind: "fires",
        name: `just more requests to ${service} fail than what holds for it`,
        series: requests(Number(above(own)), { service }),
        firing: { "20m": [{ service }] },
      },
      {
        kind: "quiet",
        name: `just few enough of ${service} fail`,
        series: requests(Number(below(own)), { service }),
        firing: { "20m": false },
      },
    ]),
    {
      kind: "resolves",
      name: "none fails any more",
      series: requests(Math.min(1, errors * 2), { after: 10 }),
      firing: { "30m": true, "36m": false },
    },
    {
      kind: "no data",
      name: "the service no longer reports: ServiceTrafficGone tells",
      series: requests(Math.min(1, errors * 2), { end: " stale" }),
      firing: { "30m": true, "37m": false },
    },
  ];
}

/** In steps of five minutes: requests a second as the record has them. */
function trafficCases(): AlertCase[] {
  const rate = (values: string, service = name) => ({
    [`service:requests:rate5m{service="${service}", deployment_environment_name="production"}`]: values,
  });
  const at = "5m";
  return [
    {
      kind: "fires",
      name: "just less than a tenth of what was usual, after ten minutes; the other service goes on",
      series: { ...rate("10x30 0.99x20"), ...rate("10x60", `${name}-too`) },
      interval: at,
      firing: { "2h40m": false, "2h45m": [{ service: name, severity: "warning" }], "3h25m": true },
    },
    {
      kind: "fires",
      name: "its series vanishes",
      series: rate("10x30 stale"),
      interval: at,
      firing: { "2h45m": true },
    },
    {
      kind: "fires",
      name: "never less than just above what counts as steady, then nothing",
      series: rate("0.21x30 0x20"),
      interval: at,
      firing: { "2h50m": true },
    },
    {
      kind: "fires",
      name: "it is steady since two hours and a half, after a quiet hour",
      series: rate("0x11 10x30 0.99x20"),
      interval: at,
      firing: { "3h50m": true },
    },
    {
      kind: "quiet",
      name: "a tenth of the hour's average is left, though less than a tenth of its end",
      series: rate("5x18 15x13 1.1x20"),
      interval: at,
      firing: { "3h": false, "3h5m": false },
    },
    {
      kind: "quiet",
      name: "just more than a tenth is left",
      series: rate("10x30 1.01x20"),
      interval: at,
      firing: { "2h50m": false, "3h20m": false },
    },
    {
      kind: "quiet",
      name: "traffic that was not steady: below the least, and with a pause",
      series: { ...rate("0.2x30 0x20"), ...rate("10x20 0 10x9 0x20", `${name}-too`) },
      interval: at,
      firing: { "2h50m": false, "3h20m": false },
    },
    {
      kind: "quiet",
      name: "a job that ran for half an hour",
      series: rate("_x18 10x6 stale"),
      interval: at,
      firing: { "2h45m": false, "2h55m": false, "3h5m": false, "3h20m": false },
    },
    {
      kind: "quiet",
      name: "a deploy of five minutes",
      series: rate("10x30 0 10x20"),
      interval: at,
      firing: { "2h35m": false, "2h40m": false, "2h45m": false },
    },
    {
      kind: "resolves",
      name: "requests come again",
      series: rate("10x30 0x4 10x20"),
      interval: at,
      firing: { "2h50m": true, "3h": false },
    },
    {
      kind: "no data",
      name: "gone for more than an hour: it has been told, and ends",
      series: rate("10x30 stale"),
      interval: at,
      firing: { "3h20m": true, "4h40m": false },
    },
  ];
}

function pilingCases(): AlertCase[] {
  const active = (values: string) => ({
    'http_server_active_requests{job="shop/checkout", instance="a", deployment_environment_name="production"}':
      values,
  });
  return [
    {
      kind: "fires",
      name: "just more than four times what is usual, for five minutes",
      series: active("6x60 24.3x10"),
      firing: { "65m": false, "66m": [{ service: "checkout", severity: "warning" }] },
    },
    {
      kind: "fires",
      name: "just more than twenty where one is usual",
      series: active("1x60 20.2x20"),
      firing: { "70m": true },
    },
    {
      kind: "fires",
      name: "much for the last day, though not for the last hours, nor for the days before",
      series: active("100x48 1x31 20x16 40x5"),
      interval: "30m",
      firing: { "50h": true },
    },
    {
      kind: "quiet",
      name: "just less than four times what is usual",
      series: active("6x60 23.7x20"),
      firing: { "70m": false },
    },
    {
      kind: "quiet",
      name: "many times what is usual, but still only twenty",
      series: active("1x60 20x20"),
      firing: { "70m": false },
    },
    {
      kind: "quiet",
      name: "four bad minutes, and a service that is new",
      series: {
        ...active("6x60 60x3 6x20"),
        'http_server_active_requests{job="new"}': "_x60 100x10",
      },
      firing: { "63m": false, "64m": false, "66m": false, "70m": false },
    },
    {
      kind: "resolves",
      name: "they are worked off",
      series: active("6x60 60x10 6x10"),
      firing: { "70m": true, "72m": false },
    },
    {
      kind: "no data",
      name: "the service no longer reports: ServiceTrafficGone tells",
      series: active("6x60 60x10 stale"),
      firing: { "70m": true, "72m": false },
    },
  ];
}

function saturationCases(): AlertCase[] {
  const of = (metric: string, more = "", instance = "a") =>
    `${metric}{job="shop/checkout", deployment_environment_name="production", instance="${instance}"${more}}`;
  const heap = (used: string) => ({
    [of("v8js_memory_heap_used_bytes", ', v8js_heap_space_name="old"')]: used,
    [of("v8js_memory_heap_limit_bytes", ', v8js_heap_space_name="old"')]: "100x40",
    [of("v8js_memory_heap_used_bytes", ', v8js_heap_space_name="new"')]: "0x40",
  });
  return [
    {
      kind: "fires",
      name: "its processors, just too much for ten minutes: both modes count",
      series: {
        [of("process_cpu_utilization_ratio", ', cpu_mode="user"')]: "0.1x2 0.81x30",
        [of("process_cpu_utilization_ratio", ', cpu_mode="system"')]: "0.1x30",
        [of("process_cpu_utilization_ratio", "", "b")]: "0.2x30",
      },
      firing: { "12m": false, "13m": [{ instance: "a", resource: "processor", severity: "warning" }] },
      annotations: { summary: "shop/checkout uses 91% of its processor" },
    },
    {
      kind: "fires",
      name: "its event loop and its heap",
      series: { [of("nodejs_eventloop_utilization_ratio")]: "0.91x30", ...heap("91x30") },
      firing: {
        "20m": [
          { resource: "event loop" },
          {
            resource: "heap",
            job: "shop/checkout",
            instance: "a",
            deployment_environment_name: "production",
          },
        ],
      },
    },
    {
      kind: "quiet",
      name: "just enough left of each; another instance has more",
      series: {
        [of("process_cpu_utilization_ratio", ', cpu_mode="user"')]: "0.89x30",
        [of("process_cpu_utilization_ratio", "", "b")]: "0.5x30",
        [of("nodejs_eventloop_utilization_ratio")]: "0.89x30",
        ...heap("89x30"),
      },
      firing: { "20m": false },
    },
    {
      kind: "quiet",
      name: "a garbage collection every few minutes keeps the heap small",
      series: heap(Array.from({ length: 10 }, () => "50 70 95 95").join(" ")),
      firing: { "15m": false, "30m": false },
    },
    {
      kind: "resolves",
      name: "there are more replicas",
      series: { [of("nodejs_eventloop_utilization_ratio")]: "0.95x15 0.4x15" },
      firing: { "15m": true, "17m": false },
    },
    {
      kind: "no data",
      name: "the process has ended",
      series: { [of("nodejs_eventloop_utilization_ratio")]: "0.95x15 stale" },
      firing: { "15m": true, "17m": false },
    },
  ];
}
