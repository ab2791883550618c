import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";

/** Columns of Grafana's grid. */
export const columns = 24;

/** Panels that a page shows before its sections: more than that nobody takes in. */
export const mostPanels = 12;

/** What a panel's builder must be able to do to be placed. */
export interface Placeable extends Builder<Panel> {
  id(id: number): unknown;
  gridPos(position: { x: number; y: number; w: number; h: number }): unknown;
}

/** A panel with its width in columns. */
export interface Cell {
  width: number;
  panel: Placeable;
}

/** Panels beside each other. */
export interface Row {
  height: number;
  cells: readonly Cell[];
}

/** Rows that are folded away until somebody asks for them. */
export interface Section {
  title: string;
  rows: readonly Row[];
}

/** A panel of a width of its own in a row, in columns of 24. */
export function span(width: number, panel: Placeable): Cell {
  return { width, panel };
}

/**
 * Panels beside each other, `height` units of 30 pixels high. Those without a width of their own share what is left.
 * Throws when the widths don't add up to 24 columns.
 */
export function row(height: number, ...panels: readonly (Placeable | Cell)[]): Row {
  const sized = panels.map((each) => ("panel" in each ? each : { width: undefined, panel: each }));
  const open = sized.filter(({ width }) => width === undefined).length;
  const taken = sized.reduce((sum, { width = 0 }) => sum + width, 0);
  const share = open === 0 ? 0 : (columns - taken) / open;
  const cells = sized.map(({ width = share, panel }) => ({ width, panel }));
  const odd = cells.find(({ width }) => !Number.isInteger(width) || width < 1);
  const sum = cells.reduce((total, { width }) => total + width, 0);
  if (odd || sum !== columns || !Number.isInteger(height) || height < 1)
    throw new Error(
      `A row must be whole units high and fill ${columns} columns, each panel a whole number of them: ` +
        `this one is ${height} high and has ${cells.map(({ width }) => Number(width.toFixed(2))).join(" + ") || "no panels"}.`,
    );
  return { height, cells };
}

/** Rows that are folded away until somebody asks for them, below a title. */
export function section(title: string, ...rows: readonly Row[]): Section {
  return { title, rows };
}

/** The panels of a row that begins at a line, with their places. */
export function placedRow({ height, cells }: Row, y: number) {
  let x = 0;
  return cells.map(({ width: w, panel }) => {
    const gridPos = { x, y, w, h: height };
    x += w;
    return { panel, gridPos };
  });
}

/**
 * Hands out ids, and places from top to bottom. A section takes one line, whatever is folded away in it: Grafana moves down
 * what is below when it is opened.
 */
export function placer() {
  let id = 0;
  let line = 0;
  const placeAt = (top: number, rows: readonly Row[]): { panels: Placeable[]; end: number } => {
    let y = top;
    const panels = rows.flatMap((each) => {
      const placed = placedRow(each, y).map(({ panel, gridPos }) => {
        panel.id(++id);
        panel.gridPos(gridPos);
        return panel;
      });
      y += each.height;
      return placed;
    });
    return { panels, end: y };
  };
  return {
    rows(rows: readonly Row[]): Placeable[] {
      const { panels, end } = placeAt(line, rows);
      line = end;
      return panels;
    },
    section(rows: readonly Row[]): { id: number; y: number; panels: Placeable[] } {
      const header = { id: ++id, y: line };
      line += 1;
      return { ...header, panels: placeAt(line, rows).panels };
    },
  };
}
