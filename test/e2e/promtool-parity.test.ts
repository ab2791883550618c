import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { analyse } from "../../stack/promql/index.js";
import { validateRules } from "../../stack/rules/validate-rules.js";
import { findProgram } from "../../stack/toolchain/find.js";
import { corpus } from "../support/corpus.js";
import { mutants } from "../support/mutate-rules.js";
import { yamlFiles, yamlMutants } from "../support/mutate-yaml.js";
import { withFolder } from "../support/temporary-folder.js";

/** What promtool says about each expression, undefined for the ones it takes. It names every bad rule of a file. */
async function promtool(exprs: readonly string[]): Promise<(string | undefined)[]> {
  const program = await findProgram("promtool");
  const verdicts: (string | undefined)[] = exprs.map(() => undefined);
  await withFolder(async (folder) => {
    const file = join(folder, "rules.yml");
    const rules = exprs.map((expr, at) => ({ record: `rule_${at}`, expr }));
    writeFileSync(file, JSON.stringify({ groups: [{ name: "all", rules }] }));
    const { stdout, stderr } = await execa(program!.path, ["check", "rules", "--lint=none", file], {
      reject: false,
      maxBuffer: 1e9,
    });
    const said = `${stdout}\n${stderr}`;
    for (const [, rule, message] of said.matchAll(/rule (\d+), "rule_\d+": (could not parse expression.*)/g))
      verdicts[Number(rule) - 1] = message;
    expect(said).toMatch(/SUCCESS|could not parse/);
  });
  return verdicts;
}

/** The expressions about which obs and promtool don't agree. */
async function disagreements(exprs: readonly string[]): Promise<string[]> {
  const verdicts = await promtool(exprs);
  return exprs.flatMap((expr, at) => {
    const ours = analyse(expr).errors[0]?.message;
    if ((ours === undefined) === (verdicts[at] === undefined)) return [];
    return [`${JSON.stringify(expr)}: obs: ${ours ?? "fine"}, promtool: ${verdicts[at] ?? "fine"}`];
  });
}

const valid = corpus("test/corpus/rules", "alerts", "test/golden");

test("promtool and obs take every rule of the corpus", async () => {
  expect(valid.length).toBeGreaterThan(180);
  expect((await promtool(valid)).filter((verdict) => verdict !== undefined)).toEqual([]);
  expect(await disagreements(valid)).toEqual([]);
});

test.each([1, 2, 3])(
  "promtool and obs agree about every rule that mutator %i makes of the corpus",
  async (seed) => {
    const mutated = mutants(valid, 1500, seed).map(({ expr }) => expr);
    expect(mutated).toHaveLength(1500);
    expect(await disagreements(mutated)).toEqual([]);
  },
);

/** Which of some files promtool refuses. */
async function refusedFiles(texts: readonly string[]): Promise<Set<number>> {
  const program = await findProgram("promtool");
  const refused = new Set<number>();
  await withFolder(async (folder) => {
    const names = texts.map((_, at) => `${at}.yml`);
    for (const [at, text] of texts.entries()) writeFileSync(join(folder, names[at]!), text);
    const { stderr } = await execa(program!.path, ["check", "rules", "--lint=none", ...names], {
      cwd: folder,
      reject: false,
      maxBuffer: 1e9,
    });
    for (const [, at] of stderr.matchAll(/^(\d+)\.yml: /gm)) refused.add(Number(at));
  });
  return refused;
}

function isRefused(text: string): boolean {
  const { problems } = validateRules({
    sources: [{ path: "rules.yml", absolutePath: "/nowhere/rules.yml", text }],
    root: "/nowhere",
  });
  return problems.some(({ severity }) => severity === "error");
}

/**
 * Where the two are known to differ, none of it written by people: what follows the first document, keys with a question
 * mark in front, anchors and tags of keys and of nothing, line breaks of Unicode, and lines that end the document by being
 * indented less than its beginning (which promtool takes for the end of all rules, and obs for a mistake).
 */
const differs = /\n(?:---|\.\.\.)[\s\S]*\S|\?\s|[{,[]\s*\?|&\S*:|!|[\u0085\u2028]|:,|(?:^|\n)[ ]+"?groups/;

test("promtool and obs take every file that YAML is mutated in", async () => {
  expect((await refusedFiles(yamlFiles)).size).toBe(0);
  expect(yamlFiles.filter(isRefused)).toEqual([]);
});

test.each([1, 2, 3])("promtool and obs agree about the YAML that mutator %i makes of files", async (seed) => {
  const texts = yamlMutants(yamlFiles, 1500, seed)
    .map(({ text }) => text)
    .filter((text) => !differs.test(text));
  expect(texts.length).toBeGreaterThan(500);
  const refused = await refusedFiles(texts);
  const disagreed = texts.filter((text, at) => refused.has(at) !== isRefused(text));
  expect(disagreed).toEqual([]);
});
