import type { Command } from "commander";
import { action } from "../../context.js";
import { examples } from "../../examples.js";

export function registerList(dashboards: Command): void {
  dashboards
    .command("list")
    .summary("list the dashboards of the definition")
    .description(
      "Lists the dashboards of the definition: how many panels each has, its tags, the data sources that it asks, and how many " +
        "findings there are about it. Exits with 1 when one of them is an error.",
    )
    .option("--json", "print the list, and the findings, as JSON")
    .addHelpText(
      "after",
      examples([
        ["obs dashboards list", "which are there?"],
        ["obs dashboards list --json | jq -r '.dashboards[].uid'", "for a script"],
      ]),
    )
    .action(
      action(async (context, { json = false }: { json?: boolean }) => {
        const { generatedOf } = await import("../../generated-dashboards.js");
        const { summaryOf } = await import("../../../dashboards/summary.js");
        const { hasErrors } = await import("../../../stack/validate/problem.js");
        const { dashboards, problems } = await generatedOf(await context.project());
        const list = dashboards.map((dashboard) => ({
          ...summaryOf(dashboard),
          problems: problems.filter((problem) => problem.dashboard === dashboard.uid),
        }));
        if (json) context.print(JSON.stringify({ dashboards: list }, null, 2));
        else {
          const { formatDashboards } = await import("../../reporters/dashboards.js");
          context.print(formatDashboards(list, { color: context.color.stdout }));
          if (problems.length > 0) context.note("`obs validate` says what was found.");
        }
        return hasErrors(problems) ? 1 : 0;
      }),
    );
}
