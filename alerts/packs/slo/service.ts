import { type RulePack, type SloInput, slo } from "obs-stack";

/** What is promised of a service's requests, measured by its spans. */
export interface ServiceSloOptions {
  /** Its `service.name`. */
  service: string;
  /** Who answers for it. */
  owner: string;
  /** Default: 30d. Prometheus must keep metrics as long: `metrics.retention`. */
  window?: string;
  /** Requests in an alert's long window below which it stays quiet. Default: 100. */
  minimumEvents?: number;
  /** Per cent of requests that succeed. Default: 99.9; `false`: not promised. */
  availability?: number | false;
  /** Per cent of requests answered within so many seconds. Default: not promised. */
  latency?: { objective: number; seconds: number };
}

/** Objectives for any service that sends spans: availability and, if wanted, latency of the requests it serves. One pack each. */
export function serviceSlos(options: ServiceSloOptions): RulePack[] {
  const { service, owner, window, minimumEvents = 100, availability = 99.9, latency } = options;
  const shared = { service, owner, minimumEvents, ...(window !== undefined && { window }) };
  const served = `service_name="${service}", span_kind="SPAN_KIND_SERVER"`;
  const calls = (more: string) => (range: string) =>
    `sum(rate(traces_span_metrics_calls_total{${served}${more}}[${range}]))`;
  const wanted: (SloInput | false)[] = [
    availability !== false && {
      ...shared,
      name: "availability",
      objective: availability,
      description: `Requests to ${service} succeed.`,
      indicator: { errors: calls(', status_code="STATUS_CODE_ERROR"'), total: calls("") },
      cases: [
        {
          name: "of late half the requests fail",
          series: {
            [`traces_span_metrics_calls_total{${served}, status_code="STATUS_CODE_UNSET"}`]:
              "100 112 124 136 148 160 172 184 196 202 208",
            [`traces_span_metrics_calls_total{${served}, status_code="STATUS_CODE_ERROR"}`]: "100x8 106 112",
          },
          gives: { "10m": { [`{service="${service}", slo="availability"}`]: 0.25 } },
        },
        {
          name: "one of four requests fails; calls to others and other services don't count",
          series: {
            [`traces_span_metrics_calls_total{${served}, status_code="STATUS_CODE_UNSET"}`]: "0+90x10",
            [`traces_span_metrics_calls_total{${served}, status_code="STATUS_CODE_ERROR"}`]: "0+30x10",
            [`traces_span_metrics_calls_total{service_name="${service}", span_kind="SPAN_KIND_CLIENT", status_code="STATUS_CODE_ERROR"}`]:
              "0+900x10",
            [`traces_span_metrics_calls_total{service_name="${service}-other", span_kind="SPAN_KIND_SERVER", status_code="STATUS_CODE_ERROR"}`]:
              "0+900x10",
          },
          gives: { "10m": { [`{service="${service}", slo="availability"}`]: 0.25 } },
        },
        {
          name: "a service whose requests never failed",
          series: {
            [`traces_span_metrics_calls_total{${served}, status_code="STATUS_CODE_UNSET"}`]: "0+90x10",
          },
          gives: { "10m": { [`{service="${service}", slo="availability"}`]: 0 } },
        },
      ],
    },
    latency !== undefined && {
      ...shared,
      name: "latency",
      objective: latency.objective,
      description: `Requests to ${service} are answered within ${latency.seconds} seconds.`,
      indicator: {
        latency: {
          histogram: "traces_span_metrics_duration_seconds",
          threshold: latency.seconds,
          match: served,
        },
      },
    },
  ];
  return wanted.flatMap((input) => (input === false ? [] : [slo(input)]));
}
