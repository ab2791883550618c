import type { Command } from "commander";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

interface Options {
  for: string;
  reason?: string;
  author?: string;
  json?: boolean;
}

/** Labels by which alerts name their service: of spans and their metrics, of SLOs, of scrape jobs. */
const serviceLabels = ["service_name", "service", "job"];

export function register(program: Command): void {
  program
    .command("maintenance")
    .helpGroup(groups.alerts)
    .summary("silence everything about a service while you work on it")
    .description(
      `Silences every alert about a service, by whichever label names it: ${serviceLabels.join(", ")}. Alerts go on firing, ` +
        "nobody is told.",
    )
    .argument("<service>", "its name")
    .requiredOption("--for <duration>", "how long: 30m, 2h, 1d")
    .option("--reason <text>", "why, for whoever wonders (default: maintenance)")
    .option("--author <name>", "who does it (default: you, as git or the system knows you)")
    .option("--json", "print the silences as JSON")
    .addHelpText(
      "after",
      examples([['obs maintenance checkout --for 1h --reason "database upgrade"', "before you begin"]]),
    )
    .action(
      action(async (context, options: Options, service: string) => {
        const { addSilences } = await import("../silences.js");
        const sets = serviceLabels.map((label) => [{ label, operator: "=" as const, value: service }]);
        return addSilences(context, sets, { reason: `maintenance of ${service}`, ...options });
      }),
    );
}
