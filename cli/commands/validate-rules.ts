import { stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { SeriesWorld } from "../../stack/catalog/world.js";
import type { RuleFile } from "../../stack/rules/model.js";
import type { RuleSource } from "../../stack/rules/read.js";
import type { Surroundings } from "../../stack/rules/surroundings.js";
import type { Problem, Severity } from "../../stack/validate/problem.js";
import type { NotRun } from "../../stack/validate/programs.js";
import { action, type Context } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

interface Options {
  format: "text" | "json" | "github" | "sarif";
  json?: boolean;
  minSeverity: Severity;
  only?: string[];
  disable?: string[];
  /** Undefined: where it is at hand. */
  promtool?: boolean;
}

export function register(program: Command): void {
  program
    .command("validate-rules")
    .helpGroup(groups.check)
    .summary("check alerting and recording rules, yours or anybody's")
    .description(
      "Checks rule files for Prometheus and Loki, PrometheusRule documents for Kubernetes, and typed packs: whether they can be read, " +
        "and whether they will do what they are for. A folder stands for every YAML file with rules in it. Without " +
        "arguments: the rule files of the project.",
    )
    .argument("[path...]", "files, folders, or patterns in quotes")
    .addOption(
      new Option("--format <format>", "how findings are printed")
        .choices(["text", "json", "github", "sarif"])
        .default("text"),
    )
    .option("--json", "the same as --format json")
    .addOption(
      new Option("--min-severity <severity>", "leave out what matters less")
        .choices(["error", "warning", "notice"])
        .default("notice"),
    )
    .addOption(
      new Option("--only <check>", "run these checks alone; repeat it, or separate with commas").argParser(
        ids,
      ),
    )
    .addOption(new Option("--disable <check>", "leave these checks out").argParser(ids))
    .option("--promtool", "fail where promtool isn't at hand (default: ask it where it is)")
    .option("--no-promtool", "ask neither promtool nor lokitool")
    .addHelpText(
      "after",
      examples([
        ["obs validate-rules", "the project's own"],
        ["obs validate-rules rules/ 'teams/*/alerts.yml'", "a folder and a pattern"],
        ["obs validate-rules --format github rules/", "annotations in a pull request"],
        ["obs validate-rules --disable duplicate-rule", "all checks but one"],
      ]),
    )
    .action(action(run));
}

/** `a,b` and repeated options alike. */
function ids(value: string, before: string[] | undefined): string[] {
  const given = value.split(",").map((id) => id.trim());
  if (given.includes("")) throw new InvalidArgumentError("It names no check.");
  return [...(before ?? []), ...given];
}

/**
 * V8's defaults are for servers. Measured over 1,000 rules in 100 files on Node 20; others are left alone, for V8 complains
 * on stderr about flags that it has no longer.
 * - Nearly all that is read is kept to the end: a young generation that grows at once to its full size, instead of
 *   doubling, spares copying the same files over and over. 40 ms.
 * - Functions are compiled to machine code after three times the usual work in them: sooner, it comes too late to help, and
 *   takes 40 % of the processor time from whatever else runs on the machine.
 */
async function tuneForOneShortRun(): Promise<void> {
  if (!process.versions.node.startsWith("20.")) return;
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--semi-space-growth-factor=16");
  setFlagsFromString("--interrupt-budget=400000");
}

/** Begins to fetch all that every run needs at once, not each when its turn comes; what fails shows where it is used. */
function fetchAhead(): void {
  const needed = [
    import("../../stack/rules/validate-rules.js"),
    import("../../stack/rules/promtool.js"),
    import("../../stack/rules/find-files.js"),
    import("../reporters/rule-verdict.js"),
    import("../report.js"),
    import("../reporters/text.js"),
  ];
  Promise.all(needed).catch(() => {});
}

async function run(context: Context, options: Options, paths: string[]): Promise<0 | 1> {
  fetchAhead();
  await tuneForOneShortRun();
  const wants = await wantedChecks(options);
  const { sources, problems, root, skipped, series, surroundings, placed } = await collect(context, paths);
  const { validateRules } = await import("../../stack/rules/validate-rules.js");
  const { unsaid } = await import("../../stack/rules/promtool.js");
  const done = tellOfLongRun(sources);
  const verdict = validateRules({ sources, root, wants, series, surroundings });
  const programs = await askPrograms(context, options, wants, verdict.files).finally(done);
  const rank = { error: 0, warning: 1, notice: 2 };
  const { hasErrors, sortProblems } = await import("../../stack/validate/problem.js");
  const found = [
    ...problems,
    ...verdict.problems,
    ...unsaid(programs.problems, verdict.problems, new Set(sources.map(({ path }) => path))),
  ].filter(({ severity }) => rank[severity] <= rank[options.minSeverity]);
  const all = sortProblems(placed ? placed(found) : found);
  await print(context, options, {
    problems: all,
    files: sources.length,
    rules: verdict.rules,
    skipped,
    ran: programs.ran,
    notRun: programs.notRun,
  });
  return hasErrors(all) ? 1 : 0;
}

/** About what is checked in a second. */
const longRun = 1_000_000;

/** Tells on a terminal that it takes a while, where it will; gives back what takes the line away again. */
function tellOfLongRun(sources: readonly RuleSource[]): () => void {
  const characters = sources.reduce((sum, { text }) => sum + text.length, 0);
  if (!process.stderr.isTTY || characters < longRun) return () => {};
  process.stderr.write(`Checking ${count(sources.length, "file")} …`);
  return () => process.stderr.write("\r\u001b[K");
}

interface Collected {
  sources: readonly RuleSource[];
  problems: Problem[];
  /** Where relative paths in rules may begin. */
  root: string;
  skipped: number;
  /** For the project's own rules: which series there are. Undefined for the files of others. */
  series?: SeriesWorld;
  surroundings?: Surroundings;
  /** Puts findings about rendered rules where the user wrote them. */
  placed?: (problems: readonly Problem[]) => Problem[];
}

async function collect(context: Context, paths: string[]): Promise<Collected> {
  if (paths.length > 0) {
    const { findRuleFiles } = await import("../../stack/rules/find-files.js");
    const typed = await typedFiles(paths);
    const others = paths.filter((path) => !typed.some((file) => file.named && file.path === resolve(path)));
    const found = await findRuleFiles(others, process.cwd());
    if (typed.length === 0) return { ...found, root: process.cwd() };
    return withTyped(context, found, typed);
  }
  const project = await projectOrPaths(context);
  const { loadDefinition } = await import("../../stack/load.js");
  const { ruleSources } = await import("../../stack/rules/project-rules.js");
  const { surroundingsOf } = await import("../../stack/rules/surroundings.js");
  const { loadWorld } = await import("../../stack/catalog/load-world.js");
  const { decideFacts } = await import("../../stack/facts.js");
  const { packRuleFiles } = await import("../../stack/alerting/pack-files.js");
  const { atPackSources } = await import("../../stack/alerting/pack-places.js");
  const { stack, ruleFiles: written, problems } = await loadDefinition(project);
  const facts = await decideFacts(stack, project, "compose");
  const ruleFiles = [...written, ...packRuleFiles({ stack, facts }, written)];
  const { world, problems: faulty } = await loadWorld(project, stack);
  return {
    sources: ruleSources(project.root, ruleFiles),
    problems: [...problems, ...faulty],
    root: project.root,
    skipped: 0,
    series: world,
    surroundings: surroundingsOf(stack),
    placed: (found) => atPackSources(found, { project, ruleFiles }),
  };
}

interface TypedFile {
  path: string;
  /** By itself, not by its folder. */
  named: boolean;
}

/** Files of TypeScript among the arguments, and in the folders among them. */
async function typedFiles(args: readonly string[]): Promise<TypedFile[]> {
  const found = await Promise.all(
    args.map(async (arg): Promise<TypedFile[]> => {
      const path = resolve(arg);
      // What can't be looked at is told with the files in YAML.
      const info = await stat(path).catch(() => undefined);
      if (info?.isFile()) return /\.[cm]?ts$/.test(path) ? [{ path, named: true }] : [];
      if (!info?.isDirectory()) return [];
      const { glob } = await import("tinyglobby");
      const ignore = ["**/node_modules/**", "**/stack/generated/**", "**/*.d.ts", "**/*.test.ts"];
      const files = await glob("**/*.ts", { cwd: path, absolute: true, ignore });
      return files.map((file) => ({ path: file, named: false }));
    }),
  );
  return found.flat();
}

/** What was found in YAML, and the typed packs beside it. */
async function withTyped(
  context: Context,
  found: Awaited<ReturnType<typeof import("../../stack/rules/find-files.js").findRuleFiles>>,
  files: readonly TypedFile[],
): Promise<Collected> {
  const { readTypedFiles } = await import("../../stack/alerting/typed-files.js");
  const { atPackSources } = await import("../../stack/alerting/pack-places.js");
  const { ruleSources } = await import("../../stack/rules/project-rules.js");
  const { projectAt } = await import("../../stack/project.js");
  const root = process.cwd();
  const project = await context.project().catch(() => projectAt(join(root, "obs.config.ts")));
  const { ruleFiles, problems } = await readTypedFiles(project, files);
  const folders = ruleFiles.flatMap(({ pack }) => pack?.groups.flatMap(({ rules }) => rules) ?? []);
  const hasPacks = (folder: string) =>
    folders.some(({ declaredIn }) => declaredIn?.startsWith(resolve(folder) + sep));
  return {
    sources: [...found.sources, ...ruleSources(root, ruleFiles)],
    problems: [
      // A folder of packs alone is no empty one.
      ...found.problems.filter(
        ({ id, place }) => id !== "empty-rule-glob" || !place || !hasPacks(place.file),
      ),
      ...problems,
    ],
    root,
    skipped: found.skipped,
    placed: (all) => atPackSources(all, { project, ruleFiles }),
  };
}

/** The project; outside of any, the problem also says that files can be named. */
async function projectOrPaths(context: Context): ReturnType<Context["project"]> {
  try {
    return await context.project();
  } catch (error) {
    const { ProblemError } = await import("../../stack/validate/problem.js");
    if (!(error instanceof ProblemError) || error.problems.some(({ id }) => id !== "no-project")) throw error;
    const next =
      "Name the files to be checked, `obs validate-rules rules/`, or go to the folder of your project.";
    throw new ProblemError(
      error.problems.map((problem) => ({ ...problem, next })),
      error.exitCode,
    );
  }
}

/** Which checks to run. Throws a ProblemError for a name that is none. */
async function wantedChecks({ only, disable }: Options): Promise<(id: string) => boolean> {
  const { ruleCheckIds } = await import("../../stack/rules/checks.js");
  const { lokitoolCheckRulesId, promtoolCheckRulesId } = await import("../../stack/rules/promtool.js");
  const known = [...ruleCheckIds(), promtoolCheckRulesId, lokitoolCheckRulesId];
  const unknown = [...(only ?? []), ...(disable ?? [])].filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    const { didYouMean } = await import("../../stack/validate/suggest.js");
    const { ProblemError } = await import("../../stack/validate/problem.js");
    throw new ProblemError(
      unknown.map((id) => {
        const meant = didYouMean(id, known);
        return {
          id: "unknown-check",
          severity: "error" as const,
          what: `There is no check of rules called "${id}".`,
          next: meant ? `Did you mean "${meant}"?` : `There are: ${known.join(", ")}.`,
        };
      }),
      2,
    );
  }
  return (id) => (only === undefined || only.includes(id)) && !disable?.includes(id);
}

