import type { Command } from "commander";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

interface Options {
  all?: boolean;
  json?: boolean;
}

export function register(program: Command): void {
  program
    .command("drill")
    .helpGroup(groups.alerts)
    .summary("prove that alerts fire, arrive and resolve")
    .description(
      "Takes alerts of the definition through the running stack: a Prometheus of its own evaluates the unmodified rule over " +
        "series that breach it (those of its case that fires), Alertmanager passes it on to a webhook of the drill, then all " +
        "is well again and it resolves. Nobody is paged, and the stack's own series are not touched. Without arguments: the " +
        "critical alerts. Exits with 1 when a hop fails.",
    )
    .argument("[alert...]", "names of typed alerts")
    .option("--all", "every alert with a case in which it fires")
    .option("--json", "print the hops as JSON")
    .addHelpText(
      "after",
      examples([
        ["obs drill", "every critical alert"],
        ["obs drill LlmErrorRateHigh", "one"],
        ["obs drill --json | jq '.hops[] | {id, state, ms}'", "for a script"],
      ]),
    )
    .action(
      action(async (context, { all = false, json = false }: Options, names: string[]) => {
        const { currentRuntime, surveyRuntimes } = await import("../../stack/runtimes.js");
        const { planStack } = await import("../../stack/plan.js");
        const { chooseExercises, runDrill } = await import("../../stack/drill/drill.js");
        const { showHops } = await import("../reporters/hops.js");
        const { problemReport } = await import("../reporters/json.js");
        const { ProblemError } = await import("../../stack/validate/problem.js");
        const { notRunning } = await import("../not-running.js");
        const project = await context.project();
        const current = currentRuntime(await surveyRuntimes(project));
        if (!current?.status.running) throw notRunning("there is nothing to drill");
        const { runtime } = current;
        const { input } = await planStack(project, runtime.name);
        const exercises = chooseExercises(input, { names, all });
        if (exercises.length === 0)
          throw new ProblemError(
            [
              {
                id: "nothing-to-drill",
                severity: "error",
                what: "No alert of the definition can be drilled.",
                why: "Drills are for critical alerts of alerting.packs with a case in which they fire.",
                next: "Add a pack, or name alerts, or use --all.",
              },
            ],
            2,
          );
        const { alertLines } = await import("../reporters/drilled-alerts.js");
        const many = exercises.length > 1;
        const { hops, problems } = await showHops(
          context,
          { quiet: json, ...(many && { show: alertLines(), extent: `${exercises.length} alerts` }) },
          (onHop) => runDrill({ input, runtime, exercises, signal: context.signal, onHop }),
        );
        if (json) context.print(JSON.stringify({ hops, ...problemReport(problems) }, null, 2));
        else {
          if (problems.length > 0) context.note("");
          await context.report(problems);
        }
        return hops.every(({ state }) => state === "passed") ? 0 : 1;
      }),
    );
}
