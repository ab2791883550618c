import { type Command, InvalidArgumentError } from "commander";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

interface Options {
  follow?: boolean;
  tail: number;
}

export function register(program: Command): void {
  program
    .command("logs")
    .helpGroup(groups.start)
    .summary("show what the services write")
    .description(
      "Prints log lines of all services, or of those named, each line under its service's name. Of one service alone the " +
        "lines come as they are, for jq and the like.",
    )
    .argument("[service...]", "as `obs status` lists them")
    .option("-f, --follow", "go on with new lines until Ctrl-C")
    .option("-n, --tail <lines>", "lines of the past per service", lineCount, 100)
    .addHelpText(
      "after",
      examples([
        ["obs logs", "the latest of everything"],
        ["obs logs otel-collector loki -f", "two services, live"],
        ["obs logs prometheus --tail 1000 | grep level=ERROR", "of one, as it writes them"],
      ]),
    )
    .action(
      action(async (context, { follow = false, tail }: Options, words: string[]) => {
        const { currentRuntime, surveyRuntimes } = await import("../../stack/runtimes.js");
        const { notRunning } = await import("../not-running.js");
        const { printLogs } = await import("../service-logs.js");
        const current = currentRuntime(await surveyRuntimes(await context.project()));
        const present = current?.status.services.map(({ name }) => name) ?? [];
        if (!current || present.length === 0) throw notRunning("there are no logs");
        await printLogs(context, { words, present, follow, tail }, current.runtime.logs);
        return 0;
      }),
    );
}

function lineCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It takes a number of lines.");
  return Number(text);
}
