import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlias, isMap, isScalar, visit } from "yaml";
import type { Problem } from "../validate/problem.js";
import type { RuleFile, RuleLanguage } from "./model.js";

/** Ids of what the real programs say about rules. */
export const promtoolCheckRulesId = "promtool-check-rules";
export const lokitoolCheckRulesId = "lokitool-check-rules";

/** What a program said, or why it was not asked. */
export type ProgramVerdict = { problems: Problem[] } | { notRun: string };

export interface AskOptions {
  signal?: AbortSignal;
  /** Looks the program up; replaced in tests. */
  find?: () => Promise<{ path: string } | undefined>;
}

/** A command line of some hundred thousand characters is refused by the system; this many files at a time are not. */
const filesAtOnce = 500;

/**
 * Has `promtool check rules` judge files for Prometheus as they lie on the disk, and the rules within PrometheusRule
 * documents. Rejects when aborted, with no process left.
 */
export async function promtoolCheckRules(
  files: readonly RuleFile[],
  options: AskOptions,
): Promise<ProgramVerdict> {
  const judged = filesFor(files, "promql");
  if (judged.length === 0) return { notRun: "there is no file for Prometheus" };
  // Loaded only here: whoever goes without promtool doesn't wait for what it takes to run it.
  const { findProgram } = await import("../toolchain/find.js");
  const program = await (options.find ?? (() => findProgram("promtool")))();
  if (!program) return { notRun: "promtool is not installed" };
  const { ruleFileFindings } = await import("../validate/programs/promtool-check-config.js");
  const { runProgram } = await import("../validate/programs/run-program.js");
  return withReadable(judged, async (readable, folder) => {
    const problems: Problem[] = [];
    for (let at = 0; at < readable.length; at += filesAtOnce) {
      const some = readable.slice(at, at + filesAtOnce);
      const result = await runProgram(program.path, ["check", "rules", ...some.map(({ path }) => path)], {
        outputFile: join(folder, "output"),
        env: { PATH: process.env.PATH },
        ...(options.signal && { signal: options.signal }),
      });
      if ("unable" in result) return { notRun: result.unable };
      const findings = ruleFileFindings(result.lines, namesOf(some));
      problems.push(...findings.map((finding) => ({ id: promtoolCheckRulesId, ...finding })));
      if (result.failed && findings.length === 0) return { notRun: "it failed without naming a file" };
    }
    return { problems };
  });
}

/**
 * Has `lokitool rules check` judge files for Loki. It stops at the first fault of all the files that it is given: it is asked
 * about all of them at once, and where there is a fault, about each alone.
 */
export async function lokitoolCheckRules(
  files: readonly RuleFile[],
  options: AskOptions,
): Promise<ProgramVerdict> {
  const judged = filesFor(files, "logql");
  if (judged.length === 0) return { notRun: "there is no file for Loki" };
  const { findProgram } = await import("../toolchain/find.js");
  const program = await (options.find ?? (() => findProgram("lokitool")))();
  if (!program) return { notRun: "lokitool is not installed" };
  const { lokitoolFindings } = await import("../validate/programs/lokitool-check-rules.js");
  const { runProgram } = await import("../validate/programs/run-program.js");
  return withReadable(judged, async (readable, folder) => {
    const ask = (some: readonly Readable[]) =>
      runProgram(program.path, ["rules", "check", ...some.map(({ path }) => path)], {
        outputFile: join(folder, "output"),
        env: { PATH: process.env.PATH },
        ...(options.signal && { signal: options.signal }),
      });
    const problems: Problem[] = [];
    for (let at = 0; at < readable.length; at += filesAtOnce) {
      const some = readable.slice(at, at + filesAtOnce);
      const all = await ask(some);
      if ("unable" in all) return { notRun: all.unable };
      if (!all.failed) continue;
      for (const one of some) {
        const result = some.length === 1 ? all : await ask([one]);
        if ("unable" in result) return { notRun: result.unable };
        const findings = lokitoolFindings(result.lines, namesOf([one]));
        problems.push(...findings.map((finding) => ({ id: lokitoolCheckRulesId, ...finding })));
      }
    }
    return { problems };
  });
}

