import { type DemoOptions, demoServices } from "../llm/demo/settings.js";
import { type Plan, planStack } from "../stack/plan.js";
import { currentRuntime, surveyRuntimes } from "../stack/runtimes.js";
import { ProblemError } from "../stack/validate/problem.js";
import type { Context } from "./context.js";

/** How the demo runs when nobody says otherwise. */
export const demoDefaults: DemoOptions = { incident: "none", seed: 1, rate: 0.5, speed: 1, history: 14 };

/** Starts the demo of the running stack. Throws a ProblemError (`nothing-running`) where none runs. */
export async function startDemoHere(context: Context, options: DemoOptions): Promise<void> {
  const project = await context.project();
  const current = currentRuntime(await surveyRuntimes(project));
  if (!current?.status.running)
    throw new ProblemError([
      {
        id: "nothing-running",
        severity: "error",
        what: "Nothing of this stack runs, so the demo has nobody to send to.",
        next: "Start both: `obs up --demo`.",
      },
    ]);
  await startDemoOn(context, await planStack(project, current.runtime.name), options);
}

/** Starts the demo beside a stack that has come up; one that runs is left alone. */
export async function demoUnlessRunning(context: Context, plan: Plan): Promise<void> {
  const { demoStatus } = await import("../llm/demo/demo.js");
  const { status, settings } = await demoStatus(plan.input.project);
  if (settings && status.services.every(({ state }) => state === "ready"))
    return context.note("✔ The demo runs already.");
  await startDemoOn(context, plan, demoDefaults);
}

async function startDemoOn(context: Context, plan: Plan, options: DemoOptions): Promise<void> {
  const { startDemo } = await import("../llm/demo/demo.js");
  await startDemo(plan, options, context.signal);
  const { incident, rate, history } = options;
  const { enabled } = plan.input.stack.llm.ledger;
  context.note(
    [
      `✔ The demo runs: ${demoServices.length} programs, ${rate} conversations a second${incident === "none" ? "" : `, incident: ${incident}`}.`,
      ...(enabled && history > 0
        ? [
            `  The ledger is told of ${history} past days of it, so that reports have something to compare with.`,
          ]
        : []),
      "  Its rows come within seconds: `obs costs by feature`. Let something fail: `obs demo incident errors`.",
    ].join("\n"),
  );
  if (!enabled)
    await context.report([
      {
        id: "demo-without-ledger",
        severity: "warning",
        what: "The ledger of calls is off: the demo's calls are traced, but neither priced nor counted.",
        next: "Set `llm: { ledger: { enabled: true } }` in the definition, then `obs up`.",
      },
    ]);
}
