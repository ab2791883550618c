import { readFile } from "node:fs/promises";
import { stackSchema } from "../define.js";
import { configErrorProblem } from "../load/config-error.js";
import { evaluateConfig } from "../load/evaluate.js";
import { loadDefinition } from "../load.js";
import { type Project, shownPath } from "../project.js";
import type { ProjectRuleFile } from "../services/service.js";
import type { Problem } from "../validate/problem.js";
import { isRulePack, type RulePack } from "./define-rules.js";
import { packRuleFiles } from "./pack-files.js";
import { rulePack } from "./pack-schema.js";
import type { PackContext } from "./render-pack.js";

/** Files of TypeScript with rule packs, evaluated. */
export interface TypedFiles {
  /** The packs rendered as rule files, each named after the file that exports it. */
  ruleFiles: ProjectRuleFile[];
  /** Files that throw, and named ones that export no pack. */
  problems: Problem[];
}

/** Whether a text of TypeScript may declare rules. */
export function mayDeclareRules(text: string): boolean {
  return /\b(?:defineRules|slo|defineSlos)\s*\(/.test(text);
}

/**
 * Evaluates files of TypeScript and takes every pack that they export: as a value, in a list, or as what a function without
 * required parameters gives. `named`: a file that the user named must export one.
 */
export async function readTypedFiles(
  project: Project,
  files: readonly { path: string; named: boolean }[],
): Promise<TypedFiles> {
  const context = await contextOf(project);
  const read = await Promise.all(files.map((file) => readOne(project, context, file)));
  return {
    ruleFiles: read.flatMap(({ ruleFiles }) => ruleFiles),
    problems: read.flatMap(({ problems }) => problems),
  };
}

async function readOne(
  project: Project,
  context: PackContext,
  { path, named }: { path: string; named: boolean },
): Promise<TypedFiles> {
  const shown = shownPath(project, path);
  if (!named && !mayDeclareRules(await readFile(path, "utf8").catch(() => "")))
    return { ruleFiles: [], problems: [] };
  let packs: RulePack[];
  try {
    packs = packsIn(Object.values(await evaluateConfig(project, path)));
  } catch (error) {
    return { ruleFiles: [], problems: [await configErrorProblem(project, error, path)] };
  }
  const sound = packs.filter((pack) => rulePack.safeParse(pack).success);
  if (sound.length === 0 && named)
    return {
      ruleFiles: [],
      problems: [
        {
          id: "no-rule-pack",
          severity: "error",
          what: `${shown} exports no rule pack${packs.length > 0 ? " of the right shape" : ""}.`,
          next:
            packs.length > 0
              ? "Add it to alerting.packs: `obs validate` says what is wrong with it."
              : "Export what defineRules(...) returns.",
          place: { file: shown },
        },
      ],
    };
  const { stack, facts } = context;
  const given = { stack: { ...stack, alerting: { ...stack.alerting, packs: sound } }, facts };
  return {
    ruleFiles: packRuleFiles(given, []).map((file) => ({ ...file, source: `${shown} › ${file.pack!.name}` })),
    problems: [],
  };
}

function packsIn(exported: readonly unknown[]): RulePack[] {
  const found = exported.flatMap((value): unknown[] => {
    if (typeof value === "function" && value.length === 0 && !/^class\b/.test(String(value)))
      return [value()].flat();
    return [value].flat();
  });
  return [...new Set(found)].filter(isRulePack);
}

/** The definition where it can be loaded, for addresses and thresholds; else everything at its default. */
async function contextOf(project: Project): Promise<PackContext> {
  const stack = await loadDefinition(project).then(
    (loaded) => loaded.stack,
    () => stackSchema.parse({ name: "rules" }),
  );
  return {
    stack,
    facts: {
      traces: { backend: "tempo", why: "the default under Compose" },
      grafana: { present: true, why: "part of the Compose project" },
    },
  };
}
