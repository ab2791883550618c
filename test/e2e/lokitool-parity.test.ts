import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { analyseLogql } from "../../stack/logql/index.js";
import { findProgram } from "../../stack/toolchain/find.js";
import { corpus } from "../support/corpus.js";
import { logqlGrammar, mutants } from "../support/mutate-rules.js";
import { withFolder } from "../support/temporary-folder.js";

/** What lokitool says about each expression, undefined for the ones it takes. It stops at the first bad rule: one a file. */
async function lokitool(exprs: readonly string[]): Promise<(string | undefined)[]> {
  const program = await findProgram("lokitool");
  const verdicts: (string | undefined)[] = exprs.map(() => undefined);
  await withFolder(async (folder) => {
    let next = 0;
    const worker = async () => {
      for (let at = next++; at < exprs.length; at = next++) {
        const file = join(folder, `${at}.yml`);
        writeFileSync(
          file,
          JSON.stringify({ groups: [{ name: "all", rules: [{ alert: "A", expr: exprs[at] }] }] }),
        );
        const { stderr, failed } = await execa(program!.path, ["rules", "check", file], { reject: false });
        expect(failed).toBe(/could not parse expression/.test(stderr));
        if (failed) verdicts[at] = stderr;
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, worker));
  });
  return verdicts;
}

const valid = corpus("test/corpus/logql");

/** One process a rule: patience on a busy machine. */
const patience = 120_000;

test(
  "lokitool and obs take every rule of the corpus",
  async () => {
    expect(valid.length).toBeGreaterThanOrEqual(40);
    expect((await lokitool(valid)).filter((verdict) => verdict !== undefined)).toEqual([]);
    expect(valid.filter((expr) => analyseLogql(expr).errors.length > 0)).toEqual([]);
  },
  patience,
);

test(
  "obs passes no rule that lokitool rejects among those the mutator makes of the corpus",
  async () => {
    const mutated = mutants(valid, 250, 1, logqlGrammar).map(({ expr }) => expr);
    expect(mutated).toHaveLength(250);
    const verdicts = await lokitool(mutated);
    expect(mutated.filter((expr, at) => verdicts[at] && analyseLogql(expr).errors.length === 0)).toEqual([]);
  },
  patience,
);
