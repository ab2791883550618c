import { type Endpoints, endpointsOf } from "../stack/endpoints.js";
import { checkPlan, type Plan, planStack } from "../stack/plan.js";
import { generateSecrets } from "../stack/runtime/generated-secrets.js";
import { locateAll, locateProgram } from "../stack/runtime/native/locate.js";
import type { UpResult } from "../stack/runtime/runtime.js";
import { readSecrets } from "../stack/runtime/secrets.js";
import { chooseRuntime, type RuntimeName, surveyRuntimes } from "../stack/runtimes.js";
import { missingPrograms } from "../stack/toolchain/missing.js";
import { isProgramName } from "../stack/toolchain/programs.js";
import { hasErrors, type Problem, ProblemError } from "../stack/validate/problem.js";
import type { Context, ExitCode } from "./context.js";
import { problemReport } from "./reporters/json.js";
import { showServices } from "./reporters/service-progress.js";
import { formatUp, formatUpHead } from "./reporters/up.js";

/** `obs up`: from the definition to a running stack, step by step, each of which may end it with findings. */
export async function up(
  context: Context,
  {
    runtime: wanted,
    detach = false,
    json = false,
    demo = false,
  }: { runtime?: RuntimeName; detach?: boolean; json?: boolean; demo?: boolean },
): Promise<ExitCode> {
  const begun = performance.now();
  const project = await context.project();
  const surveyed = await surveyRuntimes(project);
  const { runtime, why } = await chooseRuntime(project, surveyed, wanted);
  const plan = await planStack(project, runtime.name);
  const color = context.color.stderr;
  context.note(formatUpHead(plan, { runtime: runtime.name, why, color, width: context.width }));

  const found = await validated(plan, context);
  const made = await generateSecrets(project, secretNames(plan));
  if (made.length > 0)
    context.note(`Made up ${made.join(", ")} and kept it in .env (readable by you alone).`);
  const { values, problems } = await readSecrets(project, secretNames(plan));
  // Whatever is only a warning about them, the check of the definition has told.
  if (hasErrors(problems)) throw new ProblemError(problems);
  await context.report(found);

  const names = plan.rendered.plans.map(({ name }) => name);
  const former = surveyed
    .filter((each) => each.runtime.name === runtime.name)
    .flatMap(({ status }) => status.services.map(({ name }) => name))
    .filter((name) => !names.includes(name));
  const result = await showServices([...names, ...former], context, (onEvent) =>
    runtime.up({ rendered: plan.rendered, secrets: values, signal: context.signal, onEvent, detach }),
  );
  const endpoints = endpointsOf(plan.input, plan.rendered);
  const failed = hasErrors(result.problems);
  if (result.problems.length > 0) context.note("");
  await context.report(result.problems);
  if (json) printJson(context, { runtime: runtime.name, result, endpoints, warnings: found });
  else if (!failed) {
    context.print(
      formatUp({
        name: plan.input.stack.name,
        services: result.services,
        endpoints,
        detached: detach,
        ms: performance.now() - begun,
        color: context.color.stdout,
      }),
    );
  }
  if (demo && !failed) {
    const { demoUnlessRunning } = await import("./demo.js");
    await demoUnlessRunning(context, plan);
  }
  return failed ? 1 : 0;
}

/**
 * Validates, builds what the native runtime lacks, and validates once more when that brought new checkers.
 * Returns what doesn't stop `up`; throws a ProblemError of what does, before minutes are spent on building.
 */
async function validated(plan: Plan, context: Context): Promise<Problem[]> {
  const options = { missingSecrets: "error", signal: context.signal } as const;
  const verdict = await checkPlan(plan, options);
  if (hasErrors(verdict.problems)) throw new ProblemError(verdict.problems);
  if (plan.input.runtime !== "native") return verdict.problems;
  const { plans } = plan.rendered;
  await locateAll(
    plan.input.project,
    plans.filter(({ program }) => !isProgramName(program)),
    locateProgram,
  );
  if (!(await buildPrograms(plan, context))) return verdict.problems;
  const again = await checkPlan(plan, options);
  if (hasErrors(again.problems)) throw new ProblemError(again.problems);
  return again.problems;
}

/** Builds the programs of the stack that are missing; resolves to whether any were. */
async function buildPrograms(plan: Plan, context: Context): Promise<boolean> {
  const missing = await missingPrograms(plan.rendered.plans.map(({ program }) => program));
  if (missing.length === 0) return false;
  context.note(
    `Building ${missing.join(", ")} from source: minutes, once. Ctrl-C is safe; the next run goes on from there.`,
  );
  const { installWithProgress } = await import("./reporters/toolchain-progress.js");
  const { problems } = await installWithProgress(missing, {
    signal: context.signal,
    style: context.interactive ? "live" : "lines",
    print: context.note,
  });
  context.signal.throwIfAborted();
  if (hasErrors(problems)) throw new ProblemError(problems, 2);
  return true;
}

function secretNames({ rendered }: Plan): string[] {
  return [...new Set(rendered.plans.flatMap(({ secrets }) => secrets))];
}

function printJson(
  context: Context,
  up: { runtime: RuntimeName; result: UpResult; endpoints: Endpoints; warnings: Problem[] },
): void {
  const { runtime, result, endpoints, warnings } = up;
  const report = problemReport([...warnings, ...result.problems]);
  context.print(JSON.stringify({ runtime, services: result.services, endpoints, ...report }, null, 2));
}
