import type { Scoped } from "../data/interpolate.js";
import type { GridPos, PanelJson } from "../data/model.js";

/** Columns of the grid. */
const columns = 24;

/** A panel, or the header of a section, at its place. */
export interface Placed {
  /** Tells apart what is repeated. */
  key: string;
  panel: PanelJson;
  place: GridPos;
  /** The variable's value that a repeated one is for. */
  scoped: Scoped;
  /** Of a header: whether its section is folded, and how many panels it has. */
  row?: { folded: boolean; count: number };
}

/** What decides how panels are placed. */
export interface LayoutInput {
  panels: readonly PanelJson[];
  /** Sections that were opened (false) or folded (true) by hand, by the key of their header. */
  folded: ReadonlyMap<string, boolean>;
  /** The values that a variable stands for, with their texts: what is repeated is repeated for each. */
  valuesOf(variable: string): readonly { value: string; text: string }[];
  /** On narrow screens each panel has a line of its own. */
  oneColumn?: boolean;
}

/** Places panels on the grid of 24 columns as Grafana does: repeated, in sections, each as far up as there is room. */
export function layOut({ panels, folded, valuesOf, oneColumn = false }: LayoutInput): Placed[] {
  const placed: Placed[] = [];
  const depth = new Array<number>(columns).fill(0);
  const place = (one: Omit<Placed, "place">, { x, w, h }: GridPos) => {
    const width = oneColumn ? columns : Math.min(Math.max(1, w), columns);
    const left = oneColumn ? 0 : Math.max(0, Math.min(x, columns - width));
    const y = Math.max(...depth.slice(left, left + width));
    depth.fill(y + h, left, left + width);
    placed.push({ ...one, place: { x: left, y, w: width, h } });
  };
  for (const { header, content } of sectionsOf(panels)) {
    for (const { key, scoped } of header ? copies(header, valuesOf) : [{ key: "", scoped: {} }]) {
      const isFolded = header !== undefined && (folded.get(key) ?? header.collapsed === true);
      if (header) {
        const row = { folded: isFolded, count: content.length };
        // A section begins below all that is before it.
        depth.fill(Math.max(...depth));
        place({ key, panel: header, scoped, row }, { x: 0, y: 0, w: columns, h: 1 });
      }
      if (isFolded) continue;
      for (const panel of content)
        for (const each of copies(panel, valuesOf))
          place({ key: key + each.key, panel, scoped: { ...scoped, ...each.scoped } }, each.place);
    }
  }
  return placed;
}

interface Section {
  header?: PanelJson;
  content: PanelJson[];
}

/** Folded sections hold their panels; open ones are followed by them. */
function sectionsOf(panels: readonly PanelJson[]): Section[] {
  const sections: Section[] = [{ content: [] }];
  for (const panel of inOrder(panels)) {
    if (panel.type === "row") sections.push({ header: panel, content: inOrder(panel.panels ?? []) });
    else sections.at(-1)!.content.push(panel);
  }
  return sections;
}

const noPlace: GridPos = { x: 0, y: 0, w: 12, h: 8 };

function inOrder(panels: readonly PanelJson[]): PanelJson[] {
  const at = ({ gridPos = noPlace }: PanelJson) => gridPos;
  return [...panels].sort((one, other) => at(one).y - at(other).y || at(one).x - at(other).x);
}

/** A panel once, or once for each value of the variable that it is repeated for. */
function copies(panel: PanelJson, valuesOf: LayoutInput["valuesOf"]) {
  const { id, repeat, repeatDirection = "h", maxPerRow = 4, gridPos = noPlace } = panel;
  const values = repeat ? valuesOf(repeat) : [];
  if (!repeat || values.length === 0) return [{ key: `/${id}`, scoped: {}, place: gridPos }];
  const beside = repeatDirection === "v" ? 1 : Math.min(values.length, maxPerRow);
  const w = repeatDirection === "v" ? gridPos.w : Math.floor(columns / beside);
  return values.map(({ value, text }, at) => ({
    key: at === 0 ? `/${id}` : `/${id}:${value}`,
    scoped: { [repeat]: { value, text } },
    place: { ...gridPos, w, x: repeatDirection === "v" ? gridPos.x : (at % beside) * w },
  }));
}
