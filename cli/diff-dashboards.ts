import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { type Change, changesBetween, editsBetween, editsFile } from "../dashboards/diff/index.js";
import { importDashboard } from "../dashboards/import/index.js";
import { rewritten } from "../dashboards/import/rewrite.js";
import { beforeEdits } from "../dashboards/lib/edits.js";
import { runbooksUrl } from "../stack/alerting/runbooks.js";
import type { StackInput } from "../stack/define.js";
import { fetchDashboard, type GrafanaAccess, searchDashboards } from "../stack/grafana/client.js";
import { loadDefinition } from "../stack/load.js";
import { placeImported } from "../stack/place-imported.js";
import type { Project } from "../stack/project.js";
import { runbooksVariable } from "../stack/services/names.js";
import type { Problem } from "../stack/validate/problem.js";
import type { DiffOptions } from "./commands/dashboards/diff.js";
import type { Context } from "./context.js";
import { noDashboard } from "./generated-dashboards.js";
import { grafanaAccess } from "./grafana-access.js";
import { importedFiles, importPath } from "./imported-files.js";

/** A dashboard of the definition, of Grafana, or of both. */
export interface DashboardDifference {
  uid: string;
  title: string;
  state: "equal" | "different" | "only in code" | "only in Grafana";
  /** As Grafana counts what was saved. */
  version?: number;
  changes: Change[];
  /** Grafana takes no edits of it: what differs is newer in code, or older. */
  refusesEdits?: true;
  /** What was written for it, relative to the project. */
  written?: string;
}

interface Compared extends DashboardDifference {
  ours?: Dashboard;
  theirs?: object;
}

/** `obs dashboards diff`. */
export async function diffDashboards(
  context: Context,
  { url, write = false, json = false }: DiffOptions,
  uids: readonly string[],
): Promise<0 | 1> {
  const project = await context.project();
  const { stack, input } = await loadDefinition(project);
  const access = await grafanaAccess(project, stack, url, context.signal);
  const compared = await compare(access, builtDashboards(input), {
    uids,
    folder: stack.name,
    runbooks: runbooksUrl(stack),
    refusesEdits: url === undefined && !stack.grafana.allowEdits,
  });
  const problems: Problem[] = [];
  const notes: string[] = [];
  if (write) for (const each of compared) await writeBack(project, each, notes, problems);
  const shown = compared.map(({ ours: _, theirs: __, ...difference }) => difference);
  if (json) context.print(JSON.stringify({ grafana: access.url, dashboards: shown }, null, 2));
  else {
    const { formatDifferences } = await import("./reporters/dashboard-differences.js");
    context.print(formatDifferences(shown, { color: context.color.stdout, write }));
  }
  for (const note of notes) context.note(note);
  await context.report(problems);
  return shown.some(({ state, written }) => state !== "equal" && written === undefined) ? 1 : 0;
}

/** As the definition's code makes them: what is known of edits is lost where the definition is checked. */
function builtDashboards({ dashboards = [] }: StackInput): Dashboard[] {
  return dashboards as object[] as Dashboard[];
}

async function compare(
  access: GrafanaAccess,
  code: readonly Dashboard[],
  {
    uids,
    folder,
    runbooks,
    refusesEdits,
  }: { uids: readonly string[]; folder: string; runbooks: string; refusesEdits: boolean },
): Promise<Compared[]> {
  const known = code.map(({ uid }) => String(uid));
  const others =
    uids.length > 0
      ? uids.filter((uid) => !known.includes(uid))
      : (await searchDashboards(access))
          .filter(({ uid, folderTitle }) => folderTitle === folder && !known.includes(uid))
          .map(({ uid }) => uid);
  const wanted = uids.length === 0 ? code : code.filter(({ uid }) => uids.includes(String(uid)));
  const compared: Compared[] = [];
  for (const uid of [...wanted.map((each) => String(each.uid)), ...others]) {
    const ours = code.find((each) => each.uid === uid);
    const held = await fetchDashboard(access, uid);
    if (!ours && !held) throw noDashboard(uid, known);
    // Links to runbooks are filled in on the way to Grafana.
    const theirs =
      held && (JSON.parse(JSON.stringify(held.dashboard).replaceAll(runbooks, runbooksVariable)) as object);
    const changes = ours && theirs ? changesBetween(ours, theirs) : [];
    compared.push({
      uid,
      title: String(ours?.title ?? held?.dashboard.title),
      state:
        ours && theirs
          ? changes.length > 0
            ? "different"
            : "equal"
          : ours
            ? "only in code"
            : "only in Grafana",
      ...(held?.version !== undefined && { version: held.version }),
      changes,
      ...(refusesEdits && ours && held?.provisioned && { refusesEdits }),
      ...(ours && { ours }),
      ...(theirs && { theirs }),
    });
  }
  return compared;
}

async function writeBack(
  project: Project,
  each: Compared,
  notes: string[],
  problems: Problem[],
): Promise<void> {
  const { uid, title, ours, theirs, state } = each;
  // Writing back what Grafana was given before would undo what was changed in code since.
  if (state === "equal" || !theirs || each.refusesEdits) return;
  const place = (files: { path: string; text: string }[], force: boolean) =>
    placeImported(project.root, files, { force, id: "dashboard-file-exists" });
  if (!ours) {
    const { code, problems: found } = importDashboard(JSON.stringify(theirs), `${title} of Grafana`);
    const path = `dashboards/${code.fileName}.ts`;
    await place([{ path, text: code.text }], false);
    problems.push(...found);
    notes.push(`Next: list ${code.exported} of ${path} in dashboards of obs.config.ts.`);
    each.written = path;
    return;
  }
  const original = beforeEdits(ours);
  const imported =
    original === ours ? (await importedFiles(project)).find((file) => file.uid === uid) : undefined;
  if (imported) {
    await place([{ path: imported.path, text: rewritten(theirs, imported.exported) }], true);
    each.written = imported.path;
    return;
  }
  const file = editsFile(editsBetween(original, theirs), title);
  await place([file], true);
  each.written = file.path;
  const { input } = await loadDefinition(project);
  const applied = builtDashboards(input).find((dashboard) => dashboard.uid === uid);
  if (!applied || changesBetween(applied, theirs).length > 0)
    notes.push(
      `Next: apply ${file.path} in obs.config.ts (import { ${file.exported} } from "./${importPath(file.path)}"): ` +
        `dashboards: edited([...], ${file.exported}).`,
    );
}
