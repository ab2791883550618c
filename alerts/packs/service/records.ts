import { type RuleGroupInput, record } from "obs-stack";

/** What tells services apart. */
export const by = "service, deployment_environment_name";

/** Spans of requests that a service serves. */
const served = 'span_kind="SPAN_KIND_SERVER"';

/** Sum by service of series of the span metrics, which call it `service_name`; `more`: further labels to keep. */
const ofSpans = (expr: string, more = "") =>
  `sum by (${by}${more}) (label_replace(${expr}, "service", "$1", "service_name", "(.*)"))`;

/** The same of metrics that the service sends itself: its job is `service.namespace/service.name`. */
const ofService = (expr: string, more = "") =>
  `sum by (${by}${more}) (label_replace(${expr}, "service", "$1", "job", "(?:.*/)?(.*)"))`;

const spans = (matchers = "") => `rate(traces_span_metrics_calls_total{${served}${matchers}}[5m])`;
const http = (matchers = "") => `rate(http_server_request_duration_seconds_count${matchers}[5m])`;

const checkout = `service_name="checkout", job="shop/checkout", deployment_environment_name="production", ${served}`;
const search = 'job="shop/search", deployment_environment_name="production"';

/**
 * Spans count where a service sends both, because the collector's are complete and alike for all languages; so every `or`
 * takes the metrics of `http.server` only for services without spans.
 */