/**
 * The files that the program of a language judges. A PrometheusRule whose groups are in both is for none, and one with
 * aliases for none either: what they stand for may be anywhere in the document.
 */
export function filesFor(files: readonly RuleFile[], language: RuleLanguage): RuleFile[] {
  return files.filter((file) =>
    file.kind === "kubernetes"
      ? file.groups.every((group) => group.language === language) && specsOf(file).length > 0
      : language === "promql"
        ? file.kind === "prometheus" || file.kind === "typed"
        : file.kind === "loki",
  );
}

/** A file that the programs can read, and the user's file that it stands for. */
interface Readable {
  path: string;
  text: string;
  file: RuleFile;
}

/** How files of the user are called when a program talks about them. */
function namesOf(some: readonly Readable[]) {
  const byPath = new Map(some.map((each) => [each.path, each.file.path]));
  const textOf = new Map(some.map(({ file, text }) => [file.path, text]));
  return {
    sourceOf: (path: string) => byPath.get(path),
    textOf: (source: string) => textOf.get(source),
    shown: (line: string) => line,
  };
}

/** Gives files as the programs read them, in a folder of this user's alone that is gone afterwards. */
async function withReadable<T>(
  files: readonly RuleFile[],
  use: (readable: readonly Readable[], folder: string) => Promise<T>,
): Promise<T> {
  const folder = join(tmpdir(), `obs-rules-${crypto.randomUUID()}`);
  await mkdir(folder, { mode: 0o700 });
  try {
    const readable = files.flatMap((file): Readable[] =>
      isOnDisk(file)
        ? [{ path: file.absolutePath, text: file.text, file }]
        : textsOf(file).map((text, at) => ({
            path: join(folder, `${files.indexOf(file)}-${at}.yml`),
            text,
            file,
          })),
    );
    await Promise.all(readable.map(({ path, text, file }) => !isOnDisk(file) && writeFile(path, text)));
    return await use(readable, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether the file is what the programs read; not so what lies within other documents, or was rendered from a pack. */
function isOnDisk({ kind }: RuleFile): boolean {
  return kind === "prometheus" || kind === "loki";
}

function textsOf(file: RuleFile): string[] {
  return file.kind === "kubernetes" ? specsOf(file) : [file.text];
}

/**
 * The groups of each PrometheusRule document as a rule file of its own. All around them becomes blank, character for
 * character, so that every place is the same. Left out: documents with aliases.
 */
function specsOf(file: RuleFile): string[] {
  return file.parts.flatMap(({ role, node, document }) => {
    if (role !== "file" || !isMap(node)) return [];
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === "groups");
    const [key, value] = [pair?.key, pair?.value];
    if (!key?.range || !value?.range) return [];
    if (hasAliases(document) || isAlias(value)) return [];
    const [from, to] = [key.range[0], value.range[1]];
    const blank = (text: string) => text.replaceAll(/[^\n]/g, " ");
    return [blank(file.text.slice(0, from)) + file.text.slice(from, to)];
  });
}

function hasAliases(document: RuleFile["documents"][number]): boolean {
  let found = false;
  visit(document, {
    Alias() {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

/**
 * What a program says about rule files and obs hasn't said already: nothing about a file in which obs found errors, and no
 * warnings, since promtool's only one is that of duplicate-rule. Findings about other files are left as they are.
 */
export function unsaid(
  said: readonly Problem[],
  own: readonly Problem[],
  ruleFiles: ReadonlySet<string>,
): Problem[] {
  const faulty = new Set(own.filter(({ severity }) => severity === "error").map(({ place }) => place?.file));
  return said.filter(
    ({ severity, place }) =>
      !place || !ruleFiles.has(place.file) || (severity === "error" && !faulty.has(place.file)),
  );
}