interface Verdicts {
  problems: Problem[];
  ran: string[];
  notRun: NotRun[];
}

/** Asks promtool about the rules for Prometheus and lokitool about those for Loki, both at once. */
async function askPrograms(
  context: Context,
  { promtool: wanted }: Options,
  wants: (id: string) => boolean,
  files: readonly RuleFile[],
): Promise<Verdicts> {
  const rules = await import("../../stack/rules/promtool.js");
  const programs = [
    {
      name: "promtool",
      checker: "promtool check rules",
      id: rules.promtoolCheckRulesId,
      ask: rules.promtoolCheckRules,
      judged: rules.filesFor(files, "promql"),
    },
    {
      name: "lokitool",
      checker: "lokitool rules check",
      id: rules.lokitoolCheckRulesId,
      ask: rules.lokitoolCheckRules,
      judged: rules.filesFor(files, "logql"),
    },
  ].filter(({ id, judged }) => judged.length > 0 && (wanted !== undefined || wants(id)));
  const verdicts = await Promise.all(
    programs.map(async ({ name, checker, ask, judged }): Promise<Verdicts> => {
      if (wanted === false) return { problems: [], ran: [], notRun: [{ checker, why: "--no-promtool" }] };
      const verdict = await ask(judged, { signal: context.signal });
      if ("problems" in verdict) return { problems: verdict.problems, ran: [checker], notRun: [] };
      if (wanted === true && name === "promtool") throw await withoutPromtool(verdict.notRun);
      return { problems: [], ran: [], notRun: [{ checker, why: verdict.notRun }] };
    }),
  );
  const others = files.length - programs.reduce((sum, { judged }) => sum + judged.length, 0);
  return {
    problems: verdicts.flatMap(({ problems }) => problems),
    ran: verdicts.flatMap(({ ran }) => ran),
    notRun: [
      ...verdicts.flatMap(({ notRun }) => notRun),
      ...(others > 0 && programs.length > 0 && wanted !== false
        ? [{ checker: "promtool and lokitool", why: `${count(others, "file")} that neither reads` }]
        : []),
    ],
  };
}

