import type { TypedRule } from "../../stack/alerting/define-rules.js";
import { parseDuration } from "../../stack/duration.js";
import {
  type Analysis,
  analyse,
  type Binary,
  bare,
  comparisons,
  type LabelName,
  type Matcher,
  type Node,
  type Selector,
} from "../../stack/promql/index.js";
import { type Random, seededRandom } from "./random.js";

/** What a mutant got wrong. */
export type MutationKind = "operator" | "threshold" | "window" | "label" | "for";

/** A rule with one mistake in it, of the kind that people make. */
export interface RuleMutant {
  /** Its name is the original's. */
  rule: TypedRule;
  kind: MutationKind;
  /** What was done: `threshold 0.05 -> 0.06`, with the place in the expression where several read the same. */
  how: string;
}

interface Cut {
  from: number;
  to: number;
  text: string;
}

interface Edit {
  kind: MutationKind;
  cuts: readonly Cut[];
  what: string;
}

/** Every mutant of a rule; sizes of changes are drawn, the same ones for the same seed. */
export function ruleMutants(rule: TypedRule, seed: number): RuleMutant[] {
  const random = seededRandom(seed);
  const query = analyse(rule.expr);
  const edits = [
    ...operators(query),
    ...thresholds(query, rule.expr, random),
    ...windows(query, rule.expr, random),
    ...labels(query, rule.expr),
  ];
  const seen = new Set([rule.expr]);
  const mutants: RuleMutant[] = [];
  for (const { kind, cuts, what } of edits) {
    const expr = [...cuts]
      .sort((a, b) => b.from - a.from)
      .reduce((text, cut) => text.slice(0, cut.from) + cut.text + text.slice(cut.to), rule.expr);
    if (seen.has(expr) || analyse(expr).errors.length > 0) continue;
    seen.add(expr);
    const where = cuts.length > 1 ? "everywhere" : `at ${cuts[0]!.from}`;
    mutants.push({ rule: { ...rule, expr }, kind, how: `${what} ${where}` });
  }
  return rule.kind === "alert" ? [...mutants, ...durations(rule, random)] : mutants;
}

const opposite: Readonly<Record<string, readonly string[]>> = {
  ">": ["<"], "<": [">"], ">=": ["<="], "<=": [">="], "==": ["!="], "!=": ["=="],
  "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"],
  and: ["unless"], unless: ["and"], or: ["and"],
}; // biome-ignore format: a table
const boundary: Readonly<Record<string, string>> = { ">": ">=", ">=": ">", "<": "<=", "<=": "<" };

function operators({ binaries }: Analysis): Edit[] {
  return binaries.flatMap((binary) => {
    const { operator, operatorFrom, operatorTo } = binary;
    const others = [...(opposite[operator] ?? []), ...(isCounted(binary) ? [boundary[operator]] : [])];
    return others.flatMap((text): Edit[] =>
      text === undefined
        ? []
        : [
            {
              kind: "operator",
              cuts: [{ from: operatorFrom, to: operatorTo, text }],
              what: `operator ${operator} -> ${text}`,
            },
          ],
    );
  });
}

/**
 * Whether a comparison is one of whole numbers, such as of targets that are up: only there can a value stand right on the
 * threshold. A measured ratio never does, and >= means the same as >.
 */
function isCounted({ operator, left, right }: Binary): boolean {
  if (!comparisons.has(operator)) return false;
  const [a, b] = [bare(left), bare(right)];
  const [threshold, value] = a.kind === "number" ? [a, b] : [b, a];
  return threshold.kind === "number" && Number.isInteger(threshold.value) && isWhole(value);
}

function isWhole(node: Node): boolean {
  const inner = bare(node);
  switch (inner.kind) {
    case "selector":
      return inner.metric === "up";
    case "aggregation":
      return inner.name === "count" || (["sum", "min", "max"].includes(inner.name) && isWhole(inner.expr));
    case "call":
      return ["changes", "resets", "count_over_time"].includes(inner.name);
    default:
      return false;
  }
}

function thresholds({ nodes }: Analysis, expr: string, random: Random): Edit[] {
  return nodes.flatMap((node) => {
    if (node.kind !== "number") return [];
    const counted = node.parent?.kind === "binary" && isCounted(node.parent);
    const factor = random.pick([1.2, 1.5, 2]);
    const values =
      node.value === 0
        ? [1]
        : counted
          ? [node.value + 1, node.value - 1]
          : [node.value * factor, node.value / factor];
    const old = expr.slice(node.from, node.to);
    return values.map((value): Edit => {
      const text = String(Number(value.toPrecision(6)));
      return {
        kind: "threshold",
        cuts: [{ from: node.from, to: node.to, text }],
        what: `threshold ${old} -> ${text}`,
      };
    });
  });
}

