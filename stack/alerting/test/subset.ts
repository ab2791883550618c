import { analyse, labelRegexp, type Selector } from "../../promql/index.js";
import type { RuleGroupInput, RulePack, Series, TypedRule } from "../define-rules.js";

/** A rule where it stands. */
export interface RuleInPack {
  pack: RulePack;
  group: RuleGroupInput;
  rule: TypedRule;
}

/** Every rule of some packs, in the order of evaluation. */
export function rulesOf(packs: readonly RulePack[]): RuleInPack[] {
  return packs.flatMap((pack) =>
    pack.groups.flatMap((group) => group.rules.map((rule) => ({ pack, group, rule }))),
  );
}

/**
 * The rules that a rule depends on, with itself, in the order of evaluation: what its expression reads, as far as rules make
 * it; and, for an alert, the others of its name in its pack. What a case gives as series is taken from there. A rule alone
 * behaves as it does among all others, only that promtool has much less to do.
 */
export function neededRules(wanted: RuleInPack, all: readonly RuleInPack[], given: Series): RuleInPack[] {
  const names = new Set(Object.keys(given).flatMap((selector) => metricOf(selector)));
  const needed = new Set<RuleInPack>(
    wanted.rule.kind === "record"
      ? [wanted]
      : all.filter(
          ({ pack, rule }) => pack === wanted.pack && rule.kind === "alert" && rule.name === wanted.rule.name,
        ),
  );
  // A set goes on over what is added on the way.
  for (const { rule } of needed) {
    const { selectors } = analyse(rule.expr);
    for (const other of all) {
      if (needed.has(other) || (other.rule.kind === "record" && names.has(other.rule.name))) continue;
      if (selectors.some((selector) => reads(selector, other.rule))) needed.add(other);
    }
  }
  return all.filter((each) => needed.has(each));
}

function metricOf(selector: string): string[] {
  const metric = analyse(selector).selectors[0]?.metric;
  return metric === undefined ? [] : [metric];
}

/** Whether a selector may find what a rule makes. */
function reads(selector: Selector, rule: TypedRule): boolean {
  const made = rule.kind === "record" ? [rule.name] : ["ALERTS", "ALERTS_FOR_STATE"];
  const named = made.some((name) => selector.metric === undefined || selector.metric === name);
  return (
    named &&
    made.some((name) => matches(selector, "__name__", name)) &&
    (rule.kind === "record" || matches(selector, "alertname", rule.name))
  );
}

function matches({ matchers }: Selector, label: string, value: string): boolean {
  return matchers
    .filter((matcher) => matcher.label === label)
    .every(({ operator, value: wanted }) => {
      if (operator === "=") return value === wanted;
      if (operator === "!=") return value !== wanted;
      const pattern = labelRegexp(wanted);
      if (typeof pattern === "string") return true;
      return pattern.matches(value) === (operator === "=~");
    });
}

/** Packs that hold just these rules, each group under a name of its own, wherever it is wanted; and the order of the groups. */
export function packOf(rules: readonly RuleInPack[]): { pack: RulePack; groups: string[] } {
  const groups = new Map<RuleGroupInput, { name: string; rules: TypedRule[] }>();
  for (const { pack, group, rule } of rules) {
    const made = groups.get(group) ?? { name: `group-${groups.size}`, rules: [] };
    // Packs may have different owners, and are rendered as one here.
    made.rules.push(rule.kind === "alert" ? { ...rule, owner: rule.owner ?? pack.owner } : rule);
    groups.set(group, made);
  }
  const { pack } = rules[0]!;
  return {
    pack: { ...pack, groups: [...groups.values()] },
    groups: [...groups.values()].map(({ name }) => name),
  };
}
