import { type MutantResult, runMutants } from "../../test/support/run-mutants.js";
import type { Figure } from "./figure.js";
import { referenceStack } from "./reference-stack.js";

/** How many mistakes in the alerts that come with obs their cases find. */
export const alertMutants: Figure = {
  id: "alert-mutants",
  title: "mutants of alert expressions that their cases kill",
  unit: "ratio",
  must: { atLeast: 0.9 },
  async measure({ say }) {
    const { context } = await referenceStack();
    const options = { signal: new AbortController().signal };
    const results = await runMutants({ packs: context.stack.alerting.packs, context, seed: 1 }, options);
    const alerts = results.filter(({ rule }) => rule.kind === "alert");
    if (alerts.length === 0) return { values: [0], fault: "the reference stack has no typed alerts" };
    const survivors = alerts.filter(({ killedBy }) => killedBy === undefined);
    for (const survivor of survivors) say(`survived: ${described(survivor)}`);
    return { values: [1 - survivors.length / alerts.length], note: noteOn(results) };
  },
};

function described({ pack, rule, mutant }: MutantResult): string {
  return `${pack.name}, ${rule.name}: ${mutant.how}`;
}

function noteOn(results: readonly MutantResult[]): string {
  const killed = (some: readonly MutantResult[]) =>
    `${some.filter(({ killedBy }) => killedBy !== undefined).length} of ${some.length}`;
  const alerts = results.filter(({ rule }) => rule.kind === "alert");
  const kinds = [...new Set(alerts.map(({ mutant }) => mutant.kind))];
  const byKind = kinds.map(
    (kind) => `${kind} ${killed(alerts.filter(({ mutant }) => mutant.kind === kind))}`,
  );
  const records = results.filter(({ rule }) => rule.kind === "record");
  return `${killed(alerts)} (${byKind.join(", ")}); of records, which don't count, ${killed(records)}`;
}
