import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { runbooksVariable } from "../../stack/services/names.js";

/** Tag of every dashboard that is built with this library: by it pages link to each other. */
export const tag = "obs";

/** Time range and variables of the page that a link is on, as Grafana writes them into an address. */
const samePlace = "${__url_time_range}&${__all_variables}";

/** A link from a value to another dashboard, at the same time and with the same variables. */
export function toDashboard(uid: string, title: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(`/d/${uid}?${samePlace}`);
}

/**
 * The same for a row of a table, with one variable set to the row's value in a column. `keep`: the variables that both
 * pages have besides that one.
 */
export function toDashboardOf(
  uid: string,
  title: string,
  { variable, column, keep = [] }: { variable: string; column: string; keep?: readonly string[] },
): DashboardLinkBuilder {
  const kept = keep.map((name) => `&\${${name}:queryparam}`).join("");
  return new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .url(`/d/${uid}?\${__url_time_range}${kept}&var-${variable}=\${__data.fields["${column}"]}`);
}

/** A link from a row of a table to the runbook of the alert that a column names. */
export function toRunbook(column: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder("Runbook")
    .type(DashboardLinkType.Link)
    .url(`${runbooksVariable}/\${__data.fields["${column}"]}.html`)
    .targetBlank(true);
}

/** The menu of all dashboards, on top of each. */
export function menu(): Builder<DashboardLink> {
  const link = new DashboardLinkBuilder("Dashboards")
    .type(DashboardLinkType.Dashboards)
    .tags([tag])
    .asDropdown(true)
    .keepTime(true)
    .includeVars(true)
    .icon("external link");
  return { build: () => inSight(link.build()) };
}

/** The SDK puts links and annotations away into a menu of Grafana's; people look for them on top of the page. */
export function inSight<Placed extends { placement?: unknown }>({ placement: _, ...rest }: Placed) {
  return rest;
}
