import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { type AnnotationQuery, AnnotationQueryBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { states } from "./colours.js";
import { dataSources } from "./data-sources.js";
import { inSight, toRunbook } from "./links.js";
import { table } from "./panels.js";

/**
 * Which alerts a page is about, as a regular expression over their names: `Llm.*|Agent.*`. Those of severity `none`, which
 * always fire to show that alerting works, are nobody's business.
 */
const named = (alerts: string) => `alertname=~"${alerts}", severity!="none"`;

/** The alerts that fire, since when, with their runbooks; with `owner` also whose they are, where a panel has the room. */
export function firingAlerts(alerts: string, { owner = false }: { owner?: boolean } = {}) {
  const by = { alertname: "Alert", severity: "Severity", ...(owner && { owner: "Owner" }) };
  const labels = Object.keys(by).join(", ");
  const firing = `ALERTS{alertstate="firing", ${named(alerts)}}`;
  const panel = table({
    title: "Alerts firing",
    description: "Alerts of Prometheus that fire now, and since when they were breached.",
    whenRed: "Open the runbook of the alert that began first: the later ones often follow from it.",
    mayBeEmpty: "nothing is wrong.",
    by,
    values: [
      {
        title: "Since",
        unit: "ago",
        promql: `min by (${labels}) (1000 * ALERTS_FOR_STATE{${named(alerts)}} and ignoring (alertstate) ${firing})`,
      },
    ],
    links: { Alert: [toRunbook("Alert")] },
  });
  // What is left is the alert's, whose name is the longest by far.
  const widths = { Severity: 80, ...(owner && { Owner: 110 }), Since: 120 };
  for (const [title, pixels] of Object.entries(widths))
    panel.overrideByName(title, [{ id: "custom.width", value: pixels }]);
  return panel;
}

/** Marks on every graph of a page from when on an alert fired. */
export function alertAnnotations(alerts: string): Builder<AnnotationQuery> {
  const annotation = new AnnotationQueryBuilder()
    .name("Alerts")
    .datasource(dataSources.prometheus)
    .enable(true)
    .iconColor(states.critical)
    .expr(`max by (alertname, severity) (ALERTS{alertstate="firing", ${named(alerts)}})`)
    .step("60s")
    .titleFormat("{{alertname}}")
    .textFormat("severity: {{severity}}")
    .tagKeys("severity");
  return { build: () => inSight(annotation.build()) };
}
