import type { Command } from "commander";
import { action } from "../../context.js";
import { examples } from "../../examples.js";

export interface DiffOptions {
  url?: string;
  write?: boolean;
  json?: boolean;
}

export function registerDiff(dashboards: Command): void {
  dashboards
    .command("diff")
    .summary("tell what was edited by hand in Grafana, or write it back into code")
    .description(
      "Compares the dashboards of the definition with those that a running Grafana holds, by what they mean: what Grafana adds by " +
        "itself doesn't count. Asks the stack's own as its admin; another one (--url) with the token in OBS_GRAFANA_TOKEN. " +
        "--write writes the difference into code: anew into a file that `obs dashboards import` wrote and nobody changed, else as " +
        "dashboards/<uid>.edits.ts. Exits with 1 when something differs and wasn't written.",
    )
    .argument(
      "[uid...]",
      "which dashboards (default: all of the definition, and what else is in the stack's folder)",
    )
    .option("--url <address>", "another Grafana than the stack's own")
    .option("--write", "write what was edited into code")
    .option("--json", "print the differences as JSON")
    .addHelpText(
      "after",
      examples([
        ["obs dashboards diff", "was anything edited in Grafana?"],
        ["obs dashboards diff host --write", "keep what was edited of one"],
      ]),
    )
    .action(
      action(async (context, options: DiffOptions, uids: string[]) => {
        const { diffDashboards } = await import("../../diff-dashboards.js");
        return diffDashboards(context, options, uids);
      }),
    );
}
