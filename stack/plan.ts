import type { Stack } from "./define.js";
import { decideFacts } from "./facts.js";
import { loadDefinition } from "./load.js";
import type { Project } from "./project.js";
import { render } from "./render/render.js";
import type { Rendered } from "./render/rendered.js";
import type { RenderContext } from "./services/service.js";
import type { Problem } from "./validate/problem.js";

/** A definition on its way to a runtime: loaded, the facts decided, rendered in memory. Nothing is written yet. */
export interface Plan {
  project: Project;
  stack: Stack;
  ruleFiles: RenderContext["ruleFiles"];
  rendered: Rendered;
  /** What loading found; checks find more. */
  problems: Problem[];
}

/**
 * The one way from `obs.config.ts` to what a runtime is given; `generate`, `validate` and `up` all take it.
 * Throws a ProblemError where the definition can't be loaded.
 */
export async function planStack(project: Project, runtime: "compose" | "native"): Promise<Plan> {
  const { stack, ruleFiles, problems } = await loadDefinition(project);
  const facts = await decideFacts(stack, project, runtime);
  const rendered = render({ project, stack, ruleFiles, facts, runtime });
  return { project, stack, ruleFiles, rendered, problems };
}
