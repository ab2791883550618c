import { shownPath } from "../project.js";
import type { RenderInput } from "../render/render.js";
import type { Rendered } from "../render/rendered.js";
import type { CheckContext, MissingSecrets } from "./check.js";
import { checks } from "./checks.js";
import { type Problem, sortProblems } from "./problem.js";
import { type NotRun, type ProgramRequest, runPrograms } from "./programs.js";
import { withoutSaid } from "./said.js";

export type { NotRun } from "./programs.js";

/** What is to be validated, and how. */
export interface ValidateRequest {
  input: RenderInput;
  /** What `render(input)` gave. */
  rendered: Rendered;
  /** Default: warning. */
  missingSecrets?: MissingSecrets;
  /** Aborting it ends the programs and removes what was written; the promise then rejects with its reason. */
  signal?: AbortSignal;
  /** Looks an upstream program up; replaced in tests. */
  find?: ProgramRequest["find"];
}

/** What validation found. */
export interface Validation {
  /** Sorted. */
  problems: Problem[];
  /** Real programs that judged, as people know the commands. */
  ran: string[];
  /** Real programs that could not judge, and why: they never count as passed. */
  notRun: NotRun[];
}

/**
 * Validates what was rendered: the checks of obs and the real programs, at the same time.
 * A rule file that obs itself found faulty is not reported once more by promtool.
 */
export async function validateStack(request: ValidateRequest): Promise<Validation> {
  const context = await checkContext(request);
  const [own, verdict] = await Promise.all([
    Promise.all(checks.map((check) => check.run(context))),
    runPrograms({ ...request, definitionFile: context.definitionFile }),
  ]);
  const rules = await ruleProblems(request.input);
  const problems = [...own.flat(), ...rules];
  const { unsaid } = await import("../rules/promtool.js");
  const ruleFiles = new Set(request.input.ruleFiles.map(({ source }) => source));
  return {
    ran: verdict.ran,
    notRun: verdict.notRun,
    problems: sortProblems([
      ...problems,
      ...unsaid(withoutSaid(verdict.problems, problems), rules, ruleFiles),
    ]),
  };
}

/** What `obs validate-rules` says about the rule files of the definition. */
async function ruleProblems({ project, stack, facts, ruleFiles }: RenderInput): Promise<Problem[]> {
  if (ruleFiles.length === 0) return [];
  const { validateRules } = await import("../rules/validate-rules.js");
  const { ruleSources } = await import("../rules/project-rules.js");
  const { surroundingsOf } = await import("../rules/surroundings.js");
  const { loadCatalog } = await import("../catalog/open.js");
  const { seriesWorld } = await import("../catalog/world.js");
  const { catalog } = await loadCatalog(project);
  return validateRules({
    sources: ruleSources(project.root, ruleFiles),
    root: project.root,
    series: seriesWorld({ stack, facts }, catalog),
    surroundings: surroundingsOf(stack),
  }).problems;
}

/** What checks look at, for whoever asks the same things of a definition. */
export async function checkContext({
  input,
  rendered,
  missingSecrets = "warning",
}: ValidateRequest): Promise<CheckContext> {
  const { load } = await import("js-yaml");
  const parsed = new Map<string, unknown>();
  const read = (name: string, text: string | undefined): unknown => {
    if (!parsed.has(name)) {
      try {
        parsed.set(name, text === undefined ? undefined : load(text));
      } catch {
        // The check yaml-reread says so.
        parsed.set(name, undefined);
      }
    }
    return parsed.get(name);
  };
  return {
    input,
    rendered,
    definitionFile: shownPath(input.project, input.project.configFile),
    read: (path) => read(path, rendered.artefacts.find((artefact) => artefact.path === path)?.text),
    readCompose: () => read("docker-compose.yml", rendered.composeFile),
    missingSecrets,
  };
}
