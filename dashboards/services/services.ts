import { ratio, sumBy } from "../expressions.js";
import {
  above,
  dashboard,
  environment,
  firingAlerts,
  promql,
  row,
  section,
  service,
  span,
  stat,
  table,
  timeseries,
  toDashboardOf,
} from "../lib/index.js";
import { limits } from "../limits.js";

/** Records of the service pack, as far as they are chosen. */
const of = (record: string) => `${record}{deployment_environment_name=~"$environment", service=~"$service"}`;
const requests = (by: readonly string[] = []) => sumBy(by, of("service:requests:rate5m"));
const failed = (by: readonly string[] = []) =>
  ratio(sumBy(by, of("service:request_errors:rate5m")), requests(by));
const slowest = (by = "") => `max${by && ` by (${by})`}(${of("service:request_duration_seconds:p99_5m")})`;
const nobody = "no service answered requests in this time.";
/** What a program says of itself: any that the SDK of OpenTelemetry measures. */
const ofProgram = (metric: string) => `${metric}{deployment_environment_name=~"$environment"}`;
const noRuntime = "no program sends metrics of its runtime.";

/** Which service is slow, failing, or overrun? */
export const services = () =>
  dashboard({
    uid: "services",
    title: "Services",
    description: "The golden signals of every service: which one is slow, failing, or overrun?",
    variables: [environment(), service()],
    alerts: "Service.*",
    rows: [
      row(
        4,
        stat({
          title: "Requests per second",
          description: "Requests that services answered, by their spans or `http.server` metrics.",
          whenRed:
            "A drop to nothing: nobody reaches us, or the telemetry doesn't. `obs verify` tells which.",
          mayBeEmpty: nobody,
          unit: "requestsPerSecond",
          sparkline: true,
          queries: [promql(requests())],
        }),
        stat({
          title: "Failed requests",
          description: "Share of requests that failed, of all services together.",
          whenRed: "The table says which service. The deepest one that fails is the cause of the others.",
          mayBeEmpty: nobody,
          unit: "ratio",
          sparkline: true,
          thresholds: limits.failed,
          queries: [promql(failed())],
        }),
        stat({
          title: "Slowest P99",
          description: "Of the slowest service: 99 of 100 requests are answered within this time.",
          whenRed: "Find it in the table, open its page, then a slow trace there.",
          mayBeEmpty: nobody,
          unit: "seconds",
          sparkline: true,
          thresholds: limits.requestSeconds,
          queries: [promql(slowest())],
        }),
        stat({
          title: "Requests in progress",
          description: "Requests that are worked on now.",
          whenRed: "Rising with the same traffic: something that services wait for is slow.",
          mayBeEmpty: "no service sends `http.server.active_requests`.",
          unit: "count",
          sparkline: true,
          queries: [promql(sumBy([], of("service:active_requests:sum")))],
        }),
      ),
      row(
        9,
        span(
          15,
          table({
            title: "Services compared",
            description: "The last five minutes of each service. A click on its name opens its page.",
            whenRed: "Open the page of the red one: its failed and slow traces are there, with their logs.",
            mayBeEmpty: nobody,
            by: { service: "Service", deployment_environment_name: "Environment" },
            sortBy: "Requests/s",
            values: [
              {
                title: "Requests/s",
                unit: "requestsPerSecond",
                promql: requests(["service", "deployment_environment_name"]),
              },
              {
                title: "Failed",
                unit: "ratio",
                promql: failed(["service", "deployment_environment_name"]),
                thresholds: limits.failed,
              },
              {
                title: "P99",
                unit: "seconds",
                promql: slowest("service, deployment_environment_name"),
                thresholds: limits.requestSeconds,
              },
            ],
            links: {
              Service: [
                toDashboardOf("service-detail", "Open the service", {
                  variable: "service",
                  column: "Service",
                  keep: ["environment"],
                }),
              ],
            },
          }),
        ),
        firingAlerts("Service.*|SloBurn.*"),
      ),
      row(
        8,
        timeseries({
          title: "Traffic",
          description: "Requests per second of each service.",
          whenRed: "All fall together: the way in. One: the service, or who calls it.",
          mayBeEmpty: nobody,
          unit: "requestsPerSecond",
          queries: [promql(requests(["service"]), "{{service}}")],
        }),
        timeseries({
          title: "Errors",
          description: "Share of each service's requests that failed.",
          whenRed:
            "The service that began first is mostly the cause. Was something deployed that minute? Take it back.",
          mayBeEmpty: nobody,
          unit: "ratio",
          thresholds: limits.failed,
          queries: [promql(failed(["service"]), "{{service}}")],
        }),
      ),
      row(
        8,
        timeseries({
          title: "Latency P99",
          description: "99 of 100 requests to a service are answered within this time.",
          whenRed: "Several rise together: look at the one they all call.",
          mayBeEmpty: nobody,
          unit: "seconds",
          thresholds: limits.requestSeconds,
          queries: [promql(slowest("service"), "{{service}}")],
        }),
        timeseries({
          title: "Saturation",
          description: "Requests in progress at each service.",
          whenRed:
            "Four times what is usual is an alert: what it waits for is slow, or there is more traffic.",
          mayBeEmpty: "no service sends `http.server.active_requests`.",
          unit: "count",
          queries: [promql(sumBy(["service"], of("service:active_requests:sum")), "{{service}}")],
        }),
      ),
    ],
    sections: [
      section(
        "Processes",
        row(
          8,
          timeseries({
            title: "CPU of a process",
            description: "Share of the processor that the busiest replica of a program uses.",
            whenRed: "Above 90 % requests wait: add replicas, or find what keeps it busy.",
            mayBeEmpty: noRuntime,
            unit: "ratio",
            thresholds: above({ warning: 0.9 }),
            queries: [
              promql(
                `max by (job) (sum by (job, instance) (${ofProgram("process_cpu_utilization_ratio")}))`,
                "{{job}}",
              ),
            ],
          }),
          timeseries({
            title: "Memory of a process",
            description: "Memory of the largest replica of a program.",
            whenRed:
              "Rising without an end: it leaks. Restart it to win time, and take a heap snapshot before.",
            mayBeEmpty: noRuntime,
            unit: "bytes",
            queries: [promql(`max by (job) (${ofProgram("process_memory_usage_bytes")})`, "{{job}}")],
          }),
          timeseries({
            title: "Busy event loops",
            description: "Share of time that the busiest event loop of a Node.js program works.",
            whenRed: "Above 90 % everything waits: something computes for long in one piece.",
            mayBeEmpty: noRuntime,
            unit: "ratio",
            max: 1,
            thresholds: above({ warning: 0.9 }),
            queries: [promql(`max by (job) (${ofProgram("nodejs_eventloop_utilization_ratio")})`, "{{job}}")],
          }),
        ),
      ),
    ],
  });
