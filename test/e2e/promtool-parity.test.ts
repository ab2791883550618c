import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { analyse } from "../../stack/promql/index.js";
import { findProgram } from "../../stack/toolchain/find.js";
import { corpus } from "../support/corpus.js";
import { mutants } from "../support/mutate-rules.js";
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
