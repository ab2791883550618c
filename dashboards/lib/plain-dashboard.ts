import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type {
  AnnotationQuery,
  Dashboard,
  GridPos,
  Panel,
  RowPanel,
  VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { columns, type Placeable, placedRow, type Row } from "./layout.js";
import { present, type Settings } from "./plain-panel.js";

/** A title over what follows, up to the next one; people may fold that away. */
export interface Heading {
  heading: string;
  /** What else Grafana stores of it: `{ repeat: "instance" }`. */
  more?: Settings;
}

/** A panel at a place of its own, in columns of 24 and units of 30 pixels. */
export interface Placed {
  panel: Placeable;
  at: Pick<GridPos, "x" | "y" | "w" | "h">;
}

/** What a page has from top to bottom. */
export type LayoutItem = Row | Heading | Placed | FoldedSection;

/** A section (see `section`) that may hold panels at places of their own, which count from the page's top. */
export interface FoldedSection {
  title: string;
  rows: readonly (Row | Placed)[];
  /** What else Grafana stores of its title. */
  more?: Settings;
}

/** A title over what follows. */
export function heading(title: string, more?: Settings): Heading {
  return { heading: title, ...(more && { more }) };
}

/** A panel at a place of its own: `at({ x: 0, y: 4, w: 6, h: 8 }, panel)`. Rows go on below it. */
export function at(place: Placed["at"], panel: Placeable): Placed {
  return { panel, at: place };
}

/** A page as Grafana stores it. */
export interface PlainDashboardInput {
  uid: string;
  title: string;
  description?: string;
  tags?: readonly string[];
  /** Default: the last six hours, as Grafana has it. */
  time?: { from: string; to: string };
  refresh?: string;
  /** Made by `variable`, or as Grafana stores them. */
  variables?: readonly (Builder<VariableModel> | Settings)[];
  annotations?: readonly (Builder<AnnotationQuery> | Settings)[];
  links?: readonly Settings[];
  layout: readonly LayoutItem[];
  /** Whatever else Grafana stores of a dashboard. */
  more?: Settings;
}

/** A page without the defaults of the house: what isn't said is as Grafana has it. For those that come from elsewhere. */
export function plainDashboard(input: PlainDashboardInput): Dashboard {
  const { layout, variables = [], annotations = [], more, ...said } = input;
  const built = present({
    ...said,
    ...more,
    schemaVersion,
    templating: { list: variables.map(builtOf) },
    annotations: { list: annotations.map(builtOf) },
    panels: placed(layout),
  });
  return built as unknown as Dashboard;
}

/** Of the classic dashboards of the pinned Grafana, as its SDK has it. */
export const schemaVersion = 42;

function builtOf(each: Builder<unknown> | Settings): unknown {
  return typeof each.build === "function" ? each.build() : each;
}

function placed(layout: PlainDashboardInput["layout"]): (Panel | RowPanel)[] {
  let id = 0;
  let line = 0;
  const built = (panel: Placeable, gridPos: GridPos) => {
    panel.id(++id);
    panel.gridPos(gridPos);
    return panel.build();
  };
  const panelsOf = (item: Row | Placed): Panel[] => {
    if ("panel" in item) {
      line = Math.max(line, item.at.y + item.at.h);
      return [built(item.panel, item.at)];
    }
    const panels = placedRow(item, line).map(({ panel, gridPos }) => built(panel, gridPos));
    line += item.height;
    return panels;
  };
  const header = (title: string, collapsed: boolean, more?: Settings) => ({
    type: "row" as const,
    title,
    collapsed,
    ...more,
    id: ++id,
    gridPos: { x: 0, y: line++, w: columns, h: 1 },
  });
  return layout.flatMap((item): (Panel | RowPanel)[] => {
    if ("heading" in item) return [{ ...header(item.heading, false, item.more), panels: [] }];
    if (!("rows" in item)) return panelsOf(item);
    const head = header(item.title, true, item.more);
    const below = line;
    const panels = item.rows.flatMap(panelsOf);
    line = below;
    return [{ ...head, panels }];
  });
}