/** Each window longer and shorter; where several are the same, all of them together, too. */
function windows({ ranges, subqueries }: Analysis, expr: string, random: Random): Edit[] {
  const places = [...ranges, ...subqueries].filter(({ range }) => !Number.isNaN(range));
  const textOf = ({ rangeFrom, rangeTo }: (typeof places)[number]) => expr.slice(rangeFrom, rangeTo);
  return [...new Set(places.map(textOf))].flatMap((old) => {
    const same = places.filter((place) => textOf(place) === old);
    const factor = random.pick([2, 3]);
    return [same[0]!.range * factor, same[0]!.range / factor].flatMap((ms): Edit[] => {
      const text = asDuration(ms);
      const cuts = same.map(({ rangeFrom, rangeTo }) => ({ from: rangeFrom, to: rangeTo, text }));
      return eachAndAll(cuts).map((cuts) => ({ kind: "window", cuts, what: `window ${old} -> ${text}` }));
    });
  });
}

function eachAndAll(cuts: readonly Cut[]): Cut[][] {
  return [...cuts.map((cut) => [cut]), ...(cuts.length > 1 ? [[...cuts]] : [])];
}

/** Each label that is grouped or matched by, and each matcher; one that stands in several selectors also in all of them. */
function labels({ aggregations, binaries, selectors }: Analysis, expr: string): Edit[] {
  const lists = [
    ...aggregations.flatMap(({ grouping }) => (grouping ? [grouping.labels] : [])),
    ...binaries.flatMap(({ matching }) => (matching ? [matching.labels] : [])),
  ];
  const places = selectors.flatMap((selector) =>
    selector.matchers.map((matcher, at) => ({
      text: expr.slice(matcher.from, matcher.to),
      cut: dropped(selector.matchers, at),
      // Not a mutant: the other side of the `and` has it, and only what has the same labels on both sides is left.
      implied: matcher.operator === "=" && otherSides(selector).some((side) => requires(side, matcher)),
    })),
  );
  return [
    ...lists.flatMap((list) =>
      list.map(
        ({ from, to }, at): Edit => ({
          kind: "label",
          cuts: [dropped(list, at)],
          what: `label without ${expr.slice(from, to)}`,
        }),
      ),
    ),
    ...[...new Set(places.map(({ text }) => text))].flatMap((text): Edit[] => {
      const same = places.filter((place) => place.text === text);
      const single = same.filter(({ implied }) => !implied).map(({ cut }) => [cut]);
      const all = same.length > 1 ? [same.map(({ cut }) => cut)] : [];
      return [...single, ...all].map((cuts) => ({ kind: "label", cuts, what: `label without ${text}` }));
    }),
  ];
}

/** The other sides of every `and` by all labels that a selector is a side of, itself or in arithmetic and comparisons with numbers. */
function otherSides(selector: Selector): Node[] {
  const sides: Node[] = [];
  for (
    let [node, above]: [Node, Node | undefined] = [selector, selector.parent];
    above;
    [node, above] = [above, above.parent]
  ) {
    if (above.kind === "paren") continue;
    if (above.kind !== "binary") break;
    const other = above.left === node ? above.right : above.left;
    if (above.operator === "and" && !above.matching) sides.push(other);
    else if (other.type !== "scalar") break;
  }
  return sides;
}

/** Whether all that a side gives matches. */
function requires(side: Node, wanted: Matcher): boolean {
  switch (side.kind) {
    case "paren":
      return requires(side.expr, wanted);
    case "selector":
      return side.matchers.some(
        ({ label, operator, value }) => label === wanted.label && operator === "=" && value === wanted.value,
      );
    case "binary":
      if (side.operator === "and")
        return requires(side.left, wanted) || (!side.matching && requires(side.right, wanted));
      if (side.operator === "or") return requires(side.left, wanted) && requires(side.right, wanted);
      return side.right.type === "scalar" && requires(side.left, wanted);
    default:
      return false;
  }
}

/** Takes one of a list that commas separate out of it. */
function dropped(list: readonly Pick<LabelName, "from" | "to">[], at: number): Cut {
  const { from, to } = list[at]!;
  const [next, before] = [list[at + 1], list[at - 1]];
  const cut = next ? { from, to: next.from } : before ? { from: before.to, to } : { from, to };
  return { ...cut, text: "" };
}

function durations(rule: TypedRule & { kind: "alert" }, random: Random): RuleMutant[] {
  return (["for", "keepFiringFor"] as const).flatMap((key) => {
    const old = rule[key];
    const ms = old === undefined ? undefined : parseDuration(old);
    if (!ms) return [];
    const factor = random.pick([2, 3]);
    return [ms * factor, ms / factor].map((changed): RuleMutant => {
      const text = asDuration(changed);
      return { rule: { ...rule, [key]: text }, kind: "for", how: `${key} ${old} -> ${text}` };
    });
  });
}

function asDuration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
