import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Stack } from "../define.js";
import { packageRoot } from "../package-root.js";
import { portNumber } from "../ports.js";
import { type Project, shownPath } from "../project.js";
import type { ProjectTextFile } from "../services/service.js";
import type { Problem } from "../validate/problem.js";
import type { RulePack } from "./define-rules.js";
import { declaredPlace } from "./pack-places.js";

/** Where runbooks lie, in a project and in this package: `<Alert>.md`. */
export const runbookFolder = "alerts/runbooks";

/** What the on-call engineer does about an alert. */
export interface Runbook {
  alert: string;
  /** Its file: relative to the project where it lies there, else absolute. */
  source: string;
  /** Markdown. */
  text: string;
}

/** Where runbooks are shown to people: Prometheus serves them, unless the definition names another place. */
export function runbooksUrl(stack: Stack): string {
  const base = stack.alerting.runbookUrl ?? `http://127.0.0.1:${portNumber(stack, "prometheus")}/user`;
  return base.replace(/\/$/, "");
}

/** Where the runbook of an alert is shown. */
export function runbookUrl(stack: Stack, alert: string): string {
  return `${runbooksUrl(stack)}/${encodeURIComponent(alert)}.html`;
}

/** The runbooks that come with obs and those in the project's folder, by alert, sorted; the project's win. */
export async function listRunbooks(project?: Project): Promise<Runbook[]> {
  const [shipped, own] = await Promise.all([
    readFolder(join(packageRoot, runbookFolder), (file) => join(packageRoot, runbookFolder, file)),
    project ? readFolder(join(project.root, runbookFolder), (file) => `${runbookFolder}/${file}`) : [],
  ]);
  const found = new Map([...shipped, ...own].map((runbook) => [runbook.alert, runbook]));
  return [...found.values()].sort(byAlert);
}

/**
 * The runbooks of a definition: one for each alert of its packs (the file that the alert names, else the project's, else
 * the one that comes with obs), and whatever else lies in the project's folder. An alert without one is a finding, unless
 * people read runbooks elsewhere.
 */
export async function readRunbooks(
  project: Project,
  stack: Stack,
): Promise<{ runbooks: Runbook[]; problems: Problem[] }> {
  const listed = new Map((await listRunbooks(project)).map((runbook) => [runbook.alert, runbook]));
  const ofProject = [...listed.values()].filter(({ source }) => source.startsWith(`${runbookFolder}/`));
  const wanted = new Map(ofProject.map((runbook) => [runbook.alert, runbook]));
  const problems: Problem[] = [];
  for (const pack of stack.alerting.packs) {
    for (const rule of alertsOf(pack)) {
      const named =
        rule.runbook === undefined ? undefined : await readNamed(project, rule.name, rule.runbook);
      const runbook = rule.runbook === undefined ? listed.get(rule.name) : named;
      if (runbook) wanted.set(rule.name, runbook);
      else if (rule.runbook !== undefined || stack.alerting.runbookUrl === undefined)
        problems.push({
          id: "missing-runbook",
          severity: "warning",
          what: `The alert ${rule.name} has no runbook: there is no ${rule.runbook ?? `${runbookFolder}/${rule.name}.md`}.`,
          why: "Whoever is woken by this alert looks for it.",
          next: "Write it: what the alert means, what to look at first, what mends it. Paths begin at the project's folder.",
          place: declaredPlace(rule, pack, project),
        });
    }
  }
  return { runbooks: [...wanted.values()].sort(byAlert), problems };
}

/** The pages that Prometheus serves, index included; none where there are no runbooks. */
export async function runbookPages(runbooks: readonly Runbook[]): Promise<ProjectTextFile[]> {
  // The name of an alert may be any text, that of a file may not.
  const shown = runbooks.filter(({ alert }) => /^\w[\w .:-]*$/.test(alert) && alert !== "index");
  if (shown.length === 0) return [];
  const { indexPage, runbookPage } = await import("./runbook-page.js");
  return [
    ...shown.map((runbook) => ({
      name: `${runbook.alert}.html`,
      source: runbook.source,
      text: runbookPage(runbook),
    })),
    { name: "index.html", source: runbookFolder, text: indexPage(shown) },
  ];
}

/** One line of a runbook: what its alert means. */
export function meaningOf({ text }: Runbook): string {
  const paragraph = text.split(/\n\s*\n/).find((each) => each.trim() !== "" && !each.startsWith("#")) ?? "";
  return paragraph
    .trim()
    .replaceAll(/\s+/g, " ")
    .replace(/^\*\*Meaning\.?\*\*\s*/, "");
}

/** Alerts of a pack, one of each name. */
function alertsOf(pack: RulePack) {
  const alerts = pack.groups.flatMap(({ rules }) => rules.filter((rule) => rule.kind === "alert"));
  return new Map(alerts.map((rule) => [rule.name, rule])).values();
}

async function readNamed(project: Project, alert: string, path: string): Promise<Runbook | undefined> {
  return readFile(join(project.root, path), "utf8").then(
    (text) => ({ alert, source: shownPath(project, join(project.root, path)), text }),
    () => undefined,
  );
}

async function readFolder(folder: string, source: (file: string) => string): Promise<Runbook[]> {
  const names = await readdir(folder).catch(() => []);
  const runbooks = await Promise.all(
    names
      .filter((name) => name.endsWith(".md"))
      .map(async (name) =>
        readFile(join(folder, name), "utf8").then(
          (text): Runbook[] => [{ alert: name.slice(0, -".md".length), source: source(name), text }],
          () => [],
        ),
      ),
  );
  return runbooks.flat();
}

function byAlert(one: Runbook, other: Runbook): number {
  return one.alert < other.alert ? -1 : 1;
}
