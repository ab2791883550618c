import { parseDuration } from "../../duration.js";
import type { Node } from "../../promql/index.js";
import { excerpt, type Query, type QueryFinding, queryCheck } from "../queries.js";

/** `offset`, `@` and ranges that don't do in a rule what they do in a graph, or reach further than there are samples. */
export const promqlTime = queryCheck("promql-time", "warning", function* (query, { settings, surroundings }) {
  const { selectors, subqueries, ranges } = query;
  const agreed = settings.maxRange === undefined ? undefined : parseDuration(settings.maxRange);
  for (const node of [...selectors, ...ranges, ...subqueries]) {
    const { offset, at } = node;
    if (node.kind === "selector" && !offset && !at) continue;
    if (offset && offset.ms < 0)
      yield {
        at: offset,
        what: "A negative offset looks into the future.",
        why: "A rule is evaluated now: there are no samples behind that yet.",
        next: "Turn the sign round, or move the other side into the past.",
      };
    if (offset?.literal && mayBeUnitless(query, offset)) yield* unitless(query, offset, "offset");
    if (at) yield fixed(at);
    const range = node.kind === "selector" ? 0 : node.range;
    const reach = range + Math.max(offset?.ms ?? 0, 0);
    const place = range > 0 && node.kind !== "selector" ? { from: node.rangeFrom, to: node.rangeTo } : offset;
    if (!place) continue;
    if (surroundings && reach > surroundings.retention)
      yield {
        at: place,
        what: `\`${excerpt(query, place)}\` reaches further back than samples are kept.`,
        why: `Prometheus keeps them for ${days(surroundings.retention)}: what is older is missing from the result, without a word.`,
        next: "Take a shorter one, or keep samples longer: metrics.retention.",
      };
    else if (agreed !== undefined && reach > agreed)
      yield {
        at: place,
        what: `\`${excerpt(query, place)}\` reaches further back than the ${settings.maxRange} that are agreed on.`,
        why: "alerting.checks.maxRange says so: long ranges make a rule slow.",
        next: "Take a shorter one, or record what it is made of.",
      };
  }
  for (const node of [...ranges, ...subqueries]) {
    const place = { from: node.rangeFrom, to: node.rangeTo };
    if (node.range <= 0)
      yield {
        at: place,
        severity: "error",
        what: "The range comes out at 0 or less: every evaluation fails.",
      };
    else if (mayBeUnitless(query, place)) yield* unitless(query, place, "range");
    if (node.kind === "subquery" && node.step !== undefined && node.step > node.range && node.range > 0)
      yield {
        at: { from: node.rangeFrom, to: node.to - 1 },
        what: `The step of \`[${excerpt(query, { from: node.rangeFrom, to: node.to - 1 })}]\` is longer than its range.`,
        why: "At most one point lies in it, and often none.",
        next: "Turn the two round: first the range, then the step.",
      };
  }
});

/** Most have a unit: not worth cutting out. */
function mayBeUnitless({ text }: Query, { to }: { to: number }): boolean {
  const last = text.charCodeAt(to - 1);
  return last >= 48 && last <= 57;
}

/** `[30]`: Prometheus 3 takes bare numbers for seconds, earlier ones refuse them. */
function* unitless(
  query: Query,
  place: { from: number; to: number },
  kind: "range" | "offset",
): Generator<QueryFinding> {
  const text = query.text
    .slice(place.from, place.to)
    .replace(/^offset/i, "")
    .trim();
  if (!/^-?\d+$/.test(text) || text === "0") return;
  yield {
    at: place,
    what: `The ${kind} ${text} has no unit: it means ${text} seconds.`,
    why: "Who reads it has to know that, and Prometheus before 3.0 refuses it.",
    next: `Write \`${text}s\`, or \`${text}m\` if minutes are meant.`,
  };
}

function days(ms: number): string {
  const value = ms / 86_400_000;
  return value >= 1 ? `${Number(value.toFixed(1))} days` : `${Number((value * 24).toFixed(1))} hours`;
}

function fixed(at: NonNullable<Extract<Node, { kind: "selector" }>["at"]>): QueryFinding {
  if (typeof at.time !== "number")
    return {
      at,
      severity: "notice",
      what: `\`@ ${at.time}()\` does nothing in a rule.`,
      why: "A rule is evaluated at one moment, which is start and end at once.",
      next: "Take it out.",
    };
  return {
    at,
    what: `\`@ ${at.time}\` looks at the same moment for ever.`,
    why: "Once its samples are deleted, the query finds nothing any more.",
    next: "Use `offset` to look back from now.",
  };
}
