import type { Command } from "commander";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

export function register(program: Command): void {
  const catalog = program
    .command("catalog")
    .helpGroup(groups.check)
    .summary("look up which metrics there are, or record those of your programs")
    .description(
      "The metrics and labels that the programs of the stack expose, which rules and dashboards are checked against, and " +
        "those of your own programs, once recorded.",
    );
  registerList(catalog);
  registerShow(catalog);
  registerRecord(catalog);
}

function registerList(catalog: Command): void {
  catalog
    .command("list")
    .summary("list metrics: type, program, help")
    .description("Lists the metrics that there are, your own recordings included.")
    .argument("[pattern]", "only names that contain it; * stands for anything")
    .option("--json", "print the list as JSON")
    .addHelpText(
      "after",
      examples([
        ["obs catalog list queue", "which metrics are about queues?"],
        ["obs catalog list 'loki_*_total'", "by a pattern"],
      ]),
    )
    .action(
      action(async (context, { json = false }: { json?: boolean }, pattern?: string) => {
        const { openCatalog } = await import("../../stack/catalog/open.js");
        const { catalog, problems } = await openCatalog(context.project);
        const metrics = catalog.metrics(pattern);
        if (json) context.print(JSON.stringify({ metrics }, null, 2));
        else {
          const { formatMetrics } = await import("../reporters/catalog.js");
          context.print(formatMetrics(metrics, { pattern, color: context.color.stdout }));
        }
        await context.report(problems);
        return metrics.length > 0 ? 0 : 1;
      }),
    );
}

function registerShow(catalog: Command): void {
  catalog
    .command("show")
    .summary("show a metric: type, help, labels, who exposes it")
    .description("Shows all that is known of one metric, or of one series of a histogram.")
    .argument("<metric>", "its name, with or without _bucket, _sum, _count")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      examples([["obs catalog show traces_span_metrics_calls_total", "which labels has it?"]]),
    )
    .action(
      action(async (context, { json = false }: { json?: boolean }, name: string) => {
        const { openCatalog, noSuchMetric } = await import("../../stack/catalog/open.js");
        const { catalog, problems } = await openCatalog(context.project);
        await context.report(problems);
        const found = catalog.find(name);
        if (!found) {
          await context.report([noSuchMetric(name, catalog)]);
          return 1;
        }
        if (json) context.print(JSON.stringify(found, null, 2));
        else {
          const { formatMetric } = await import("../reporters/catalog.js");
          context.print(formatMetric(found, { color: context.color.stdout, width: context.width }));
        }
        return 0;
      }),
    );
}

function registerRecord(catalog: Command): void {
  catalog
    .command("record")
    .summary("record what your programs expose, so that rules about them are checked, too")
    .description(
      "Asks the running stack which metrics and labels your programs expose (scraped, or sent over OTLP), and writes them " +
        "to catalog/<job>.json beside obs.config.ts: names, types, help and labels, no value of a label or sample. " +
        "Commit these files. What an earlier recording had and this one lacks stays, marked as occasional.",
    )
    .option(
      "--job <name...>",
      "only these jobs (the label `job`); default: every one that isn't the stack's own",
    )
    .option("--fresh", "forget what only earlier recordings had")
    .option("--stack", "record the stack's own programs into obs itself; for working on obs, in a clone")
    .option("--json", "print what was recorded as JSON")
    .addHelpText(
      "after",
      examples([
        ["obs catalog record", "all your programs, while they and the stack run"],
        ["obs catalog record --job api", "after the program got new metrics"],
      ]),
    )
    .action(
      action(
        async (
          context,
          {
            job,
            fresh = false,
            stack = false,
            json = false,
          }: { job?: string[]; fresh?: boolean; stack?: boolean; json?: boolean },
        ) => {
          const { recordCatalog } = await import("../../stack/catalog/record-files.js");
          const project = await context.project();
          const { files, problems } = await recordCatalog(project, {
            signal: context.signal,
            jobs: job,
            fresh,
            own: stack,
          });
          if (json) context.print(JSON.stringify({ files }, null, 2));
          else {
            const { formatRecorded } = await import("../reporters/catalog.js");
            context.print(formatRecorded(files, { color: context.color.stdout }));
          }
          await context.report(problems);
          return 0;
        },
      ),
    );
}
