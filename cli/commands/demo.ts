import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import type { Incident } from "../../llm/demo/provider/behaviour.js";
import type { DemoOptions } from "../../llm/demo/settings.js";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

/** Kept in line with `incidents` by a test: reading them from there would load what help doesn't need. */
export const incidentNames: readonly Incident[] = ["none", "errors", "latency", "cost", "quota", "outage"];

export function register(program: Command): void {
  const demo = program
    .command("demo")
    .helpGroup(groups.start)
    .summary("run an application that calls models, to have something to look at")
    .description(
      "A shop of several small services that ask models: gateway, retrieval, embedding, vector search, model calls, and an " +
        "agent behind a queue. They use the official clients of OpenAI and Anthropic, observed by obs-stack/sdk, against a " +
        "provider that is played on this machine: no key is needed, nothing is paid, nothing leaves loopback.",
    );
  registerStart(demo);
  demo
    .command("stop")
    .summary("stop it")
    .description(
      "Stops all programs of the demo; `obs down` does so, too. What they sent stays in the stores.",
    )
    .addHelpText("after", examples([["obs demo stop", "the stack runs on"]]))
    .action(
      action(async (context) => {
        const { stopDemo } = await import("../../llm/demo/demo.js");
        const stopped = await stopDemo(await context.project(), context.signal);
        context.print(stopped.length > 0 ? "The demo is stopped." : "The demo didn't run.");
        return 0;
      }),
    );
  registerStatus(demo);
  demo
    .command("incident")
    .summary("let something go wrong at the providers of the running demo, or be well again")
    .description(
      "`errors`: calls fail; `latency`: answers take long; `cost`: somebody pastes in whole folders, answers grow; `quota`: " +
        "rate limits are nearly used up; `outage`: nobody answers; `none`: all is well. Alerts that look at minutes take " +
        "these minutes to fire, and to resolve.",
    )
    .addArgument(new Argument("<name>", "what goes wrong").choices(incidentNames))
    .addHelpText(
      "after",
      examples([
        ["obs demo incident errors", "LlmErrorRateHigh within ten minutes"],
        ["obs demo incident none", "all is well again"],
      ]),
    )
    .action(
      action(async (context, _options: object, incident: Incident) => {
        const { setIncident } = await import("../../llm/demo/demo.js");
        await setIncident(await context.project(), incident);
        context.print(incident === "none" ? "All is well again." : `From now on: ${incident}.`);
        return 0;
      }),
    );
  registerLogs(demo);
}

function registerStart(demo: Command): void {
  demo
    .command("start")
    .summary("start it beside the running stack, or anew with other options")
    .description(
      "Starts the demo's programs in place of those that run. They run on by themselves until `obs demo stop` or `obs down`.",
    )
    .addOption(
      new Option("--incident <name>", "what goes wrong from the start")
        .choices(incidentNames)
        .default("none"),
    )
    .option("--seed <n>", "the same seed gives the same people, questions and answers", whole, 1)
    .option("--rate <n>", "conversations that begin in a second", positive, 0.5)
    .option("--speed <n>", "how many times faster than usual models answer", positive, 1)
    .option("--history <days>", "past days whose calls the ledger is told of", days, 14)
    .addHelpText(
      "after",
      examples([
        ["obs demo start", "all is well"],
        ["obs demo start --incident latency", "with slow answers from the start"],
        ["obs demo start --rate 5", "ten times as busy"],
      ]),
    )
    .action(
      action(async (context, options: DemoOptions) => {
        const { startDemoHere } = await import("../demo.js");
        await startDemoHere(context, options);
        return 0;
      }),
    );
}

function registerStatus(demo: Command): void {
  demo
    .command("status")
    .summary("tell whether it runs, and what goes wrong in it")
    .description("Shows each program of the demo. Exits with 1 unless all of them are ready.")
    .option("--json", "print it as JSON")
    .addHelpText("after", examples([["obs demo status", "how is it?"]]))
    .action(
      action(async (context, { json = false }: { json?: boolean }) => {
        const { demoStatus } = await import("../../llm/demo/demo.js");
        const { status, settings } = await demoStatus(await context.project());
        const ready = settings !== undefined && status.services.every(({ state }) => state === "ready");
        if (json) {
          const { incident, seed, rate, speed } = settings ?? {};
          context.print(JSON.stringify({ ready, ...status, incident, seed, rate, speed }, null, 2));
        } else if (!settings) {
          context.print("The demo doesn't run. Start it with `obs demo start`.");
        } else {
          const { formatStatus } = await import("../reporters/status.js");
          context.print(formatStatus(status, { color: context.color.stdout, logs: "obs demo logs" }));
          context.print(
            `\nincident: ${settings.incident}, seed ${settings.seed}, ${settings.rate} conversations a second`,
          );
          await context.report(status.problems);
        }
        return ready ? 0 : 1;
      }),
    );
}

function registerLogs(demo: Command): void {
  demo
    .command("logs")
    .summary("show what its programs write")
    .description(
      "Prints the lines of all programs of the demo, or of one, as JSON with the ids of their traces.",
    )
    .argument("[program...]", "as `obs demo status` lists them")
    .option("-f, --follow", "go on with new lines until Ctrl-C")
    .addHelpText("after", examples([["obs demo logs demo-gateway -f", "what the gateway does"]]))
    .action(
      action(async (context, { follow = false }: { follow?: boolean }, words: string[]) => {
        const { demoStatus, notRunning, demoOf } = await import("../../llm/demo/demo.js");
        const { nativeLogs } = await import("../../stack/runtime/native/logs.js");
        const { printLogs } = await import("../service-logs.js");
        const project = await context.project();
        const { status } = await demoStatus(project);
        const present = status.services.map(({ name }) => name);
        if (present.length === 0) throw notRunning("there are no lines of it");
        await printLogs(context, { words, present, follow, tail: 100 }, (options) =>
          nativeLogs(demoOf(project), options),
        );
        return 0;
      }),
    );
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It takes a whole number.");
  return Number(text);
}

function days(text: string): number {
  if (!/^\d{1,2}$/.test(text)) throw new InvalidArgumentError("It takes a number of days, up to 99.");
  return Number(text);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 1000) throw new InvalidArgumentError("It takes a number above 0, up to 1000.");
  return value;
}
