import { alert, type RuleGroupInput } from "obs-stack";
import { by, counted, counterCases, gone, program } from "./counted.js";

const { matchers: alertmanager, labels: ofAlertmanager } = program("alertmanager");
const { matchers: prometheus, labels: ofPrometheus } = program("prometheus");

/** The way of alerts to people. What fails here can't be told by the way that fails: that is what StackWatchdog is for. */
export function deliveryAlerts(): RuleGroupInput["rules"] {
  const failed = (values: string, integration = "slack") => ({
    [`alertmanager_notifications_failed_total{${alertmanager}, integration="${integration}", reason="other"}`]:
      values,
  });
  const discovered = (values: string) => ({
    [`prometheus_notifications_alertmanagers_discovered{${prometheus}}`]: values,
  });
  return [
    alert("StackNotificationsFailing", {
      // One that failed is sent again; two within a quarter of an hour are no accident.
      expr: `sum by (integration, ${by}) (increase(alertmanager_notifications_failed_total[15m])) > 1.5`,
      severity: "critical",
      summary: "Alertmanager can't notify by {{ $labels.integration }}",
      description:
        "People may not hear of other alerts. `obs logs alertmanager` has the answer of the receiver: an expired token, a wrong address, a limit.",
      cases: [
        {
          kind: "fires",
          name: "a second one fails; the other receiver works",
          series: { ...failed("0x5 1x5 2x30"), ...failed("3x40", "email") },
          firing: {
            "10m": false,
            "12m": [{ ...ofAlertmanager, integration: "slack", severity: "critical" }],
            "19m": true,
          },
        },
        {
          kind: "fires",
          name: "for two reasons, one each",
          series: {
            ...failed("0x5 1x30"),
            [`alertmanager_notifications_failed_total{${alertmanager}, integration="slack", reason="clientError"}`]:
              "0x5 1x30",
          },
          firing: { "10m": true },
        },
        {
          kind: "quiet",
          name: "a single one, those of long ago, and a restart",
          series: { ...failed("9x20 10x20"), ...failed("9x20 0x20", "email") },
          firing: { "19m": false, "22m": false, "34m": false },
        },
        {
          kind: "resolves",
          name: "the receiver works again",
          series: failed("0+1x10 10x30"),
          firing: { "10m": true, "26m": false },
        },
        {
          kind: "no data",
          name: gone,
          series: failed("0+1x10 stale"),
          firing: { "10m": true, "26m": false },
        },
      ],
    }),
    alert("StackAlertsNotDelivered", {
      expr: `
prometheus_notifications_alertmanagers_discovered == 0
or sum by (${by}) (${counted("prometheus_notifications_dropped_total", "5m")}) > 0`,
      for: "2m",
      severity: "critical",
      summary: "Alerts of Prometheus don't reach Alertmanager",
      description:
        "Nobody is told of anything while this lasts; you most likely read it on a page. `obs status`, `obs logs alertmanager`, then `obs up`.",
      cases: [
        ...counterCases(
          [
            {
              series: `prometheus_notifications_dropped_total{${prometheus}, alertmanager="http://127.0.0.1:9093/api/v2/alerts"}`,
              firing: { ...ofPrometheus, severity: "critical" },
            },
          ],
          { window: 5, for: 2, first: true },
        ),
        {
          kind: "fires",
          name: "Prometheus knows of no Alertmanager",
          series: discovered("1x2 0x10"),
          firing: { "4m": false, "6m": true },
        },
        { kind: "quiet", name: "it knows of one", series: discovered("1x20"), firing: { "10m": false } },
        {
          kind: "resolves",
          name: "it knows of one again",
          series: discovered("0x10 1x10"),
          firing: { "10m": true, "11m": false },
        },
        {
          kind: "no data",
          name: "Prometheus isn't scraped: StackComponentDown tells",
          series: discovered("0x10 stale"),
          firing: { "10m": true, "12m": false },
        },
      ],
    }),
  ];
}