async function withoutPromtool(why: string): Promise<Error> {
  const { ProblemError } = await import("../../stack/validate/problem.js");
  return new ProblemError(
    [
      {
        id: "program-missing",
        severity: "error",
        what: `promtool could not judge the rules: ${why}.`,
        next: "`obs toolchain install prometheus` builds it; without --promtool the other checks do.",
      },
    ],
    2,
  );
}

interface Outcome extends Verdicts {
  files: number;
  rules: number;
  skipped: number;
}

async function print(context: Context, { format, json }: Options, outcome: Outcome): Promise<void> {
  const { problems, files, rules, ran, notRun } = outcome;
  const { formatRuleVerdict } = await import("../reporters/rule-verdict.js");
  if (json || format === "json") {
    const { problemReport } = await import("../reporters/json.js");
    context.print(JSON.stringify({ ...problemReport(problems), files, rules, ran, notRun }, null, 2));
    return;
  }
  if (format === "sarif") {
    const { sarifLog } = await import("../reporters/sarif.js");
    const { checkPage } = await import("../../stack/explain.js");
    const { packageVersion } = await import("../../stack/package-root.js");
    const describe = (id: string) => {
      const page = checkPage(id);
      return page && { summary: page.summary, help: page.text };
    };
    context.print(JSON.stringify(sarifLog(problems, { version: packageVersion, describe }), null, 2));
    return;
  }
  if (format === "github") {
    const { githubAnnotations } = await import("../reporters/github.js");
    for (const line of githubAnnotations(problems)) context.print(line);
    context.note(formatRuleVerdict(outcome, { color: context.color.stderr }));
    return;
  }
  await context.report(problems);
  if (problems.length > 0) context.note("");
  context.print(formatRuleVerdict(outcome, { color: context.color.stdout }));
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
