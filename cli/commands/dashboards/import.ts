import type { Command } from "commander";
import { action } from "../../context.js";
import { examples } from "../../examples.js";

export interface ImportOptions {
  out: string;
  stdout?: boolean;
  force?: boolean;
}

export function registerImport(dashboards: Command): void {
  dashboards
    .command("import")
    .summary("turn dashboards exported from Grafana into TypeScript")
    .description(
      "Reads dashboards as Grafana exports them (classic JSON, older shapes included, or an answer of its API) and writes " +
        "<title>.ts, which generates them back. Data sources become the stack's of the same type; what is left out is told, and so " +
        "are the findings of `obs validate` about what was written. Exits with 1 when one of them is an error.",
    )
    .argument("<file...>", "JSON files; - reads stdin")
    .option("--out <folder>", "where to write, in the project", "dashboards")
    .option("--stdout", "print what would be written")
    .option("--force", "overwrite files that are there")
    .addHelpText(
      "after",
      examples([
        ["obs dashboards import node-exporter.json", "then list it in dashboards of obs.config.ts"],
        [
          "curl -s https://grafana.example/api/dashboards/uid/abc | obs dashboards import -",
          "from a running Grafana",
        ],
      ]),
    )
    .action(
      action(async (context, options: ImportOptions, paths: string[]) => {
        const { importDashboards } = await import("../../import-dashboards.js");
        return importDashboards(context, options, paths);
      }),
    );
}
