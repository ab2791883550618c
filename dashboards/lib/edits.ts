import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Settings } from "./plain-panel.js";

/**
 * What is other about a dashboard than its code says. Settings are merged key by key; a list takes the place of the whole
 * list, and `undefined` takes a setting away.
 */
export interface DashboardEdits {
  uid: string;
  /** Of the dashboard itself: `{ refresh: "1m" }`. */
  set?: Settings;
  /** All of its variables, in the place of those that it has. */
  variables?: readonly Settings[];
  /** All of its annotations. */
  annotations?: readonly Settings[];
  /** Panels and titles by their title, by `#<id>` where several have it. `inRow`: the title under which it is folded away. */
  panels?: Readonly<Record<string, Settings>>;
  added?: readonly Settings[];
  /** Titles, or `#<id>`. */
  removed?: readonly string[];
}

type Json = Record<string, unknown>;

/** A panel or title, out of the title that it may be folded away under. */
export interface FlatPanel {
  /** Its title; `#<id>` where several have it, or none. */
  key: string;
  panel: Json;
  /** Key of the title that it is folded away under. */
  inRow?: string;
}

/** Dashboards with what was edited. Throws where an edit is of a dashboard or panel that there isn't. */
export function edited(dashboards: readonly Dashboard[], ...edits: readonly DashboardEdits[]): Dashboard[] {
  const lost = edits.find(({ uid }) => !dashboards.some((dashboard) => dashboard.uid === uid));
  if (lost) throw new Error(`There is no dashboard "${lost.uid}" to edit.`);
  return dashboards.map((dashboard) => {
    const own = edits.filter(({ uid }) => uid === dashboard.uid);
    return own.length === 0 ? dashboard : own.reduce(withEdits, dashboard);
  });
}

const before = Symbol.for("obs-stack.before-edits");

/** A dashboard as its code made it, before `edited`. */
export function beforeEdits<Given extends object>(dashboard: Given): Given {
  return (dashboard as { [before]?: Given })[before] ?? dashboard;
}

function withEdits(dashboard: Dashboard, edits: DashboardEdits): Dashboard {
  const { set = {}, variables, annotations, panels = {}, added = [], removed = [] } = edits;
  const flat = flatPanels((dashboard.panels ?? []) as unknown as Json[]);
  const missing = [...Object.keys(panels), ...removed].find((key) => !flat.some((each) => each.key === key));
  if (missing !== undefined)
    throw new Error(`The dashboard "${dashboard.title}" has no panel "${missing}" to edit.`);
  const kept = flat
    .filter(({ key }) => !removed.includes(key))
    .map(({ key, panel, inRow }): Json => merged({ ...panel, inRow }, panels[key] ?? {}));
  const result = merged(dashboard as unknown as Json, {
    ...set,
    ...(variables && { templating: { list: variables } }),
    ...(annotations && { annotations: { list: annotations } }),
    panels: folded([...kept, ...added]),
  });
  Object.defineProperty(result, before, { value: beforeEdits(dashboard) });
  return result as unknown as Dashboard;
}

/** Every panel and title of a dashboard. */
export function flatPanels(panels: readonly Json[]): FlatPanel[] {
  const flat = panels.flatMap((panel): { panel: Json; row?: Json }[] => {
    const inner = Array.isArray(panel.panels) ? (panel.panels as Json[]) : [];
    return [{ panel }, ...inner.map((each) => ({ panel: each, row: panel }))];
  });
  const titles = flat.map(({ panel }) => panel.title);
  const keyOf = (panel: Json) => {
    const { title, id } = panel;
    const isOwn = typeof title === "string" && title !== "" && !title.startsWith("#");
    return isOwn && titles.indexOf(title) === titles.lastIndexOf(title) ? title : `#${String(id)}`;
  };
  return flat.map(({ panel, row }) => ({ key: keyOf(panel), panel, ...(row && { inRow: keyOf(row) }) }));
}

/** Back into the titles, in the order of their places. */
function folded(panels: readonly Json[]): Json[] {
  const place = (panel: Json) => panel.gridPos as { x: number; y: number };
  const sorted = [...panels].sort((a, b) => place(a).y - place(b).y || place(a).x - place(b).x);
  const keys = new Map(flatPanels(sorted.map(withoutPanels)).map(({ key }, at) => [sorted[at], key]));
  return sorted
    .filter(({ inRow }) => inRow === undefined)
    .map((panel): Json => {
      if (panel.type !== "row") return panel;
      const inner = sorted.filter(({ inRow }) => inRow !== undefined && inRow === keys.get(panel));
      return { ...panel, panels: inner.map(({ inRow: _, ...each }) => each) };
    });
}

function withoutPanels({ panels: _, ...panel }: Json): Json {
  return panel;
}

function merged(value: Json, patch: Settings): Json {
  const result: Json = { ...value };
  for (const [key, each] of Object.entries(patch)) {
    const own = result[key];
    if (each === undefined) delete result[key];
    else result[key] = isMapping(own) && isMapping(each) ? merged(own, each) : each;
  }
  return result;
}

function isMapping(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
