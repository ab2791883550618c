import { defineStack, slo } from "obs-stack";

const shop = { service: "checkout", owner: "shop", description: "Checkouts work." };
const requests = (window: string) => `sum(rate(traces_span_metrics_calls_total[${window}]))`;
const failed = (window: string) =>
  `sum(rate(traces_span_metrics_calls_total{status_code="STATUS_CODE_ERROR"}[${window}]))`;
const availability = { errors: failed, total: requests };
const latency = { histogram: "traces_span_metrics_duration_seconds", threshold: 0.3 };

export default defineStack({
  name: "shop",
  metrics: { retention: "30d" },
  alerting: {
    packs: [
      slo({ ...shop, name: "perfect", objective: 100, indicator: availability }),
      slo({ ...shop, name: "ratio", objective: 0.999, indicator: availability }),
      slo({ ...shop, name: "too-much", objective: 101, indicator: availability }),
      slo({ ...shop, name: "nothing", objective: 0, indicator: availability }),
      slo({ ...shop, name: "hours", objective: 99, window: "36h", indicator: availability }),
      slo({ ...shop, name: "month", objective: 99, window: "1 month", indicator: availability }),
      slo({ ...shop, name: "slow", objective: 99, indicator: { latency: { ...latency, threshold: 0.4 } } }),
      slo({
        ...shop,
        name: "series",
        objective: 99,
        indicator: { latency: { ...latency, histogram: `${latency.histogram}_bucket` } },
      }),
      slo({
        ...shop,
        name: "one-window",
        objective: 99,
        indicator: { errors: () => failed("5m"), total: requests },
      }),
      slo({
        ...shop,
        name: "odd-windows",
        objective: 99,
        window: "7d",
        indicator: availability,
        alerts: {
          page: [{ long: "1h", short: "7m", budget: 2 }],
          ticket: [{ long: "7d", short: "1m", budget: 200 }],
        },
      }),
      slo({ ...shop, name: "few", objective: 99, indicator: { raw: failed }, minimumEvents: 10 }),
      slo({
        ...shop,
        name: "never-pages",
        objective: 50,
        window: "7d",
        indicator: availability,
        alerts: { page: [{ long: "1h", short: "5m", budget: 2 }] },
      }),
      slo({ ...shop, name: "same", objective: 99, window: "7d", indicator: availability }),
    ],
  },
});