export function serviceRecords(): RuleGroupInput["rules"] {
  return [
    record("service:requests:rate5m", {
      description: "Requests served per second.",
      expr: `${ofSpans(spans())}\nor\n${ofService(http())}`,
      cases: [
        {
          name: "one service sends spans, one metrics, one both; calls to others don't count; replicas are summed",
          series: {
            [`traces_span_metrics_calls_total{${checkout}, span_name="GET /a"}`]: requests(60),
            [`traces_span_metrics_calls_total{${checkout}, span_name="GET /b"}`]: requests(120),
            'traces_span_metrics_calls_total{service_name="checkout", span_kind="SPAN_KIND_CLIENT"}':
              requests(600),
            'http_server_request_duration_seconds_count{job="shop/checkout", deployment_environment_name="production"}':
              requests(900),
            [`http_server_request_duration_seconds_count{${search}, instance="a"}`]: requests(60),
            [`http_server_request_duration_seconds_count{${search}, instance="b"}`]: requests(60),
            'http_server_request_duration_seconds_count{job="old"}': requests(6),
          },
          gives: {
            "13m": {
              '{service="checkout", deployment_environment_name="production"}': 3,
              '{service="search", deployment_environment_name="production"}': 2,
              '{service="old"}': 0.1,
            },
          },
        },
      ],
    }),
    record("service:request_errors:rate5m", {
      description: "Failed requests per second; 0, not nothing, where none fails.",
      expr: [
        ofSpans(spans(', status_code="STATUS_CODE_ERROR"')),
        `0 * ${ofSpans(spans())}`,
        ofService(http('{http_response_status_code=~"5.."}')),
        `0 * ${ofService(http())}`,
      ].join("\nor\n"),
      cases: [
        {
          name: "errors of spans, none of spans, errors of metrics, none of metrics",
          series: {
            [`traces_span_metrics_calls_total{${checkout}, status_code="STATUS_CODE_UNSET"}`]: requests(60),
            [`traces_span_metrics_calls_total{${checkout}, status_code="STATUS_CODE_ERROR"}`]: requests(12),
            [`http_server_request_duration_seconds_count{${checkout}, http_response_status_code="500"}`]:
              requests(60),
            [`traces_span_metrics_calls_total{${checkout.replace("SERVER", "CLIENT")}, status_code="STATUS_CODE_ERROR"}`]:
              requests(60),
            'traces_span_metrics_calls_total{service_name="caller", span_kind="SPAN_KIND_CLIENT"}':
              requests(60),
            [`traces_span_metrics_calls_total{${served}, service_name="fine"}`]: requests(60),
            [`traces_span_metrics_calls_total{${served}, service_name="idle"}`]: "5x20",
            'http_server_request_duration_seconds_count{job="silent", http_response_status_code="200"}':
              "5x20",
            'http_server_request_duration_seconds_count{job="fine", http_response_status_code="500"}':
              requests(60),
            [`http_server_request_duration_seconds_count{${search}, http_response_status_code="200"}`]:
              requests(60),
            [`http_server_request_duration_seconds_count{${search}, http_response_status_code="404"}`]:
              requests(60),
            [`http_server_request_duration_seconds_count{${search}, http_response_status_code="503"}`]:
              requests(6),
            'http_server_request_duration_seconds_count{job="calm", http_response_status_code="200"}':
              requests(60),
          },
          gives: {
            "13m": {
              '{service="checkout", deployment_environment_name="production"}': 0.2,
              '{service="fine"}': 0,
              '{service="search", deployment_environment_name="production"}': 0.1,
              '{service="calm"}': 0,
              '{service="idle"}': 0,
              '{service="silent"}': 0,
            },
          },
        },
      ],
    }),
    record("service:request_duration_seconds:p99_5m", {
      description: "99 of 100 requests are answered within so many seconds.",
      // Each kind for itself: buckets of different bounds can't be added.
      expr: [
        ofSpans(`rate(traces_span_metrics_duration_seconds_bucket{${served}}[5m])`, ", le"),
        ofService("rate(http_server_request_duration_seconds_bucket[5m])", ", le"),
      ]
        .map((buckets) => `histogram_quantile(0.99, ${buckets})`)
        .join("\nor\n"),
      cases: [
        {
          name: "of all replicas and routes together; where there are spans, the metrics don't count",
          series: {
            ...buckets(`traces_span_metrics_duration_seconds_bucket{${checkout}, span_name="GET /a"`, 98, 2),
            ...buckets(`traces_span_metrics_duration_seconds_bucket{${checkout}, span_name="GET /b"`, 100, 0),
            ...buckets(
              `traces_span_metrics_duration_seconds_bucket{${checkout.replace("SERVER", "CLIENT")}`,
              0,
              500,
            ),
            ...buckets(
              'http_server_request_duration_seconds_bucket{job="shop/checkout", deployment_environment_name="production"',
              0,
              9,
            ),
            ...buckets(`http_server_request_duration_seconds_bucket{${search}, instance="a"`, 97, 3),
            ...buckets(`http_server_request_duration_seconds_bucket{${search}, instance="b"`, 100, 0),
          },
          gives: {
            "13m": {
              // 99 % is exactly the first bucket's edge; a third of what lies above it is below 99 %.
              '{service="checkout", deployment_environment_name="production"}': 0.2,
              '{service="search", deployment_environment_name="production"}': 0.2 + 0.2 / 3,
            },
          },
        },
      ],
    }),
    record("service:active_requests:sum", {
      description: "Requests being worked on now.",
      expr: ofService("http_server_active_requests"),
      cases: [
        {
          name: "of all replicas",
          series: {
            [`http_server_active_requests{${search}, instance="a"}`]: "3",
            [`http_server_active_requests{${search}, instance="b"}`]: "4",
          },
          gives: { "0m": { '{service="search", deployment_environment_name="production"}': 7 } },
        },
      ],
    }),
  ];
}

/** A histogram with so many requests a minute below 0.2 s, and between that and 0.4 s. */
function buckets(start: string, fast: number, slow: number): Record<string, string> {
  return {
    [`${start}, le="0.2"}`]: requests(fast),
    [`${start}, le="0.4"}`]: requests(fast + slow),
    [`${start}, le="+Inf"}`]: requests(fast + slow),
  };
}

/**
 * So many requests a minute, counted at 13m: none came until ten minutes, then twice as many, so that the rate over five
 * minutes is theirs, and that over any other window isn't.
 */
function requests(aMinute: number): string {
  return `1000x10 1000+${2 * aMinute}x5`;
}
