import type { Command } from "commander";
import type { FileResult } from "../../stack/alerting/test/promtool-files.js";
import type { RuleResult } from "../../stack/alerting/test/test-packs.js";
import type { Problem } from "../../stack/validate/problem.js";
import { action, type Context } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

export function register(program: Command): void {
  program
    .command("test")
    .helpGroup(groups.alerts)
    .summary("prove with simulated series that alerts fire, stay quiet and resolve")
    .description(
      "Runs the cases that stand beside typed rules through the real promtool, and test files of promtool in alerts/ " +
        "(*.test.yml, *_test.yml) as they are. Time is simulated. Every alert must have cases of four kinds: it fires, it " +
        "stays quiet just below its threshold, it resolves, and what it does without data.",
    )
    .argument(
      "[name...]",
      "packs, rules (* stands for any characters), files of typed rules or test files; default: all",
    )
    .option("--json", "print the results as JSON")
    .addHelpText(
      "after",
      examples([
        ["obs test", "everything, a line for each pack"],
        ["obs test llm", "one pack, a line for each rule"],
        ["obs test LlmSpendHigh 'Agent*'", "some rules"],
        ["obs test alerts/mine.ts", "the typed rules of a file"],
        ["obs test alerts/checkout.test.yml", "a test file of promtool"],
      ]),
    )
    .action(action(run));
}

async function run(context: Context, { json = false }: { json?: boolean }, names: string[]): Promise<0 | 1> {
  const project = await context.project();
  const { loadDefinition } = await import("../../stack/load.js");
  const { decideFacts } = await import("../../stack/facts.js");
  const { choose } = await import("../../stack/alerting/test/choose.js");
  const { testPacks } = await import("../../stack/alerting/test/test-packs.js");
  const { caseFindings, fileFindings } = await import("../../stack/alerting/test/findings.js");
  const { findTestFiles, testPromtoolFiles } = await import("../../stack/alerting/test/promtool-files.js");
  const { packFaults } = await import("../../stack/alerting/pack-faults.js");
  const { shownPath } = await import("../../stack/project.js");
  const { readTypedFiles } = await import("../../stack/alerting/typed-files.js");
  const { hasErrors } = await import("../../stack/validate/problem.js");
  const { stack, problems: faulty } = await loadDefinition(project);
  const choice = choose(names, stack.alerting.packs, process.cwd());
  const isTyped = (path: string) => /\.[cm]?[jt]s$/.test(path);
  const typed = await readTypedFiles(
    project,
    choice.files.filter(isTyped).map((path) => ({ path, named: true })),
  );
  const named = typed.ruleFiles.flatMap(({ pack }) => pack ?? []);
  // The definition may have taken up the same ones.
  const others = stack.alerting.packs.filter(({ name }) => named.every((pack) => pack.name !== name));
  const packs = [...named, ...others];
  const wanted: typeof choice.wanted = (rule) => named.includes(rule.pack) || choice.wanted(rule);
  const paths =
    names.length === 0 ? await findTestFiles(project.root) : choice.files.filter((path) => !isTyped(path));
  const facts = await decideFacts(stack, project, "compose");
  const begun = performance.now();
  const { rules, files } = await withProgress(context, { quiet: json }, async (onDone) => {
    const { signal } = context;
    const rules = await testPacks({ packs, context: { stack, facts }, wanted }, { signal, onDone });
    return { rules, files: await testPromtoolFiles(paths, { signal }) };
  });
  const ms = performance.now() - begun;
  const problems = [
    ...faulty,
    ...typed.problems,
    // Such a pack has no rules, and so no cases: it would pass.
    ...packFaults(packs, shownPath(project, project.configFile)),
    ...caseFindings(rules, project),
    ...fileFindings(files, project),
  ];
  await print(context, json, { rules, files, problems, ms, root: project.root, detailed: names.length > 0 });
  return hasErrors(problems) ? 1 : 0;
}

/** One line, redrawn, about how far it is; in a terminal only. */
async function withProgress<T>(
  { interactive }: Context,
  { quiet }: { quiet: boolean },
  work: (onDone: (done: number, of: number) => void) => Promise<T>,
): Promise<T> {
  if (quiet || !interactive) return work(() => {});
  const clear = "\r\u001b[2K";
  try {
    return await work((done, of) => void process.stderr.write(`${clear}… ${done} of ${of} cases`));
  } finally {
    process.stderr.write(clear);
  }
}

interface Outcome {
  rules: readonly RuleResult[];
  files: readonly FileResult[];
  problems: readonly Problem[];
  ms: number;
  root: string;
  /** Whether each rule is shown, not only the packs. */
  detailed: boolean;
}

async function print(context: Context, json: boolean, outcome: Outcome): Promise<void> {
  const { formatRuleTests, ruleTestReport } = await import("../reporters/rule-tests.js");
  if (json) {
    const { problemReport } = await import("../reporters/json.js");
    const report = { ...ruleTestReport(outcome), ...problemReport(outcome.problems) };
    context.print(JSON.stringify(report, null, 2));
    return;
  }
  const { sortProblems } = await import("../../stack/validate/problem.js");
  const { rows, summary } = formatRuleTests(outcome, {
    color: context.color.stdout,
    detailed: outcome.detailed,
  });
  if (rows !== "") context.print(`${rows}\n`);
  await context.report(sortProblems(outcome.problems));
  if (outcome.problems.length > 0) context.note("");
  context.print(summary);
}
