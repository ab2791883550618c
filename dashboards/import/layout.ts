import type { GridPos } from "@grafana/grafana-foundation-sdk/dashboard";
import { type Json, mappings, textAt } from "../../stack/validate/dashboards/dashboard.js";
import { call, type Expression, list, literal, mapping } from "./expression.js";
import { without } from "./prune.js";

/** Panels in normal form as what is given to `layout`: rows where they fill one, titles, sections, and places of their own. */
export function layoutExpression(panels: readonly Json[], nameOf: (panel: Json) => Expression): Expression {
  return list(itemsOf(panels, 0, nameOf));
}

function itemsOf(panels: readonly Json[], from: number, nameOf: (panel: Json) => Expression): Expression[] {
  const items: Expression[] = [];
  let line = from;
  for (let at = 0; at < panels.length; ) {
    const panel = panels[at]!;
    if (textAt(panel, "type") === "row") {
      items.push(titled(panel, nameOf));
      line += 1;
      at += 1;
      continue;
    }
    const beside = filling(panels.slice(at), line);
    if (beside) {
      items.push(rowOf(beside, nameOf));
      line += placeOf(panel).h;
      at += beside.length;
      continue;
    }
    const { x, y, w, h } = placeOf(panel);
    items.push(call("at", literal({ x, y, w, h }), nameOf(panel)));
    line = Math.max(line, y + h);
    at += 1;
  }
  return items;
}

function titled(header: Json, nameOf: (panel: Json) => Expression): Expression {
  const title = textAt(header, "title");
  const more = without(header, ["type", "title", "collapsed", "panels", "gridPos", "id"]);
  const hasMore = Object.keys(more).length > 0;
  if (header.collapsed !== true) return call("heading", literal(title), ...(hasMore ? [literal(more)] : []));
  const rows = itemsOf(mappings(header.panels), placeOf(header).y + 1, nameOf);
  const flows = rows.every((each) => each.kind === "call" && each.callee === "row");
  if (flows && !hasMore) return call("section", literal(title), ...rows);
  return mapping({ title: literal(title), rows: list(rows), more: hasMore ? literal(more) : undefined });
}

/** The panels at the beginning that make a row of their own at a line: of one height, without gaps, as wide as the page. */
function filling(panels: readonly Json[], line: number): Json[] | undefined {
  const height = placeOf(panels[0]!).h;
  let x = 0;
  for (const [at, panel] of panels.entries()) {
    const place = placeOf(panel);
    if (textAt(panel, "type") === "row" || place.y !== line || place.x !== x || place.h !== height)
      return undefined;
    x += place.w;
    if (x === 24) return panels.slice(0, at + 1);
  }
  return undefined;
}

function rowOf(panels: readonly Json[], nameOf: (panel: Json) => Expression): Expression {
  const widths = panels.map((panel) => placeOf(panel).w);
  const equal = widths.every((width) => width === widths[0]);
  return call(
    "row",
    literal(placeOf(panels[0]!).h),
    ...panels.map((panel, at) => (equal ? nameOf(panel) : call("span", literal(widths[at]), nameOf(panel)))),
  );
}

function placeOf(panel: Json): GridPos {
  return panel.gridPos as GridPos;
}
