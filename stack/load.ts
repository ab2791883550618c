import type { Stack, StackInput } from "./define.js";
import { configErrorProblem } from "./load/config-error.js";
import { evaluateConfig } from "./load/evaluate.js";
import { exportedDefinition } from "./load/exported.js";
import { readListedFiles, ruleFileKind, templateKind } from "./load/listed-files.js";
import { nestingProblem } from "./load/nesting.js";
import { shapeProblems } from "./load/shape.js";
import { type Project, shownPath } from "./project.js";
import type { RenderContext } from "./services/service.js";
import { type Problem, ProblemError } from "./validate/problem.js";

/** A definition as everything behind it reads it. */
export interface LoadedDefinition {
  stack: Stack;
  /** As the code made it: the very objects, which the checked copy in `stack` doesn't hold. */
  input: StackInput;
  ruleFiles: RenderContext["ruleFiles"];
  templates: RenderContext["templates"];
  /** What was found while reading the files it names; none of it keeps the definition from being rendered. */
  problems: Problem[];
}

/**
 * Loads and checks the definition of a project, and reads the rule files it names.
 * Throws a ProblemError where there is no definition to go on with: the file throws, is not TypeScript, exports
 * something else, or has the wrong shape (then with all findings of the shape at once).
 */
export async function loadDefinition(project: Project): Promise<LoadedDefinition> {
  const file = shownPath(project, project.configFile);
  const exported = exportedDefinition(await evaluated(project), file);
  if ("problem" in exported) throw new ProblemError([exported.problem]);
  const { input } = exported.definition;
  const nesting = nestingProblem(input, file);
  if (nesting) throw new ProblemError([nesting]);
  const { stackSchema } = await import("./define.js");
  const parsed = stackSchema.safeParse(input);
  if (!parsed.success) throw new ProblemError(shapeProblems(stackSchema, input, parsed.error.issues, file));
  const { alerting } = parsed.data;
  const [rules, templates] = await Promise.all([
    readListedFiles(project, alerting.rules, {
      kind: ruleFileKind,
      file,
      isDefault: input.alerting?.rules === undefined,
    }),
    readListedFiles(project, alerting.templates, {
      kind: templateKind,
      file,
      isDefault: input.alerting?.templates === undefined,
    }),
  ]);
  return {
    stack: parsed.data,
    input,
    ruleFiles: rules.files,
    templates: templates.files,
    problems: [...rules.problems, ...templates.problems],
  };
}

async function evaluated(project: Project): Promise<Record<string, unknown>> {
  try {
    return await evaluateConfig(project);
  } catch (error) {
    throw new ProblemError([await configErrorProblem(project, error)]);
  }
}
