import type { Command } from "commander";
import type { RuntimeName } from "../../stack/runtimes.js";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";
import { runtimeOption } from "../options.js";

interface Options {
  runtime?: RuntimeName;
  detach?: boolean;
  json?: boolean;
  demo?: boolean;
}

export function register(program: Command): void {
  program
    .command("up")
    .helpGroup(groups.start)
    .summary("start the stack, or apply what changed")
    .description(
      "Validates the definition, builds programs that are missing, starts the stack and waits until everything is ready; it " +
        "then runs on by itself. When it runs already, only what changed is reloaded or restarted. When something fails, " +
        "what ran before runs still. Runs under Docker Compose where an engine answers, else as local processes.",
    )
    .addOption(runtimeOption("where to run (default: where it runs already, else compose if Docker answers)"))
    .option("-d, --detach", "return once everything is started, without waiting until it is ready")
    .option("--demo", "then start an application that calls models, unless it runs already (`obs demo`)")
    .option("--json", "print what was done, and the addresses, as JSON")
    .addHelpText(
      "after",
      examples([
        ["obs up", "start, or apply an edit of obs.config.ts"],
        ["obs up --runtime native", "without Docker"],
        ["obs up --demo", "with something to look at"],
        ["obs up --detach && obs status", "don't wait; look"],
      ]),
    )
    .action(
      action(async (context, options: Options) => {
        const { up } = await import("../up.js");
        return up(context, options);
      }),
    );
}
