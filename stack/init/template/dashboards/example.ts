import { above, dashboard, promql, row, span, stat, timeseries } from "obs-stack/dashboards";

/** What comes in, and whether everything answers. Add panels here; `obs up` brings them into Grafana. */
export const overview = dashboard({
  uid: "overview",
  title: "Overview",
  description: "Does everything answer, and does telemetry come in?",
  rows: [
    row(
      8,
      span(
        6,
        stat({
          title: "Scrape targets down",
          description: "Programs that Prometheus cannot reach.",
          whenRed: "Prometheus' page of targets says which, and why.",
          unit: "count",
          thresholds: above({ critical: 1 }),
          queries: [promql("count(up == 0) or vector(0)")],
        }),
      ),
      timeseries({
        title: "Spans received per second",
        description: "What your applications send.",
        whenRed: "Flat at zero: check OTEL_EXPORTER_OTLP_ENDPOINT there.",
        unit: "perSecond",
        queries: [
          promql(
            "sum by (receiver) (rate(otelcol_receiver_accepted_spans_total[$__rate_interval]))",
            "{{receiver}}",
          ),
        ],
      }),
    ),
  ],
});
