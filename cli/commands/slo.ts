import type { Command } from "commander";
import type { RuleSource } from "../../stack/rules/read.js";
import type { SloFile } from "../../stack/slo/import/import-slos.js";
import type { Problem } from "../../stack/validate/problem.js";
import { action, type Context } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

export function register(program: Command): void {
  const slo = program
    .command("slo")
    .helpGroup(groups.alerts)
    .summary("tell how service level objectives do, or import those of other tools")
    .description(
      "Service level objectives are declared with slo(...) in alerting.packs of the definition: records, an error budget " +
        "and burn-rate alerts come of each.",
    );
  registerReport(slo);
  registerImport(slo);
}

function registerReport(slo: Command): void {
  slo
    .command("report")
    .summary("tell what is left of each error budget, and how fast it burns")
    .description(
      "Asks the running Prometheus: objective, what was achieved, the budget that is left (as time of a complete outage, and " +
        "as events), how many times too fast it burnt in the last hour, and when it is gone at this pace.",
    )
    .argument("[name]", "only the SLO, or the SLOs of the service, of this name; also <service>/<name>")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      examples([
        ["obs slo report", "all of them"],
        ["obs slo report checkout --json | jq '.slos[] | {slo, burnRate}'", "of one service, for a script"],
      ]),
    )
    .action(
      action(async (context, { json = false }: { json?: boolean }, name?: string) => {
        const { currentRuntime, surveyRuntimes } = await import("../../stack/runtimes.js");
        const { loadDefinition } = await import("../../stack/load.js");
        const { localAddress } = await import("../../stack/render/address.js");
        const { reportSlos } = await import("../../stack/slo/report.js");
        const { notRunning } = await import("../not-running.js");
        const project = await context.project();
        const current = currentRuntime(await surveyRuntimes(project));
        if (!current?.status.running) throw notRunning("nobody knows how its SLOs do");
        const { stack } = await loadDefinition(project);
        const slos = await reportSlos(`http://${localAddress(stack, "prometheus")}`, context.signal, name);
        if (json) context.print(JSON.stringify({ slos }, null, 2));
        else {
          const { formatSlos } = await import("../reporters/slo.js");
          context.print(formatSlos(slos, { color: context.color.stdout }));
        }
        return 0;
      }),
    );
}

interface ImportOptions {
  stdout?: boolean;
  force?: boolean;
}

function registerImport(slo: Command): void {
  slo
    .command("import")
    .summary("translate SLOs of Sloth and OpenSLO to slo(...)")
    .description(
      "Reads SLOs of Sloth (prometheus/v1, or PrometheusServiceLevel of Kubernetes) and OpenSLO (openslo/v1), and writes " +
        "alerts/slo/<service>.ts. What can't be translated is told at its place. Exits with 1 when an SLO was left out.",
    )
    .argument("<file...>", "YAML files; OpenSLO documents may refer to each other across them")
    .option("--stdout", "print what would be written")
    .option("--force", "overwrite files that are there")
    .addHelpText(
      "after",
      examples([
        ["obs slo import slos/*.yml", "then list them in alerting.packs"],
        ["obs slo import --stdout checkout.yml", "only look"],
      ]),
    )
    .action(action(runImport));
}

async function runImport(
  context: Context,
  { stdout = false, force = false }: ImportOptions,
  paths: string[],
): Promise<0 | 1> {
  const { resolve } = await import("node:path");
  const { readRuleText, shownFrom } = await import("../../stack/rules/find-files.js");
  const { importSlos } = await import("../../stack/slo/import/import-slos.js");
  const { hasErrors } = await import("../../stack/validate/problem.js");
  const sources: RuleSource[] = [];
  const unread: Problem[] = [];
  for (const path of new Set(paths)) {
    const file = resolve(path);
    const read = await readRuleText(file, shownFrom(process.cwd(), file));
    if ("source" in read) sources.push(read.source);
    else unread.push(read.problem);
  }
  const { files, problems } = importSlos(sources);
  const all = [...unread, ...problems];
  if (stdout) for (const { text } of files) context.print(text.trimEnd());
  else if (files.length > 0) await place(context, files, force);
  const { reportProblems } = await import("../report.js");
  await reportProblems(all);
  return hasErrors(all) ? 1 : 0;
}

async function place(context: Context, files: readonly SloFile[], force: boolean): Promise<void> {
  const { placeImported } = await import("../../stack/place-imported.js");
  const { root } = await context.project();
  await placeImported(root, files, { force, id: "slo-file-exists" });
  for (const { path, slos } of files) {
    context.print(`${path}: ${slos.map(({ name }) => name).join(", ")}`);
  }
  const [first] = files;
  const list = files.map(({ exported }) => `...${exported}`).join(", ");
  context.note(
    `Next: import ${files.length === 1 ? "it" : "them"} in obs.config.ts (import { ${first!.exported} } from "./${first!.path}"), ` +
      `and list ${files.length === 1 ? "it" : "them"}: alerting: { packs: [${list}] }.`,
  );
}
