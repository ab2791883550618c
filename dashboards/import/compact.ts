import { isJson, type Json, mappings, textAt } from "../../stack/validate/dashboards/dashboard.js";
import { numberOf } from "./migrate-values.js";

interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

/**
 * Panels in the order in which they are read, each moved up as far as there is nothing above it: Grafana does the same when
 * it draws a page, whatever places are written. What follows a title that isn't folded away stays below it.
 */
export function compacted(panels: readonly Json[]): Json[] {
  return settled(panels, 0);
}

function settled(panels: readonly Json[], from: number): Json[] {
  const placed: Place[] = [];
  const sorted = inOrder(panels.map((panel) => ({ panel, place: placeOf(panel) })));
  const settledPanels = sorted.map(({ panel, place }) => {
    const isRow = textAt(panel, "type") === "row";
    const own = isRow ? { ...place, x: 0, w: 24, h: 1 } : place;
    const y = placed
      .filter(({ x, w }) => x < own.x + own.w && own.x < x + w)
      .reduce((lowest, { y, h }) => Math.max(lowest, y + h), from);
    const gridPos = { ...own, y };
    placed.push(gridPos);
    const inner = isRow ? { panels: settled(mappings(panel.panels), y + 1) } : {};
    return { panel: { ...panel, gridPos, ...inner }, place: gridPos };
  });
  return inOrder(settledPanels).map(({ panel }) => panel);
}

function inOrder<Each extends { place: Place }>(panels: readonly Each[]): Each[] {
  return [...panels].sort((one, other) => one.place.y - other.place.y || one.place.x - other.place.x);
}

/** A whole number of columns and units, within the page. */
function placeOf({ gridPos }: Json): Place {
  const given = isJson(gridPos) ? gridPos : {};
  const whole = (value: unknown, otherwise: number) => Math.max(0, Math.round(numberOf(value) ?? otherwise));
  const w = Math.min(24, Math.max(1, whole(given.w, 12)));
  return {
    x: Math.min(whole(given.x, 0), 24 - w),
    y: whole(given.y, 0),
    w,
    h: Math.max(1, whole(given.h, 8)),
  };
}
