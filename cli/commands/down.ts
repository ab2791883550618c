import type { Command } from "commander";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

interface Options {
  volumes?: boolean;
  yes?: boolean;
}

export function register(program: Command): void {
  program
    .command("down")
    .helpGroup(groups.start)
    .summary("stop the stack")
    .description(
      "Stops everything that `obs up` started, and the demo. What the stores hold stays, and is there again after the next " +
        "`obs up`, unless --volumes is given.",
    )
    .option("--volumes", "also remove everything that was stored; asks first in a terminal")
    .option("-y, --yes", "don't ask")
    .addHelpText(
      "after",
      examples([
        ["obs down", "stop; keep the data"],
        ["obs down --volumes", "stop and begin anew"],
      ]),
    )
    .action(
      action(async (context, { volumes = false, yes = false }: Options) => {
        const { involvedInDown, surveyRuntimes } = await import("../../stack/runtimes.js");
        const { hasErrors } = await import("../../stack/validate/problem.js");
        const { showServices } = await import("../reporters/service-progress.js");
        const project = await context.project();
        if (volumes && !yes && context.interactive) {
          const { confirm } = await import("../ask.js");
          const question = `Remove all metrics, logs and traces that the stack in ${project.root} has stored?`;
          if (!(await confirm(question, context.signal))) {
            context.note("Nothing was stopped or removed.");
            return 1;
          }
        }
        const { formatDown } = await import("../reporters/down.js");
        // First: what it still has to say, the stack is there to hear.
        const { stopDemo } = await import("../../llm/demo/demo.js");
        if ((await stopDemo(project, context.signal)).length > 0) context.note("✔ The demo is stopped.");
        const involved = await involvedInDown(await surveyRuntimes(project), volumes);
        const outcomes = [];
        for (const { runtime, status } of involved) {
          const names = status.services.map(({ name }) => name);
          outcomes.push(
            await showServices(names, context, (onEvent) =>
              runtime.down({ volumes, signal: context.signal, onEvent }),
            ),
          );
        }
        const problems = outcomes
          .flatMap((outcome) => outcome.problems)
          .filter(({ id }) => id !== "nothing-running");
        const stopped = outcomes.flatMap((outcome) => outcome.stopped);
        await context.report(problems);
        if (!hasErrors(problems))
          context.print(formatDown(stopped, { volumes, color: context.color.stdout }));
        return hasErrors(problems) ? 1 : 0;
      }),
    );
}
