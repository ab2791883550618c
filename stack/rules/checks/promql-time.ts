import type { Node } from "../../promql/index.js";
import { type QueryFinding, queryCheck } from "../queries.js";

/** `offset`, `@` and ranges that don't do in a rule what they do in a graph. */
export const promqlTime = queryCheck("promql-time", "warning", function* ({ selectors, subqueries, ranges }) {
  for (const node of [...selectors, ...subqueries]) {
    const { offset, at } = node;
    if (offset && offset.ms < 0)
      yield {
        at: offset,
        what: "A negative offset looks into the future.",
        why: "A rule is evaluated now: there are no samples behind that yet.",
        next: "Turn the sign round, or move the other side into the past.",
      };
    if (at) yield fixed(at);
  }
  for (const node of [...ranges, ...subqueries])
    if (node.range <= 0)
      yield {
        at: { from: node.rangeFrom, to: node.rangeTo },
        severity: "error",
        what: "The range comes out at 0 or less: every evaluation fails.",
      };
});

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
