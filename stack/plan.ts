import { packRuleFiles } from "./alerting/pack-files.js";
import { readRunbooks, runbookPages } from "./alerting/runbooks.js";
import { decideFacts } from "./facts.js";
import { loadDefinition } from "./load.js";
import type { Project } from "./project.js";
import { type RenderInput, render } from "./render/render.js";
import type { Rendered } from "./render/rendered.js";
import type { MissingSecrets } from "./validate/check.js";
import { type Problem, sortProblems } from "./validate/problem.js";
import type { NotRun } from "./validate/validate.js";

/** A definition on its way to a runtime: loaded, the facts decided, rendered in memory. Nothing is written yet. */
export interface Plan {
  /** The definition with all that rendering takes. */
  input: RenderInput;
  rendered: Rendered;
  /** What loading found; {@link checkPlan} finds the rest. */
  problems: Problem[];
}

/**
 * The one way from `obs.config.ts` to what a runtime is given; `generate`, `validate` and `up` all take it.
 * Throws a ProblemError where the definition can't be loaded.
 */
export async function planStack(project: Project, runtime: "compose" | "native"): Promise<Plan> {
  const { stack, ruleFiles, templates, problems } = await loadDefinition(project);
  const [facts, { runbooks, problems: missing }] = await Promise.all([
    decideFacts(stack, project, runtime),
    readRunbooks(project, stack),
  ]);
  const input: RenderInput = {
    project,
    stack,
    ruleFiles: [...ruleFiles, ...packRuleFiles({ stack, facts }, ruleFiles)],
    templates,
    runbooks: await runbookPages(runbooks),
    facts,
    runtime,
  };
  return { input, rendered: render(input), problems: [...problems, ...missing] };
}

/** The verdict about a plan. */
export interface Verdict {
  /** Of loading and of validating; sorted. */
  problems: Problem[];
  /** Upstream programs that judged, and those that could not. */
  ran: string[];
  notRun: NotRun[];
}

/** Validates a plan. `missingSecrets`: how bad it is that a secret has no value; an error where it is about to be started. */
export async function checkPlan(
  plan: Plan,
  options: { missingSecrets: MissingSecrets; signal: AbortSignal },
): Promise<Verdict> {
  const { validateStack } = await import("./validate/validate.js");
  const { problems, ran, notRun } = await validateStack({
    input: plan.input,
    rendered: plan.rendered,
    ...options,
  });
  const { atPackSources } = await import("./alerting/pack-places.js");
  return {
    problems: sortProblems(atPackSources([...plan.problems, ...problems], plan.input)),
    ran,
    notRun,
  };
}
