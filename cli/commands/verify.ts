import type { Command } from "commander";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

export function register(program: Command): void {
  program
    .command("verify")
    .helpGroup(groups.check)
    .summary("prove with live data that the running stack works")
    .description(
      "Sends a trace, a log and a metric that belong together through the real OTLP endpoint and reads each back from its " +
        "store, links included; then a test alert, through Alertmanager to a webhook of its own. Nobody is paged. Exits with " +
        "1 when a hop fails, and says where to look.",
    )
    .option("--json", "print the hops as JSON")
    .addHelpText(
      "after",
      examples([
        ["obs verify", "after obs up"],
        ["obs verify --json | jq '.hops[] | {id, state, ms}'", "for a script"],
      ]),
    )
    .action(
      action(async (context, { json = false }: { json?: boolean }) => {
        const { currentRuntime, surveyRuntimes } = await import("../../stack/runtimes.js");
        const { planStack } = await import("../../stack/plan.js");
        const { verifyStack } = await import("../../stack/verify/verify.js");
        const { showHops } = await import("../reporters/hops.js");
        const { problemReport } = await import("../reporters/json.js");
        const { hasErrors } = await import("../../stack/validate/problem.js");
        const { notRunning } = await import("../not-running.js");
        const project = await context.project();
        const current = currentRuntime(await surveyRuntimes(project));
        if (!current?.status.running) throw notRunning("there is nothing to verify");
        const { runtime } = current;
        const { input, rendered } = await planStack(project, runtime.name);
        const { hops, problems } = await showHops(context, { quiet: json }, (onHop) =>
          verifyStack({ project, stack: input.stack, rendered, runtime, signal: context.signal, onHop }),
        );
        if (json) context.print(JSON.stringify({ hops, ...problemReport(problems) }, null, 2));
        else {
          if (problems.length > 0) context.note("");
          await context.report(problems);
        }
        return hasErrors(problems) || hops.some(({ state }) => state !== "passed") ? 1 : 0;
      }),
    );
}
