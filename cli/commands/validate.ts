import { type Command, Option } from "commander";
import type { RuntimeName } from "../../stack/runtimes.js";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";
import { runtimeOption } from "../options.js";

interface Options {
  runtime?: RuntimeName;
  format: "text" | "json";
  json?: boolean;
}

export function register(program: Command): void {
  program
    .command("validate")
    .helpGroup(groups.check)
    .summary("say whether it will work, before anything starts")
    .description(
      "Checks the definition: its shape, the references between its parts, then what is generated from it with the real " +
        "programs (otelcol, promtool, amtool, loki, docker compose) as far as they are at hand. Starts and writes nothing.",
    )
    .addOption(runtimeOption("validate what this runtime would be given").default("compose"))
    .addOption(
      new Option("--format <format>", "how findings are printed").choices(["text", "json"]).default("text"),
    )
    .option("--json", "the same as --format json")
    .addHelpText(
      "after",
      examples([
        ["obs validate", "after an edit"],
        ["obs validate --json | jq '.problems[].what'", "for a script or an editor"],
      ]),
    )
    .action(
      action(async (context, { runtime = "compose", format, json = format === "json" }: Options) => {
        const { checkPlan, planStack } = await import("../../stack/plan.js");
        const { hasErrors } = await import("../../stack/validate/problem.js");
        const plan = await planStack(await context.project(), runtime);
        const verdict = await checkPlan(plan, { missingSecrets: "warning", signal: context.signal });
        if (json) {
          const { problemReport } = await import("../reporters/json.js");
          const { ran, notRun } = verdict;
          context.print(JSON.stringify({ ...problemReport(verdict.problems), ran, notRun }, null, 2));
        } else {
          const { formatVerdict } = await import("../reporters/verdict.js");
          await context.report(verdict.problems);
          if (verdict.problems.length > 0) context.note("");
          context.print(formatVerdict(verdict, { color: context.color.stdout, width: context.width }));
        }
        return hasErrors(verdict.problems) ? 1 : 0;
      }),
    );
}
