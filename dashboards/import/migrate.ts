import { isJson, type Json, mappings, textAt } from "../../stack/validate/dashboards/dashboard.js";
import { migratedGraph } from "./migrate-graph.js";
import { migratedSinglestat } from "./migrate-singlestat.js";
import { migratedTable } from "./migrate-table.js";
import { mappingsFrom } from "./migrate-values.js";
import { without } from "./prune.js";

/** Says what a reader of the result should know. */
export type Tell = (what: string, why?: string) => void;

/**
 * A dashboard in the shape that Grafana itself turns older ones into when it opens them: rows that hold panels become
 * titles in a grid, and panels of types that are gone those of today.
 */
export function migrated(dashboard: Json, tell: Tell): Json {
  const { rows, sharedCrosshair, ...rest } = dashboard;
  const panels = [...(Array.isArray(rows) ? fromRows(mappings(rows)) : []), ...mappings(dashboard.panels)];
  return {
    ...rest,
    ...(sharedCrosshair === true && rest.graphTooltip === undefined && { graphTooltip: 1 }),
    panels: panels.map((panel) => ({
      ...migratedPanel(panel, tell),
      ...(Array.isArray(panel.panels) && {
        panels: mappings(panel.panels).map((inner) => migratedPanel(inner, tell)),
      }),
    })),
  };
}

const typesNow: Readonly<Record<string, (panel: Json, tell: Tell) => Json>> = {
  graph: migratedGraph,
  singlestat: migratedSinglestat,
  "grafana-singlestat-panel": migratedSinglestat,
  "table-old": migratedTable,
};

function migratedPanel(panel: Json, tell: Tell): Json {
  const type = textAt(panel, "type");
  if (type === "text" && panel.content !== undefined) {
    const { content, mode, ...rest } = panel;
    return { ...rest, options: { content, mode: mode ?? "markdown" } };
  }
  // Before Grafana 7 the table of today's name was the old one.
  const old = type === "table" && panel.styles !== undefined ? "table-old" : type;
  const migrate = typesNow[old];
  if (migrate) return migrate(panel, tell);
  return withMappings(
    isJson(panel.options) && isJson(panel.options.fieldOptions) ? fieldsApart(panel) : panel,
  );
}

/** Gauges of Grafana 6 kept among their options what is now said of fields. */
function fieldsApart(panel: Json): Json {
  const { fieldOptions, ...options } = panel.options as Json;
  const {
    defaults,
    overrides,
    override: _,
    thresholds,
    mappings: words,
    ...reduceOptions
  } = fieldOptions as Json;
  const defaultsBefore = isJson(defaults) ? defaults : {};
  const steps = Array.isArray(thresholds) && { thresholds: { mode: "absolute", steps: thresholds } };
  return {
    ...panel,
    fieldConfig: {
      defaults: { ...(words !== undefined && { mappings: words }), ...steps, ...defaultsBefore },
      overrides: overrides ?? [],
    },
    options: { ...options, reduceOptions },
  };
}

function withMappings(panel: Json): Json {
  if (!isJson(panel.fieldConfig) || !isJson(panel.fieldConfig.defaults)) return panel;
  const { defaults } = panel.fieldConfig;
  const words = mappings(defaults.mappings);
  if (!words.some(({ options }) => options === undefined)) return panel;
  return {
    ...panel,
    fieldConfig: { ...panel.fieldConfig, defaults: { ...defaults, mappings: mappingsFrom(words) } },
  };
}

/** Grafana's grid counts in units of 30 pixels with 8 between them, and of 24 columns where a row had 12. */
const unit = 38;
const usualHeight = 250;
const leastHeight = 90;

function fromRows(rows: readonly Json[]): Json[] {
  const titled = rows.some(({ collapse, showTitle, repeat }) => collapse || showTitle || repeat);
  let line = 0;
  return rows.flatMap((row) => {
    const height = units(row.height, units(usualHeight));
    const head = { x: 0, y: line, w: 24, h: 1 };
    if (titled) line += 1;
    let x = 0;
    let deepest = 0;
    const panels = mappings(row.panels).map((panel) => {
      const w = Math.min(24, Math.max(1, Math.floor(Number(panel.span ?? 4) * 2)));
      const h = units(panel.height, height);
      if (x + w > 24) {
        line += deepest;
        x = 0;
        deepest = 0;
      }
      const gridPos = { x, y: line, w, h };
      x += w;
      deepest = Math.max(deepest, h);
      return { ...without(panel, ["span", "height", "minSpan", "editable", "error"]), gridPos };
    });
    line += deepest;
    if (!titled) return panels;
    const collapsed = row.collapse === true;
    const header = {
      type: "row",
      title: textAt(row, "title"),
      collapsed,
      gridPos: head,
      ...(typeof row.repeat === "string" && { repeat: row.repeat }),
      panels: collapsed ? panels : [],
    };
    if (collapsed) line = head.y + 1;
    return collapsed ? [header] : [header, ...panels];
  });
}

/** A height in pixels (`250`, `"250px"`) in units of the grid. */
function units(height: unknown, otherwise = 0): number {
  const pixels = Number.parseFloat(String(height));
  return Number.isFinite(pixels) ? Math.ceil(Math.max(leastHeight, pixels) / unit) : otherwise;
}
