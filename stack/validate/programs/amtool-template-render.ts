import { readFile, writeFile } from "node:fs/promises";
import { isMapping } from "../../render/merge.js";
import { mappingAt, strings, textsOf } from "../yaml-values.js";
import type { Layout } from "./layout.js";
import type { ProgramCheckOfSeveralRuns, ProgramFinding, RunOnce, Unable } from "./program-check.js";
import { isUndefinedTemplate, templateFault, templateFinding } from "./template-fault.js";
import { sampleNotifications } from "./template-samples.js";

/** What a receiver sends: the text of one of its fields, with templates in it. */
interface Text {
  text: string;
  /** The HTML of e-mails is rendered by other rules. */
  type: "text" | "html";
}

/**
 * amtool renders every text of every receiver, as Alertmanager would for notifications of different kinds: what is wrong with
 * a template shows only then, and Alertmanager itself logs it and tells nobody.
 */
export const amtoolTemplateRender: ProgramCheckOfSeveralRuns = {
  id: "amtool-template-render",
  program: "amtool",
  title: "amtool template render",
  owner: "alertmanager",
  async judge(run, layout) {
    const { globs, texts } = await configured(layout);
    const files = layout.sources("alertmanager");
    const samples = await Promise.all(
      sampleNotifications.map(async ({ title, data }, at) => {
        const file = layout.outputFile(`notification-${at}`);
        await writeFile(file, JSON.stringify(data));
        return { title, file };
      }),
    );
    const render = (each: Text, sample: { file: string }, from = globs) =>
      run([
        "template",
        "render",
        ...from.map((glob) => `--template.glob=${glob}`),
        `--template.text=${each.text}`,
        `--template.type=${each.type}`,
        `--template.data=${sample.file}`,
      ]);

    // Most of the time all is well, and all texts one after the other show it.
    const together = (["text", "html"] as const)
      .map((type) => ({ type, text: textsOfType(texts, type).join("\n") }))
      .filter(({ type, text }) => text !== "" || type === "text");
    const whole = await all(together.flatMap((each) => samples.map((sample) => () => render(each, sample))));
    if ("unable" in whole) return whole;
    if (!whole.some(({ failed }) => failed)) return [];

    // A file that can't be read hides all others: each by itself.
    const alone = await all(
      files.map((file) => () => render({ text: "", type: "text" }, samples[0]!, [file])),
    );
    if ("unable" in alone) return alone;
    const unreadable = alone.flatMap((result) => findingsOf(result, "", layout));
    if (unreadable.length > 0) return unreadable;

    const findings: ProgramFinding[] = [];
    for (const each of texts) {
      const results = await all(samples.map((sample) => () => render(each, sample)));
      if ("unable" in results) return results;
      const failed = results.flatMap((result, at) => (result.failed ? [{ result, ...samples[at]! }] : []));
      const when = failed.length < samples.length ? failed[0]?.title : undefined;
      findings.push(
        ...failed.slice(0, 1).flatMap(({ result }) => findingsOf(result, each.text, layout, when)),
      );
    }
    return findings.filter((finding, at) => findings.findIndex((other) => isSame(finding, other)) === at);
  },
};

function findingsOf(
  { lines, failed }: { lines: string[]; failed: boolean },
  text: string,
  layout: Layout,
  when?: string,
): ProgramFinding[] {
  if (!failed) return [];
  const faults = lines.flatMap((line) => templateFault(line) ?? []);
  if (faults.length === 0)
    return [
      {
        severity: "error",
        what: "amtool can't render a text of a receiver.",
        output: [...lines.filter((line) => line.trim() !== "").map(layout.shown), ...(text ? [text] : [])],
      },
    ];
  // The check unknown-template says so, at the receiver.
  return faults
    .filter((fault) => fault.file !== "" || !isUndefinedTemplate(fault))
    .map((fault) => templateFinding(fault, { text, layout, ...(when !== undefined && { when }) }));
}

/** Where Alertmanager looks for templates, and the texts of its receivers, as rendered with the overrides. */
async function configured(layout: Layout): Promise<{ globs: string[]; texts: Text[] }> {
  const { load } = await import("js-yaml");
  const text = await readFile(`${layout.configDir("alertmanager")}/alertmanager.yml`, "utf8");
  let config: unknown;
  try {
    config = load(text);
  } catch {
    // The check yaml-reread says so.
  }
  const { templates, receivers } = mappingAt(config, []);
  const found = (Array.isArray(receivers) ? receivers.filter(isMapping) : [])
    .flatMap((receiver) => strings(receiver))
    .filter(({ text: each }) => each.includes("{{"))
    .map(
      ({ path, text: each }): Text => ({
        text: each,
        type: path[0] === "email_configs" && path.at(-1) === "html" ? "html" : "text",
      }),
    );
  const texts = found.filter(
    (each, at) => found.findIndex((other) => other.text === each.text && other.type === each.type) === at,
  );
  return { globs: textsOf(templates), texts };
}

function textsOfType(texts: readonly Text[], wanted: Text["type"]): string[] {
  return texts.filter(({ type }) => type === wanted).map(({ text }) => text);
}

/** What all runs, at the same time, came to; or why one could not be. */
async function all<T extends Awaited<ReturnType<RunOnce>>>(
  runs: readonly (() => Promise<T>)[],
): Promise<Exclude<T, Unable>[] | Unable> {
  const settled = await Promise.allSettled(runs.map((run) => run()));
  const results: Exclude<T, Unable>[] = [];
  for (const each of settled) {
    if (each.status === "rejected") throw each.reason;
    if ("unable" in each.value) return each.value;
    results.push(each.value as Exclude<T, Unable>);
  }
  return results;
}

function isSame(one: ProgramFinding, other: ProgramFinding): boolean {
  return (
    one.what === other.what &&
    one.place?.file === other.place?.file &&
    one.place?.line === other.place?.line &&
    one.place?.column === other.place?.column
  );
}
