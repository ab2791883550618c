import type { PreviewProblem } from "../../dashboards/preview/api.js";
import { isJson, type Json, mappings, panelsOf, textAt } from "../validate/dashboards/dashboard.js";
import type { Problem } from "../validate/problem.js";

/** Tells for a finding about a definition which dashboard and panel it is about, as far as its place says so. */
export function placed(problem: Problem, dashboards: readonly Json[]): PreviewProblem {
  const keyPath = problem.place?.keyPath ?? "";
  const [, named, position, rest = ""] =
    /^dashboards\[(?:("(?:[^"\\]|\\.)*")|(\d+))\](.*)$/s.exec(keyPath) ?? [];
  const dashboard =
    named === undefined
      ? dashboards[Number(position ?? Number.NaN)]
      : dashboards.find(({ uid }) => JSON.stringify(uid) === named);
  if (!dashboard) return problem;
  const panel = named === undefined ? panelAt(dashboard, rest) : panelNamed(dashboard, keyPath);
  return {
    ...problem,
    dashboard: textAt(dashboard, "uid"),
    ...(typeof panel?.id === "number" && { panelId: panel.id }),
  };
}

/** Of a path by titles, as checks of queries write it. */
function panelNamed(dashboard: Json, keyPath: string): Json | undefined {
  return panelsOf(dashboard).find(
    (each) => keyPath === each.keyPath || keyPath.startsWith(`${each.keyPath}.`),
  )?.panel;
}

/** Of a path by positions, as it lies in the JSON: `.panels[3].panels[0].datasource`. */
function panelAt(dashboard: Json, path: string): Json | undefined {
  let panel: Json | undefined;
  for (const [, at] of (/^(?:\.panels\[\d+\])*/.exec(path)?.[0] ?? "").matchAll(/\[(\d+)\]/g))
    panel = mappings((panel ?? dashboard).panels)[Number(at)];
  return isJson(panel) ? panel : undefined;
}

/**
 * The same for a finding at a line of a source file: it is about the dashboard whose UID stands in that file, where that is
 * one only. `read` gives the text of a file, undefined where it can't be read.
 */
export function placedBySource(
  problem: PreviewProblem,
  uids: readonly string[],
  read: (file: string) => string | undefined,
): PreviewProblem {
  const { place, dashboard } = problem;
  if (dashboard !== undefined || place?.line === undefined) return problem;
  const text = read(place.file) ?? "";
  const [uid, ...others] = uids.filter((each) =>
    [`"${each}"`, `'${each}'`].some((name) => text.includes(name)),
  );
  return uid === undefined || others.length > 0 ? problem : { ...problem, dashboard: uid };
}
