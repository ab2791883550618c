import { parseDuration } from "../../duration.js";
import type { AlertCase, CaseKind, RecordCase, RulePack } from "../define-rules.js";
import { type PackContext, packFile } from "../render-pack.js";
import { type Deviation, judgeAlertCase, judgeRecordCase, timesOf } from "./judge.js";
import { caseKinds, notOfItsKind } from "./kinds.js";
import { type ObserveOptions, observe } from "./observe.js";
import type { Probe } from "./probe.js";
import { neededRules, packOf, type RuleInPack, rulesOf } from "./subset.js";

/** How a case went. */
export interface CaseResult {
  /** Undefined for a record's. */
  kind?: CaseKind;
  name: string;
  passed: boolean;
  /** What isn't as the case says. */
  deviations: Deviation[];
}

/** How the cases of a rule went. */
export interface RuleResult extends RuleInPack {
  cases: CaseResult[];
  /** Of an alert: kinds of which it has no case. */
  missing: CaseKind[];
}

/** What to test. */
export interface PacksUnderTest {
  /** All of them: a rule may read what those of another pack record. */
  packs: readonly RulePack[];
  context: PackContext;
  /** Which rules' cases are run; default: all. */
  wanted?: (rule: RuleInPack) => boolean;
}

/**
 * Runs the cases of typed rules through `promtool test rules` and judges them; rules without cases, which only records may
 * be, are left out. Whether the stack has use for a group (`when`) doesn't matter here.
 * Throws a ProblemError where promtool is missing.
 */
export async function testPacks(
  { packs, context, wanted = () => true }: PacksUnderTest,
  options: ObserveOptions,
): Promise<RuleResult[]> {
  const all = rulesOf(packs);
  const tested = all.filter(
    (each) => wanted(each) && (each.rule.kind === "alert" || each.rule.cases?.length),
  );
  const renderer = ruleRenderer(context);
  const planned = tested.flatMap((each, rule) =>
    each.rule.cases!.map((one, at) =>
      caseProbe(`r${rule}-${at}`, each, one, renderer(neededRules(each, all, one.series))),
    ),
  );
  const observed = await observe(planned, options);
  return tested.map((each, rule): RuleResult => {
    const seen = (at: number) => observed.get(`r${rule}-${at}`)!;
    if (each.rule.kind === "record")
      return {
        ...each,
        missing: [],
        cases: each.rule.cases!.map((one, at) =>
          resultOf(one.name, undefined, judgeRecordCase(one, seen(at))),
        ),
      };
    const kinds = new Set(each.rule.cases.map(({ kind }) => kind));
    return {
      ...each,
      missing: caseKinds.filter((kind) => !kinds.has(kind)),
      cases: each.rule.cases.map((one, at) => {
        const why = notOfItsKind(one);
        const ofKind: Deviation[] = why ? [{ expected: `a case of kind "${one.kind}"`, got: why }] : [];
        return resultOf(one.name, one.kind, [...ofKind, ...judgeAlertCase(one, seen(at))]);
      }),
    };
  });
}

function resultOf(name: string, kind: CaseKind | undefined, deviations: Deviation[]): CaseResult {
  return { ...(kind && { kind }), name, passed: deviations.length === 0, deviations };
}

/** Rules as a file, and the order of its groups. */
export interface RenderedRules {
  rules: string;
  groups: string[];
}

/** Renders rules, the same ones only once. */
export function ruleRenderer(context: PackContext): (rules: readonly RuleInPack[]) => RenderedRules {
  const known = new Map<string, RenderedRules>();
  const numbers = new Map<RuleInPack, number>();
  return (rules) => {
    const key = rules
      .map((each) => {
        if (!numbers.has(each)) numbers.set(each, numbers.size);
        return numbers.get(each);
      })
      .join();
    const found = known.get(key);
    if (found) return found;
    const { pack, groups } = packOf(rules);
    const rendered = { rules: packFile(pack, context).text, groups };
    known.set(key, rendered);
    return rendered;
  };
}

const oneMinute = 60_000;

/** The probe of a rule's case. */
export function caseProbe(
  id: string,
  { rule }: RuleInPack,
  one: AlertCase | RecordCase,
  rendered: RenderedRules,
): Probe {
  const { series, interval } = one;
  const asked = (times: Readonly<Record<string, unknown>>) => timesOf(times).map((at) => parseDuration(at)!);
  return {
    id,
    ...rendered,
    series,
    interval: interval === undefined ? oneMinute : parseDuration(interval)!,
    alerts: "firing" in one ? asked(one.firing).map((at) => ({ name: rule.name, at })) : [],
    samples: "gives" in one ? asked(one.gives).map((at) => ({ expr: rule.name, at })) : [],
  };
}
