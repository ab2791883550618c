import type { AlertCase, RecordCase, RulePack, TypedRule } from "../../stack/alerting/define-rules.js";
import type { PackContext } from "../../stack/alerting/render-pack.js";
import { judgeAlertCase, judgeRecordCase } from "../../stack/alerting/test/judge.js";
import { type ObserveOptions, observe } from "../../stack/alerting/test/observe.js";
import type { Observed, Probe } from "../../stack/alerting/test/probe.js";
import { neededRules, type RuleInPack, rulesOf } from "../../stack/alerting/test/subset.js";
import { caseProbe, ruleRenderer } from "../../stack/alerting/test/test-packs.js";
import { analyse } from "../../stack/promql/index.js";
import { type RuleMutant, ruleMutants } from "./mutate-alerts.js";

/** What the cases made of a mutant. */
export interface MutantResult extends RuleInPack {
  mutant: RuleMutant;
  /** The case that fails with it, or undefined: it survived. */
  killedBy?: string;
}

interface CaseToRun {
  id: string;
  tested: RuleInPack;
  one: AlertCase | RecordCase;
  /** What it takes to run the case, in the order of evaluation. */
  needed: readonly RuleInPack[];
}

interface NumberedMutant extends MutantResult {
  /** Behind the names of the rules that it changes. */
  suffix: string;
  /** What it changes. */
  of: RuleInPack;
}

/**
 * Runs the cases of typed rules against mutants of them. A mutant stands beside its original in the same rule file, under
 * another name, and whatever reads it does, too: so one simulation of a case judges all mutants that it can reach.
 * Cases that fail without mutants kill none.
 */
export async function runMutants(
  { packs, context, seed }: { packs: readonly RulePack[]; context: PackContext; seed: number },
  options: ObserveOptions,
): Promise<MutantResult[]> {
  const all = rulesOf(packs);
  const mutants = new Map<RuleInPack, NumberedMutant[]>();
  for (const [number, of] of all.entries())
    mutants.set(
      of,
      ruleMutants(of.rule, seed).map((mutant, at) => ({ ...of, of, mutant, suffix: `_x${number}x${at}` })),
    );
  let cases = all.flatMap((tested, rule) =>
    (tested.rule.cases ?? []).map((one, at): CaseToRun & { without: Set<string> } => ({
      id: `r${rule}-${at}`,
      tested,
      one,
      needed: neededRules(tested, all, one.series),
      without: new Set(),
    })),
  );
  // A mutant that can't be evaluated ends the simulation for all: it is taken out, and the case simulated again.
  while (cases.length > 0) {
    const planned = cases.map((each) => planCase(each, mutants, context));
    const observed = await observe(
      planned.map(({ probe }) => probe),
      options,
    );
    const again: typeof cases = [];
    for (const [at, each] of cases.entries()) {
      const seen = observed.get(each.id)!;
      const { reached } = planned[at]!;
      const broken = reached.filter(({ suffix }) => seen.errors.some((error) => names(error, suffix)));
      for (const mutant of broken) {
        mutant.killedBy ??= `${each.tested.rule.name}: ${each.one.name}`;
        each.without.add(mutant.suffix);
      }
      if (broken.length > 0) again.push(each);
      else judge(each, reached, seen);
    }
    cases = again;
  }
  return [...mutants.values()].flat().map(({ of, mutant, killedBy }) => ({ ...of, mutant, killedBy }));
}

/** Whether promtool's error is about a rule with this suffix. */
function names(error: string, suffix: string): boolean {
  return new RegExp(`^\\s*rule: \\S*${suffix}, time: `, "m").test(error);
}

function judge({ tested, one }: CaseToRun, reached: readonly NumberedMutant[], seen: Observed): void {
  const fails = (suffix: string) => {
    const name = `${tested.rule.name}${suffix}`;
    const own: Observed = {
      errors: seen.errors,
      alerts: seen.alerts.filter((each) => each.name === name),
      samples: seen.samples.filter((each) => each.expr === name),
    };
    return ("gives" in one ? judgeRecordCase(one, own) : judgeAlertCase(one, own)).length > 0;
  };
  if (fails("")) return;
  for (const mutant of reached)
    if (mutant.killedBy === undefined && fails(mutant.suffix))
      mutant.killedBy = `${tested.rule.name}: ${one.name}`;
}

/** The probe of a case with every mutant that it can reach, and these. */
function planCase(
  { id, tested, one, needed, without }: CaseToRun & { without: ReadonlySet<string> },
  mutants: ReadonlyMap<RuleInPack, readonly NumberedMutant[]>,
  context: PackContext,
): { probe: Probe; reached: NumberedMutant[] } {
  const reached: NumberedMutant[] = [];
  const copies = new Map<RuleInPack, RuleInPack[]>(needed.map((each) => [each, []]));
  for (const of of needed) {
    const affected = readersOf(of, needed);
    if (!affected.has(tested)) continue;
    for (const mutant of mutants.get(of)!) {
      if (without.has(mutant.suffix)) continue;
      reached.push(mutant);
      for (const each of affected) {
        const rule = each === of ? mutant.mutant.rule : each.rule;
        copies.get(each)!.push({ ...each, rule: renamed(rule, affected, mutant.suffix) });
      }
    }
  }
  const rules = needed.flatMap((each) => [each, ...copies.get(each)!]);
  const probe = caseProbe(id, tested, one, ruleRenderer(context)(rules));
  const suffixes = ["", ...reached.map(({ suffix }) => suffix)];
  return {
    reached,
    probe: {
      ...probe,
      alerts: suffixes.flatMap((suffix) =>
        probe.alerts.map((each) => ({ ...each, name: each.name + suffix })),
      ),
      samples: suffixes.flatMap((suffix) =>
        probe.samples.map((each) => ({ ...each, expr: each.expr + suffix })),
      ),
    },
  };
}

/** A rule with whatever reads it, at any distance; for an alert, the others of its name. */
function readersOf(of: RuleInPack, rules: readonly RuleInPack[]): Set<RuleInPack> {
  const found = new Set<RuleInPack>([of]);
  for (const { rule } of found)
    for (const other of rules) {
      if (found.has(other)) continue;
      const reads = analyse(other.rule.expr).selectors.some(({ metric }) => metric === rule.name);
      if (rule.kind === "record" ? reads : other.rule.kind === "alert" && other.rule.name === rule.name)
        found.add(other);
    }
  return found;
}

/** A copy of a rule under another name, which reads copies instead of their originals. */
function renamed(rule: TypedRule, copied: ReadonlySet<RuleInPack>, suffix: string): TypedRule {
  const names = new Set([...copied].map(({ rule }) => rule.name));
  let expr = rule.expr;
  // From the end, so that places in front stay.
  for (const { metric, from } of [...analyse(rule.expr).selectors].sort((a, b) => b.from - a.from))
    if (metric !== undefined && names.has(metric) && rule.expr.startsWith(metric, from))
      expr = expr.slice(0, from) + metric + suffix + expr.slice(from + metric.length);
  return { ...rule, name: rule.name + suffix, expr };
}
