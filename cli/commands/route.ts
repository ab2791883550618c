import { type Command, InvalidArgumentError } from "commander";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

interface Options {
  label?: Record<string, string>;
  alert?: string;
  json?: boolean;
}

export function register(program: Command): void {
  const route = program
    .command("route")
    .helpGroup(groups.alerts)
    .summary("see who is told of an alert")
    .description("The routes of alerts, tried without anything running.");
  route
    .command("test")
    .summary("print who is told of an alert with these labels")
    .description(
      "Follows an alert down the routes of the definition, as Alertmanager does, and prints who is told. Without labels: " +
        "the cases of alerting.routeCases, and exits with 1 where one does not hold.",
    )
    .option("-l, --label <name=value>", "a label of the alert; repeat it", label)
    .option("--alert <name>", "the labels that a typed alert brings by itself; --label adds to them")
    .option("--json", "print the answer as JSON")
    .addHelpText(
      "after",
      examples([
        ["obs route test -l severity=critical -l team=search", "who is woken?"],
        ["obs route test --alert LlmErrorRateHigh", "by the labels of a typed alert"],
        ["obs route test", "the definition's own cases"],
      ]),
    )
    .action(
      action(async (context, { label: given, alert, json = false }: Options) => {
        const { planStack } = await import("../../stack/plan.js");
        const { checkContext } = await import("../../stack/validate/validate.js");
        const project = await context.project();
        const { input, rendered } = await planStack(project, "compose");
        const checked = await checkContext({ input, rendered });
        if (given || alert !== undefined) {
          const { whoIsTold } = await import("../../stack/validate/alerting/who-is-told.js");
          const { labelsOfAlert } = await import("../../stack/alerting/labels-of-alert.js");
          const labels = { ...(alert !== undefined && labelsOfAlert(input.stack, alert)), ...given };
          const told = whoIsTold(checked, labels);
          if (json) context.print(JSON.stringify({ labels, told }, null, 2));
          else {
            const { formatTold } = await import("../reporters/routes.js");
            context.print(formatTold(told, { color: context.color.stdout }));
          }
          return 0;
        }
        const { routeCase } = await import("../../stack/validate/checks/route-case.js");
        const { problemReport } = await import("../reporters/json.js");
        const cases = input.stack.alerting.routeCases.length;
        const problems = await routeCase.run(checked);
        if (json) context.print(JSON.stringify({ cases, ...problemReport(problems) }, null, 2));
        else {
          await context.report(problems);
          if (problems.length > 0) context.note("");
          const { formatRouteCases } = await import("../reporters/routes.js");
          context.print(formatRouteCases(cases, problems.length, { color: context.color.stdout }));
        }
        return problems.length > 0 ? 1 : 0;
      }),
    );
}

function label(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [, name, value] = /^([a-zA-Z_]\w*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError("Write it as name=value, e.g. severity=critical.");
  return { ...before, [name]: value };
}
