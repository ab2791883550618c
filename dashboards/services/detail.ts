import { GraphDrawStyle } from "@grafana/grafana-foundation-sdk/common";
import { quantile, ratio, sumBy } from "../expressions.js";
import {
  dashboard,
  environment,
  exemplars,
  firingAlerts,
  logql,
  logs,
  promql,
  row,
  section,
  service,
  stat,
  timeseries,
  toDashboard,
  traceql,
  traces,
} from "../lib/index.js";
import { limits } from "../limits.js";

const here = 'deployment_environment_name=~"$environment", service="$service"';
const spans = 'deployment_environment_name=~"$environment", service_name="$service"';
const served = `${spans}, span_kind="SPAN_KIND_SERVER"`;
const calls = (matchers: string) => `rate(traces_span_metrics_calls_total{${matchers}}[$__rate_interval])`;
const failed = 'status_code="STATUS_CODE_ERROR"';
const buckets = (matchers: string) => `traces_span_metrics_duration_seconds_bucket{${matchers}}`;
const noRequests = "the service answered no requests in this time.";
const noSpans = "the service sends no spans of requests.";
const toAll = () => [toDashboard("services", "All services")];

/** What is wrong with one service: since when, on which route, and which trace and log line say why? */
export const serviceDetail = () =>
  dashboard({
    uid: "service-detail",
    title: "Service detail",
    description:
      "What is wrong with one service: since when, on which route, and which trace and log line say why?",
    variables: [environment(), service({ single: true })],
    alerts: "Service.*",
    rows: [
      row(
        4,
        stat({
          title: "Requests per second",
          description: "Requests that the service answers.",
          whenRed: "Compare with an hour before: a drop is an alert of its own.",
          mayBeEmpty: noRequests,
          unit: "requestsPerSecond",
          sparkline: true,
          links: toAll(),
          queries: [promql(`sum(service:requests:rate5m{${here}})`)],
        }),
        stat({
          title: "Failed requests",
          description: "Share of its requests that failed, within five minutes.",
          whenRed: "Below: which route; then a failed trace, and the log lines beside it.",
          mayBeEmpty: noRequests,
          unit: "ratio",
          sparkline: true,
          thresholds: limits.failed,
          queries: [
            promql(
              ratio(`sum(service:request_errors:rate5m{${here}})`, `sum(service:requests:rate5m{${here}})`),
            ),
          ],
        }),
        stat({
          title: "P99",
          description: "99 of 100 requests are answered within this time.",
          whenRed: "Open a dot far up in the graph of latency: the longest span in it is the cause.",
          mayBeEmpty: noRequests,
          unit: "seconds",
          sparkline: true,
          thresholds: limits.requestSeconds,
          queries: [promql(`max(service:request_duration_seconds:p99_5m{${here}})`)],
        }),
        stat({
          title: "Requests in progress",
          description: "Requests that it works on now.",
          whenRed: "Rising with the same traffic: what it calls is slow.",
          mayBeEmpty: "it doesn't send `http.server.active_requests`.",
          unit: "count",
          sparkline: true,
          queries: [promql(`sum(service:active_requests:sum{${here}})`)],
        }),
      ),
      row(
        8,
        timeseries({
          title: "Latency",
          description:
            "How long requests take. A dot is a trace that was kept: click it to see where the time went.",
          whenRed: "Open a dot far up. P99 alone: some requests; P50, too: all of them.",
          mayBeEmpty: noSpans,
          unit: "seconds",
          colours: "percentiles",
          queries: [
            promql(quantile(0.5, buckets(served)), "P50"),
            promql(quantile(0.95, buckets(served)), "P95"),
            promql(quantile(0.99, buckets(served)), "P99"),
            exemplars(served),
          ],
        }),
        timeseries({
          title: "Requests by route",
          description: "Requests per second of each route.",
          whenRed: "A route that jumps: somebody retries, or crawls.",
          mayBeEmpty: noSpans,
          unit: "requestsPerSecond",
          stacked: true,
          queries: [promql(sumBy(["http_route"], calls(served)), "{{http_route}}")],
        }),
        timeseries({
          title: "Failed requests by route",
          description: "Share of each route's requests that failed.",
          whenRed: "One route: its code or what it calls. All: the process, or its way to everything.",
          mayBeEmpty: noSpans,
          unit: "ratio",
          thresholds: limits.failed,
          queries: [
            promql(
              ratio(
                sumBy(["http_route"], calls(`${served}, ${failed}`)),
                sumBy(["http_route"], calls(served)),
              ),
              "{{http_route}}",
            ),
          ],
        }),
      ),
      row(
        10,
        traces({
          title: "Failed and slow traces",
          description:
            "Traces of the service that failed or took more than a second. A click opens one; its logs are a click further.",
          whenRed: "Open the newest: the last span with an error is where it began.",
          mayBeEmpty: "nothing failed or was slow.",
          query: traceql('{ resource.service.name = "$service" && (status = error || duration > 1s) }'),
        }),
        logs({
          title: "Log lines",
          description: "What the service wrote, newest first. A line with a trace id opens its trace.",
          whenRed: "Look at the same minute as on the left; errors are coloured.",
          mayBeEmpty: "the service sends no logs.",
          query: logql('{service_name="$service"}'),
        }),
      ),
      row(
        7,
        timeseries({
          title: "Log lines by level",
          description: "Lines per second; many errors at once mark when something began.",
          whenRed: "Read the first lines of the rise.",
          mayBeEmpty: "the service sends no logs.",
          unit: "linesPerSecond",
          colours: "logLevels",
          stacked: true,
          queries: [
            logql(
              'sum by (detected_level) (rate({service_name="$service"} [$__auto]))',
              "{{detected_level}}",
            ),
          ],
        })
          // Where no line was written there is no value: a line between two would lie, and one alone would be nothing.
          .drawStyle(GraphDrawStyle.Bars)
          .fillOpacity(80)
          // Of one second each, bars would be those that had a line, all of one height.
          .interval("15s"),
        firingAlerts("Service.*|SloBurn.*"),
      ),
    ],
    sections: [
      section(
        "What it calls",
        row(
          8,
          timeseries({
            title: "Calls to others",
            description:
              "Calls per second to databases, models, queues and services, by kind of store or provider.",
            whenRed: "Many more calls for the same requests: a loop that asks one by one.",
            mayBeEmpty: "it calls nobody.",
            unit: "requestsPerSecond",
            queries: [
              promql(
                sumBy(
                  ["db_system_name", "gen_ai_provider_name"],
                  calls(`${spans}, span_kind="SPAN_KIND_CLIENT"`),
                ),
                "{{db_system_name}}{{gen_ai_provider_name}}",
              ),
            ],
          }),
          timeseries({
            title: "Failed calls to others",
            description: "Calls per second that failed, by kind of error.",
            whenRed: "What it calls is the cause; go to its page.",
            mayBeEmpty: "no call failed.",
            unit: "perSecond",
            queries: [
              promql(
                sumBy(["error_type"], calls(`${spans}, span_kind="SPAN_KIND_CLIENT", ${failed}`)),
                "{{error_type}}",
              ),
            ],
          }),
          timeseries({
            title: "P95 of calls to others",
            description: "95 of 100 calls to a kind of store or provider are answered within this time.",
            whenRed: "Rises with the latency above: that is what requests wait for.",
            mayBeEmpty: "it calls nobody.",
            unit: "seconds",
            queries: [
              promql(
                quantile(0.95, buckets(`${spans}, span_kind="SPAN_KIND_CLIENT"`), [
                  "db_system_name",
                  "gen_ai_provider_name",
                ]),
                "{{db_system_name}}{{gen_ai_provider_name}}",
              ),
            ],
          }),
        ),
      ),
    ],
  });
