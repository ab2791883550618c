import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  type AnnotationQuery,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type DashboardLink,
  RowBuilder,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { alertAnnotations } from "./alerts.js";
import { columns, mostPanels, placer, type Row, type Section } from "./layout.js";
import { menu, tag } from "./links.js";

/** The one time zone of all pages: the viewer's own, as every clock on the wall has it. */
export const timeZone = "browser";

/** A page. */
export interface DashboardInput {
  /** Names it for ever: in links, in runbooks, in bookmarks. */
  uid: string;
  title: string;
  /** The question that it answers. */
  description: string;
  /** What is seen at once: at most 12 panels. */
  rows: readonly Row[];
  /** What is folded away below. */
  sections?: readonly Section[];
  variables?: readonly Builder<VariableModel>[];
  /** Names of the alerts that are marked on its graphs, as a regular expression. */
  alerts?: string;
  /** More than the alerts: deployments, say. */
  annotations?: readonly Builder<AnnotationQuery>[];
  /** More than the menu of all dashboards. */
  links?: readonly Builder<DashboardLink>[];
  /** How far back it looks at first. Default: 1h. */
  range?: string;
  /** Default: 30s. */
  refresh?: string;
}

/** Builds a page with what all pages have in common. Throws when more panels are seen at once than anybody takes in. */
export function dashboard(input: DashboardInput): Dashboard {
  const { rows, sections = [], variables = [], alerts, annotations = [], links = [] } = input;
  const visible = rows.reduce((sum, { cells }) => sum + cells.length, 0);
  if (visible > mostPanels)
    throw new Error(
      `The dashboard "${input.title}" shows ${visible} panels at once, and people take in at most ${mostPanels}: ` +
        "move some into a section, `sections: [section(title, row(...))]`.",
    );
  const built = new DashboardBuilder(input.title)
    .uid(input.uid)
    .description(input.description)
    .tags([tag])
    .timezone(timeZone)
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: `now-${input.range ?? "1h"}`, to: "now" })
    .refresh(input.refresh ?? "30s")
    .links([menu(), ...links])
    .variables([...variables])
    .annotations([...(alerts === undefined ? [] : [alertAnnotations(alerts)]), ...annotations]);
  const grid = placer();
  for (const panel of grid.rows(rows)) built.withPanel(panel);
  for (const { title, rows: folded } of sections) {
    const { id, y, panels } = grid.section(folded);
    const header = new RowBuilder(title).id(id).gridPos({ x: 0, y, w: columns, h: 1 });
    for (const panel of panels) header.withPanel(panel);
    built.withRow(header.collapsed(true));
  }
  return built.build();
}
