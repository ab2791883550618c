import { isDeepStrictEqual } from "node:util";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Json } from "../../stack/validate/dashboards/dashboard.js";
import { literal } from "../import/expression.js";
import { namer } from "../import/names.js";
import { printed } from "../import/print.js";
import { type DashboardEdits, edited, type FlatPanel } from "../lib/edits.js";
import { patchBetween, type Versions, versions } from "./between.js";
import { changesBetween } from "./changes.js";

/**
 * The edits that make of the dashboard that code makes the one that a Grafana holds. Throws an Error where they don't,
 * which would be a mistake of this code.
 */
export function editsBetween(ours: Dashboard, theirs: object): DashboardEdits {
  const both = versions(ours, theirs);
  const found = [editsOf(both, false), editsOf(both, true)].find(
    (edits) => changesBetween(edited([ours], edits)[0]!, theirs).length === 0,
  );
  if (!found) throw new Error(`The edits of the dashboard "${String(ours.title)}" can't be written down.`);
  return found;
}

/** `allPlaces`: also of panels that weren't moved; where gaps are in the code, those count. */
function editsOf(both: Versions, allPlaces: boolean): DashboardEdits {
  const { ours, panels } = both;
  const set = patchBetween(restOf(ours), restOf(both.theirs));
  const changed = Object.fromEntries(
    panels.both.flatMap((pair) => panelEdit(pair.ours, pair.theirs, allPlaces)),
  );
  return {
    uid: String(ours.uid),
    ...(Object.keys(set).length > 0 && { set }),
    ...listsOf(both),
    ...(Object.keys(changed).length > 0 && { panels: changed }),
    ...(panels.added.length > 0 && { added: panels.added.map(addedPanel) }),
    ...(panels.removed.length > 0 && { removed: panels.removed.map(({ key }) => key) }),
  };
}

function restOf({ panels: _, variables: __, annotations: ___, uid: ____, ...rest }: Json): Json {
  return rest;
}

function listsOf({ ours, theirs }: Versions): Pick<DashboardEdits, "variables" | "annotations"> {
  return Object.fromEntries(
    ["variables", "annotations"]
      .filter((key) => !isDeepStrictEqual(ours[key], theirs[key]))
      .map((key) => [key, theirs[key] ?? []]),
  );
}

/** Ids stay those of the code; panels of a title are edited each for itself. */
function panelEdit(ours: FlatPanel, theirs: FlatPanel, allPlaces: boolean): [string, Json][] {
  const ofPanel = ({ panel, inRow }: FlatPanel) => {
    const { id: _, panels: __, ...rest } = panel;
    return { ...rest, ...(inRow !== undefined && { inRow }) };
  };
  const [before, after] = [ofPanel(ours), ofPanel(theirs)];
  const patch = { ...patchBetween(before, after), ...(allPlaces && { gridPos: theirs.panel.gridPos }) };
  return Object.keys(patch).length === 0 ? [] : [[ours.key, patch]];
}

function addedPanel({ panel, inRow }: FlatPanel): Json {
  const { panels: _, ...rest } = panel;
  return { ...rest, ...(inRow !== undefined && { inRow }) };
}

/** A file that holds edits: its text, and the constant that it exports. */
export interface EditsFile {
  /** In the project. */
  path: string;
  text: string;
  exported: string;
}

/** Writes edits down as TypeScript. */
export function editsFile(edits: DashboardEdits, title: string): EditsFile {
  const exported = namer(["DashboardEdits", "dataSources"])(`${title} edits`, "dashboardEdits");
  const body = printed(literal(edits));
  const names = ["type DashboardEdits", ...(/\bdataSources\./.test(body) ? ["dataSources"] : [])];
  const imports = names.length > 1 ? `import { ${names.join(", ")} }` : "import type { DashboardEdits }";
  return {
    path: `dashboards/${edits.uid}.edits.ts`,
    text: `${imports} from "obs-stack/dashboards";

/** What was edited in Grafana. \`obs dashboards diff --write\` writes it anew. */
export const ${exported}: DashboardEdits = ${body};
`,
    exported,
  };
}
