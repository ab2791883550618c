/** A notification as templates see it: https://prometheus.io/docs/alerting/latest/notifications/#data */
export interface SampleNotification {
  /** What is special about it, as in "it fails for ...". */
  title: string;
  data: object;
}

const start = "2026-03-14T01:59:26Z";
const never = "0001-01-01T00:00:00Z";

const labels = (more: object) => ({
  alertname: "LlmErrorRateHigh",
  severity: "critical",
  owner: "ai-platform",
  service: "shop",
  ...more,
});

const annotations = {
  summary: "12% of the calls of gpt-x fail",
  description: "Calls of gpt-x by shop fail. Look at the provider's status page first.",
  value: "0.12",
  runbook_url: "http://127.0.0.1:9090/user/LlmErrorRateHigh.html",
  dashboard_url: "http://127.0.0.1:3000/d/llm",
};

const alert = (status: "firing" | "resolved", more: object, told: object) => ({
  status,
  labels: more,
  annotations: told,
  startsAt: start,
  endsAt: status === "resolved" ? "2026-03-14T02:17:02Z" : never,
  generatorURL: "http://127.0.0.1:9090/graph?g0.expr=up",
  fingerprint: "6a1c9f1d2e3b4c5d",
});

const notification = (
  status: "firing" | "resolved",
  alerts: object[],
  common: { labels: object; annotations: object },
) => ({
  receiver: "oncall",
  status,
  alerts,
  groupLabels: { alertname: "LlmErrorRateHigh", service: "shop" },
  commonLabels: common.labels,
  commonAnnotations: common.annotations,
  externalURL: "http://127.0.0.1:9093",
});

/** Between them they take the branches that templates of notifications have: how many, of which state, with what told. */
export const sampleNotifications: readonly SampleNotification[] = [
  {
    title: "one alert that fires",
    data: notification("firing", [alert("firing", labels({ model: "gpt-x" }), annotations)], {
      labels: labels({ model: "gpt-x" }),
      annotations,
    }),
  },
  {
    title: "several alerts, one of them resolved",
    data: notification(
      "firing",
      [
        alert("firing", labels({ model: "gpt-x" }), annotations),
        alert("firing", labels({ model: "gpt-y" }), {
          ...annotations,
          summary: "7% of the calls of gpt-y fail",
        }),
        alert("resolved", labels({ model: "gpt-z" }), annotations),
      ],
      { labels: labels({}), annotations: { runbook_url: annotations.runbook_url } },
    ),
  },
  {
    title: "a resolved alert without annotations and labels",
    data: notification("resolved", [alert("resolved", { alertname: "Watchdog" }, {})], {
      labels: { alertname: "Watchdog" },
      annotations: {},
    }),
  },
];
