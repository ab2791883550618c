import { isDeepStrictEqual } from "node:util";
import { isJson, type Json, mappings, textAt } from "../../stack/validate/dashboards/dashboard.js";
import { normalised } from "../import/index.js";
import { type FlatPanel, flatPanels } from "../lib/edits.js";

/** Panels of two versions of a dashboard, each with the other's. */
export interface Pairing {
  both: { ours: FlatPanel; theirs: FlatPanel }[];
  /** Only in ours. */
  removed: FlatPanel[];
  /** Only in theirs. */
  added: FlatPanel[];
}

/** Two versions of a dashboard in normal form. */
export interface Versions {
  ours: Json;
  theirs: Json;
  panels: Pairing;
}

/** Puts the dashboard that code makes beside the one that a Grafana holds. */
export function versions(ours: object, theirs: object): Versions {
  const forms = { ours: normalised(ours), theirs: normalised(theirs) };
  return { ...forms, panels: paired(mappings(forms.ours.panels), mappings(forms.theirs.panels)) };
}

/** Grafana keeps ids; where one was given anew, the title tells. */
function paired(ours: readonly Json[], theirs: readonly Json[]): Pairing {
  const [own, other] = [flatPanels(ours), flatPanels(theirs)];
  const both: Pairing["both"] = [];
  const pair = (fits: (one: FlatPanel, another: FlatPanel) => boolean) => {
    for (const each of own) {
      if (both.some((taken) => taken.ours === each)) continue;
      const match = other.find((one) => !both.some((taken) => taken.theirs === one) && fits(each, one));
      if (match) both.push({ ours: each, theirs: match });
    }
  };
  const isRow = ({ panel }: FlatPanel) => textAt(panel, "type") === "row";
  const sameId = (a: FlatPanel, b: FlatPanel) => a.panel.id !== undefined && a.panel.id === b.panel.id;
  pair((a, b) => isRow(a) === isRow(b) && sameId(a, b) && a.panel.title === b.panel.title);
  pair((a, b) => isRow(a) === isRow(b) && a.key === b.key && !a.key.startsWith("#"));
  pair((a, b) => isRow(a) === isRow(b) && sameId(a, b) && isAlike(a.panel, b.panel));
  both.sort((a, b) => own.indexOf(a.ours) - own.indexOf(b.ours));
  return {
    both,
    removed: own.filter((each) => !both.some(({ ours: taken }) => taken === each)),
    added: other.filter((each) => !both.some(({ theirs: taken }) => taken === each)),
  };
}

/** A panel with another title is still the same when it asks or is drawn the same. */
function isAlike(a: Json, b: Json): boolean {
  return a.type === b.type || isDeepStrictEqual(a.targets, b.targets);
}

/** Keys by which two mappings differ. */
export function differingKeys(a: Json, b: Json): string[] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.filter((key) => !isDeepStrictEqual(a[key], b[key]));
}

/** What makes `to` of `from` when merged; `undefined` for what is gone. */
export function patchBetween(from: Json, to: Json): Json {
  return Object.fromEntries(
    differingKeys(from, to).map((key) => {
      const [before, after] = [from[key], to[key]];
      return [key, isJson(before) && isJson(after) ? patchBetween(before, after) : after];
    }),
  );
}
