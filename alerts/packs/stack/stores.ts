import { type AlertCase, alert, type RuleGroupInput } from "obs-stack";
import { by, counterCases, program } from "./counted.js";

interface Way {
  store: string;
  /** Counter of the collector, of what it has handed over. */
  sent: string;
  /** Counter of the store, of what it has received. */
  received: string;
}

/** The collector hands over, the store says that it receives nothing, and answers scrapes: data vanishes in between. */
function stalled({ store, sent, received }: Way): string {
  return `
sum(rate(${sent}[5m])) > 0
unless sum(rate(${received}[5m])) > 0
and max(up{job="${store}"}) == 1`;
}

function stalledCases({ store, sent, received }: Way, severity: string): AlertCase[] {
  const series = (out: string, into?: string, up = "1x60") => ({
    [sent.replace("{", '{job="otel-collector", ')]: out,
    [sent.replace(store, "other").replace("{", '{job="otel-collector", ')]: "0+60x60",
    ...(into && { [`${received}{job="${store}", instance="a"}`]: into }),
    [`up{job="${store}"}`]: up,
    'up{job="other"}': "1x60",
  });
  const seldom = Array.from({ length: 60 }, (_, minute) => 100 + Math.floor(minute / 3)).join(" ");
  return [
    {
      kind: "fires",
      name: "the store stops receiving, for ten minutes",
      series: series("0+60x60", "0+60x10 600x40"),
      firing: { "22m": false, "28m": [{ severity }] },
    },
    {
      kind: "fires",
      name: "the store has never received anything: there is no count",
      series: series("0+60x60"),
      firing: { "10m": false, "13m": true },
    },
    {
      kind: "quiet",
      name: "what is sent arrives, if only now and then",
      series: series("0+60x60", seldom),
      firing: { "30m": false, "31m": false, "32m": false },
    },
    {
      kind: "quiet",
      name: "nothing is sent, but by another exporter",
      series: series("600x60", "600x60"),
      firing: { "30m": false },
    },
    {
      kind: "quiet",
      name: "the store is down: StackComponentDown tells",
      series: series("0+60x60", "600x60", "0x60"),
      firing: { "30m": false },
    },
    {
      kind: "resolves",
      name: "it receives again",
      series: series("0+60x60", "600x30 600+60x20"),
      firing: { "30m": true, "33m": false },
    },
    {
      kind: "no data",
      name: "the collector is gone: StackComponentDown tells",
      series: series("0+60x30 stale", "600x30"),
      firing: { "30m": true, "37m": false },
    },
  ];
}

export function logStoreAlerts(): RuleGroupInput["rules"] {
  const way: Way = {
    store: "loki",
    sent: 'otelcol_exporter_sent_log_records_total{exporter="otlp_http/loki"}',
    received: "loki_distributor_lines_received_total",
  };
  return [
    alert("StackLogsStalled", {
      expr: stalled(way),
      for: "10m",
      severity: "critical",
      summary: "Logs leave the collector, but Loki receives none",
      description:
        "{{ $value | humanize }} records a second go somewhere else, or nowhere. `obs verify` shows where the way breaks; compare the exporter's address with Loki's.",
      cases: stalledCases(way, "critical"),
    }),
    alert("StackLogsDiscarded", {
      expr: `sum by (reason, ${by}) (increase(loki_discarded_samples_total[5m])) > 0`,
      for: "6m",
      severity: "warning",
      summary: "Loki throws logs away: {{ $labels.reason }}",
      description:
        "{{ $value | humanize }} in five minutes. Too much at once (`logs.ingestionRateMB`), too old, or lines that are too long; `obs logs loki` has examples.",
      cases: counterCases(
        [
          {
            series: `loki_discarded_samples_total{${program("loki").matchers}, reason="rate_limited", tenant="fake"}`,
            firing: { ...program("loki").labels, reason: "rate_limited", severity: "warning" },
          },
        ],
        { window: 5, for: 6 },
      ),
    }),
  ];
}

const traceStores = {
  tempo: {
    received: "tempo_distributor_spans_received_total",
    discarded: ["tempo_discarded_spans_total"],
  },
  jaeger: {
    received: "jaeger_collector_spans_received_total",
    discarded: ["jaeger_collector_spans_dropped_total", "jaeger_collector_spans_rejected_total"],
  },
};

/** Named after the backend: only one of the two is there, and each has cases of its own. */
const alertNames = {
  tempo: { stalled: "StackTempoStalled", discarded: "StackTempoDiscards" },
  jaeger: { stalled: "StackJaegerStalled", discarded: "StackJaegerDiscards" },
};

export function traceStoreAlerts(store: "tempo" | "jaeger"): RuleGroupInput["rules"] {
  const { received, discarded } = traceStores[store];
  const way: Way = {
    store,
    sent: `otelcol_exporter_sent_spans_total{exporter="otlp_grpc/${store}"}`,
    received,
  };
  return [
    alert(alertNames[store].stalled, {
      expr: stalled(way),
      for: "10m",
      severity: "critical",
      summary: `Traces leave the collector, but ${store} receives none`,
      description:
        "{{ $value | humanize }} spans a second go somewhere else, or nowhere. `obs verify` shows where the way breaks; compare the exporter's address with the store's.",
      cases: stalledCases(way, "critical"),
    }),
    alert(alertNames[store].discarded, {
      expr: discarded.map((metric) => `sum by (${by}) (increase(${metric}[5m])) > 0`).join("\nor\n"),
      for: "6m",
      severity: "warning",
      summary: `${store} throws spans away`,
      description: `{{ $value | humanize }} in five minutes: traces have holes. Too many at once, or its disk is full; \`obs logs ${store}\` says which.`,
      // Each for itself: an `or` shows only one of two that have the same labels.
      cases: discarded.flatMap((metric) =>
        counterCases(
          [
            {
              series: `${metric}{${program(store).matchers}}`,
              firing: { ...program(store).labels, severity: "warning" },
            },
          ],
          { window: 5, for: 6 },
        ).map((one) => ({ ...one, name: `${metric}: ${one.name}` })),
      ),
    }),
  ];
}
