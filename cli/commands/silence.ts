import type { Command } from "commander";
import { action, type Context } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

interface AddOptions {
  for: string;
  reason: string;
  author?: string;
  json?: boolean;
}

export function register(program: Command): void {
  const silence = program
    .command("silence")
    .helpGroup(groups.alerts)
    .summary("hold back notifications for a while")
    .description("Silences of the running Alertmanager: alerts go on firing, nobody is told.");
  silence
    .command("add")
    .summary("silence alerts")
    .description("Silences the alerts that fulfil every matcher, from now on.")
    .argument("<matcher...>", 'conditions on labels: alertname=X, service=~"a|b"')
    .requiredOption("--for <duration>", "how long: 30m, 2h, 1d")
    .requiredOption("--reason <text>", "why, for whoever wonders")
    .option("--author <name>", "who does it (default: you, as git or the system knows you)")
    .option("--json", "print the silence as JSON")
    .addHelpText(
      "after",
      examples([
        [
          'obs silence add alertname=LlmLatencyHigh model=m --for 2h --reason "provider incident"',
          "one alert",
        ],
        [
          'obs silence add severity=warning team=search --for 30m --reason "load test"',
          "all warnings of a team",
        ],
      ]),
    )
    .action(
      action(async (context, options: AddOptions, words: string[]) => {
        const { parsedMatchers } = await import("../silence-arguments.js");
        const { addSilences } = await import("../silences.js");
        return addSilences(context, [await parsedMatchers(words)], options);
      }),
    );
  silence
    .command("list")
    .summary("list silences")
    .option("--expired", "those that are over, too")
    .option("--json", "print them as JSON")
    .addHelpText("after", examples([["obs silence list", "what is held back now"]]))
    .action(
      action(async (context, { expired = false, json = false }: { expired?: boolean; json?: boolean }) => {
        const { runningSilences } = await import("../silences.js");
        const silences = await (await runningSilences(context)).list({ expired });
        if (json) context.print(JSON.stringify({ silences }, null, 2));
        else {
          const { formatSilences } = await import("../reporters/silences.js");
          context.print(formatSilences(silences, { color: context.color.stdout, now: Date.now() }));
        }
        return 0;
      }),
    );
  silence
    .command("expire")
    .summary("end silences before their time")
    .argument("[id...]", "as `obs silence list` prints them; the first characters do")
    .option("--all", "every silence")
    .addHelpText(
      "after",
      examples([
        ["obs silence expire 3f2a91", "one, by the beginning of its id"],
        ["obs silence expire --all", "everybody is told again"],
      ]),
    )
    .action(
      action((context, { all = false }: { all?: boolean }, ids: string[]) => expire(context, ids, all)),
    );
}

async function expire(context: Context, ids: readonly string[], all: boolean): Promise<0 | 1> {
  const { runningSilences } = await import("../silences.js");
  const { ProblemError } = await import("../../stack/validate/problem.js");
  if (ids.length === 0 && !all)
    throw new ProblemError(
      [
        {
          id: "bad-arguments",
          severity: "error",
          what: "No silence is named.",
          next: "Name some by their id, as `obs silence list` prints it, or use --all.",
        },
      ],
      2,
    );
  const silences = await runningSilences(context);
  const known = await silences.list({ expired: false });
  const wanted = all ? known : known.filter(({ id }) => ids.some((each) => id.startsWith(each)));
  const unknown = ids.filter((each) => !known.some(({ id }) => id.startsWith(each)));
  if (unknown.length > 0)
    throw new ProblemError(
      unknown.map((id) => ({
        id: "unknown-silence",
        severity: "error" as const,
        what: `There is no silence ${id} that goes on.`,
        next: "`obs silence list` prints those there are.",
      })),
    );
  for (const { id } of wanted) await silences.expire(id);
  context.print(wanted.length === 1 ? "Ended 1 silence." : `Ended ${wanted.length} silences.`);
  return 0;
}
