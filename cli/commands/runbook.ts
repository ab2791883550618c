import type { Command } from "commander";
import type { Project } from "../../stack/project.js";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

export function register(program: Command): void {
  program
    .command("runbook")
    .helpGroup(groups.alerts)
    .summary("show what to do about an alert")
    .description(
      "Prints the runbook of an alert: what it means, what to look at first, what mends it. Those of the project's " +
        "alerts/runbooks/ win over those that come with obs. Without a name, lists all there are.",
    )
    .argument("[alert]", "name of an alert")
    .addHelpText(
      "after",
      examples([
        ["obs runbook StackComponentDown", "what now?"],
        ["obs runbook", "which runbooks are there?"],
      ]),
    )
    .action(
      action(async (context, _options: object, alert?: string) => {
        const { listRunbooks, meaningOf } = await import("../../stack/alerting/runbooks.js");
        const project = await projectOrNone(() => context.project());
        const listed = await listRunbooks(project);
        if (alert === undefined) {
          const width = Math.max(0, ...listed.map((runbook) => runbook.alert.length));
          for (const runbook of listed)
            context.print(`${runbook.alert.padEnd(width)}  ${meaningOf(runbook)}`);
          return 0;
        }
        // Only the definition knows of runbooks that lie elsewhere; it is not asked for the others: it may be broken just now.
        const found =
          listed.find((runbook) => runbook.alert === alert) ??
          (project && (await namedElsewhere(project, alert)));
        if (found) {
          context.print(found.text.trimEnd());
          return 0;
        }
        const { didYouMean } = await import("../../stack/validate/suggest.js");
        const meant = didYouMean(
          alert,
          listed.map((runbook) => runbook.alert),
        );
        await context.report([
          {
            id: "unknown-runbook",
            severity: "error",
            what: `There is no runbook of an alert "${alert}".`,
            next: meant ? `Did you mean "${meant}"?` : "`obs runbook` lists all of them.",
          },
        ]);
        return 2;
      }),
    );
}

async function namedElsewhere(project: Project, alert: string) {
  const { loadDefinition } = await import("../../stack/load.js");
  const { readRunbooks } = await import("../../stack/alerting/runbooks.js");
  const { stack } = await loadDefinition(project);
  return (await readRunbooks(project, stack)).runbooks.find((runbook) => runbook.alert === alert);
}

/** Runbooks that come with obs are there without a project, too. */
async function projectOrNone(project: () => Promise<Project>): Promise<Project | undefined> {
  try {
    return await project();
  } catch (error) {
    const { ProblemError } = await import("../../stack/validate/problem.js");
    if (error instanceof ProblemError && error.problems.every(({ id }) => id === "no-project"))
      return undefined;
    throw error;
  }
}
