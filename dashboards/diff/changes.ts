import { isDeepStrictEqual } from "node:util";
import { isJson, type Json, mappings, textAt } from "../../stack/validate/dashboards/dashboard.js";
import type { FlatPanel } from "../lib/edits.js";
import { differingKeys, type Versions, versions } from "./between.js";

/** Something that is other in Grafana than in code. */
export interface Change {
  kind: "added" | "removed" | "changed";
  /** What it is about, in words: `panel "Latency"`, `variable model`, `dashboard`. */
  of: string;
  /** Which of its settings: `query A`, `unit`, `place`. Undefined: all of it. */
  setting?: string;
  /** As the code has it, and as Grafana has it; undefined where there is none. */
  before?: unknown;
  after?: unknown;
}

/** Says what was edited in Grafana; empty where both mean the same. */
export function changesBetween(ours: object, theirs: object): Change[] {
  const both = versions(ours, theirs);
  return [...ofDashboard(both), ...ofPanels(both), ...ofLists(both)];
}

const apart = ["panels", "variables", "annotations", "uid"];

function ofDashboard({ ours, theirs }: Versions): Change[] {
  return differingKeys(ours, theirs)
    .filter((key) => !apart.includes(key))
    .map((key) => changed("dashboard", words[key] ?? key, ours[key], theirs[key]));
}

function ofPanels({ panels: { both, added, removed } }: Versions): Change[] {
  return [
    ...removed.map(({ panel }): Change => ({ kind: "removed", of: named(panel) })),
    ...added.map(({ panel }): Change => ({ kind: "added", of: named(panel) })),
    ...both.flatMap(({ ours, theirs }) => ofPanel(ours, theirs)),
  ];
}

function ofPanel(ours: FlatPanel, theirs: FlatPanel): Change[] {
  const of = named(ours.panel);
  const settings = differingKeys(ours.panel, theirs.panel).filter((key) => !["id", "panels"].includes(key));
  return [
    ...settings.flatMap((key) => ofSetting(of, key, ours.panel[key], theirs.panel[key])),
    ...(ours.inRow === theirs.inRow ? [] : [changed(of, "section", ours.inRow, theirs.inRow)]),
  ];
}

/** Settings that are said one by one. */
function ofSetting(of: string, key: string, before: unknown, after: unknown): Change[] {
  if (key === "targets") return ofQueries(of, mappings(before), mappings(after));
  const isNested = ["fieldConfig", "defaults", "custom", "options"].includes(key);
  if (!isNested) return [changed(of, words[key] ?? key, before, after)];
  const [a, b] = [isJson(before) ? before : {}, isJson(after) ? after : {}];
  return differingKeys(a, b)
    .filter((inner) => !isEmpty(a[inner]) || !isEmpty(b[inner]))
    .flatMap((inner) => ofSetting(of, inner, a[inner], b[inner]));
}

/** A panel without anything about its fields has them nevertheless, empty. */
function isEmpty(value: unknown): boolean {
  return (
    value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0)
  );
}

function ofQueries(of: string, before: readonly Json[], after: readonly Json[]): Change[] {
  const letters = [...new Set([...before, ...after].map((target) => textAt(target, "refId")))].sort();
  return letters.flatMap((letter) => {
    const [a, b] = [before, after].map((list) => list.find(({ refId }) => refId === letter));
    if (isDeepStrictEqual(a, b)) return [];
    const setting = `query ${letter}`;
    if (!a || !b)
      return [{ kind: a ? "removed" : "added", of, setting, before: textOf(a), after: textOf(b) }];
    return differingKeys(a, b).map(
      (key): Change =>
        queryKeys.includes(key)
          ? changed(of, setting, a[key], b[key])
          : changed(of, `${setting}: ${words[key] ?? key}`, a[key], b[key]),
    );
  });
}

const queryKeys = ["expr", "query", "rawSql"];

function textOf(target: Json | undefined): unknown {
  return target && (queryKeys.map((key) => target[key]).find((text) => typeof text === "string") ?? target);
}

function ofLists({ ours, theirs }: Versions): Change[] {
  return (["variables", "annotations"] as const).flatMap((list) => {
    const [before, after] = [mappings(ours[list]), mappings(theirs[list])];
    const names = [...new Set([...before, ...after].map((each) => textAt(each, "name")))];
    const changes = names.flatMap((name): Change[] => {
      const of = `${list.slice(0, -1)} ${name}`;
      const [a, b] = [before, after].map((all) => all.find((each) => textAt(each, "name") === name));
      if (a && b) return differingKeys(a, b).map((key) => changed(of, words[key] ?? key, a[key], b[key]));
      return [{ kind: a ? "removed" : "added", of }];
    });
    const isMoved = changes.length === 0 && !isDeepStrictEqual(before, after);
    return isMoved ? [changed("dashboard", `order of ${list}`, undefined, undefined)] : changes;
  });
}

function changed(of: string, setting: string, before: unknown, after: unknown): Change {
  const kind =
    before === undefined && after !== undefined
      ? "added"
      : after === undefined && before !== undefined
        ? "removed"
        : "changed";
  return {
    kind,
    of,
    setting,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  };
}

function named(panel: Json): string {
  const title = textAt(panel, "title");
  const kind = textAt(panel, "type") === "row" ? "section" : "panel";
  return title === "" ? `${kind} ${String(panel.id)}` : `${kind} "${title}"`;
}

/** What people call them. */
const words: Readonly<Record<string, string>> = {
  collapsed: "folded away",
  current: "first choice",
  datasource: "data source",
  graphTooltip: "shared crosshair",
  gridPos: "place",
  instant: "only now",
  legendFormat: "legend",
  mappings: "words for values",
  noValue: "word for nothing",
  overrides: "overrides",
  refresh: "refresh",
  thresholds: "limits",
  time: "time range",
  timezone: "time zone",
  type: "type",
};
