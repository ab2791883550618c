import type { Command } from "commander";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";
import { countArgument } from "../options.js";

export function register(program: Command): void {
  const llm = program
    .command("llm")
    .helpGroup(groups.models)
    .summary("tell what arrives of calls of models")
    .description("Asks the ledger of calls what it was sent.");
  llm
    .command("names")
    .summary("list which names of attributes arrive, from which service and instrumentation")
    .description(
      "For each service and instrumentation of the last 30 days: the attributes that the ledger reads, whose they are, those " +
        "that look like calls of models and are not read, and what calls did not say. Warns of services that sample before " +
        "they send. Counts are about.",
    )
    .option("--service <name>", "only of this service")
    .option("--top <n>", "so many names of each", countArgument, 12)
    .option("--json", "print all of it as JSON")
    .addHelpText(
      "after",
      examples([
        ["obs llm names", "of all services"],
        ["obs llm names --service billing --top 50", "why has billing no cost?"],
      ]),
    )
    .action(
      action(async (context, options: { service?: string; top: number; json?: boolean }) => {
        const { ledgerAccess, withLedger } = await import("../../llm/costs/ledger.js");
        const { arrivedNames, senderProblems } = await import("../../llm/names.js");
        const { loadDefinition } = await import("../../stack/load.js");
        const project = await context.project();
        const { stack } = await loadDefinition(project);
        const { url } = await ledgerAccess(project, stack, "reader");
        const all = await withLedger(url, { role: "reader", signal: context.signal }, (client) =>
          arrivedNames(client),
        );
        const senders = all.filter(
          ({ service }) => options.service === undefined || service === options.service,
        );
        const problems = senderProblems(senders, stack.llm.metricsOnlyServices);
        if (options.json) {
          const { problemReport } = await import("../reporters/json.js");
          context.print(JSON.stringify({ senders, ...problemReport(problems) }, null, 2));
          return 0;
        }
        if (senders.length === 0) {
          await context.report([
            {
              id: "no-senders",
              severity: "notice",
              what: `The ledger was sent nothing${options.service === undefined ? "" : ` by ${options.service}`} in the last 30 days.`,
              next: "Look whether your applications send spans to the stack (`obs status` says where).",
            },
          ]);
          return 0;
        }
        const { formatNames } = await import("../reporters/llm-names.js");
        context.print(
          formatNames(senders, { top: options.top, color: context.color.stdout, now: new Date() }),
        );
        if (problems.length > 0) context.note("");
        await context.report(problems);
        return 0;
      }),
    );
}
