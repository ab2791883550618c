import { bare, type Call, comparisons, constantOf, type Node } from "../promql/index.js";

/** Between which values an expression's result lies, both included. */
export interface Bounds {
  least: number;
  most: number;
}

const many = Number.POSITIVE_INFINITY;
const share: Bounds = { least: 0, most: 1 };
const notNegative: Bounds = { least: 0, most: many };

const ofCalls: Readonly<Record<string, Bounds>> = {
  rate: notNegative,
  increase: notNegative,
  irate: notNegative,
  changes: notNegative,
  resets: notNegative,
  abs: notNegative,
  sqrt: notNegative,
  exp: notNegative,
  stddev_over_time: notNegative,
  stdvar_over_time: notNegative,
  count_over_time: { least: 1, most: many },
  present_over_time: { least: 1, most: 1 },
  absent: { least: 1, most: 1 },
  absent_over_time: { least: 1, most: 1 },
  histogram_count: notNegative,
  histogram_fraction: share,
  hour: { least: 0, most: 23 },
  minute: { least: 0, most: 59 },
  day_of_week: { least: 0, most: 6 },
  day_of_month: { least: 1, most: 31 },
  day_of_year: { least: 1, most: 366 },
  days_in_month: { least: 28, most: 31 },
  month: { least: 1, most: 12 },
  sgn: { least: -1, most: 1 },
};

/** Functions and aggregations whose result is one of the values they are given, or lies between them. */
const keeping = new Set([
  "min", "max", "avg", "quantile", "topk", "bottomk",
  "min_over_time", "max_over_time", "avg_over_time", "last_over_time", "first_over_time", "quantile_over_time", "sort", "sort_desc",
]); // biome-ignore format: one list

/** What is known for sure of an expression's values; undefined: nothing. Looks a few levels deep only. */
export function boundsOf(node: Node, levels = 8): Bounds | undefined {
  const value = constantOf(node);
  if (value !== undefined) return Number.isNaN(value) ? undefined : { least: value, most: value };
  if (levels === 0) return undefined;
  const inner = bare(node);
  const of = (part: Node | undefined) => part && boundsOf(part, levels - 1);
  switch (inner.kind) {
    case "selector":
      return inner.metric === "up" ? share : undefined;
    case "range":
      return of(inner.selector);
    case "subquery":
      return of(inner.expr);
    case "aggregation":
      if (inner.name === "count") return { least: 1, most: many };
      if (inner.name === "group") return { least: 1, most: 1 };
      if (inner.name === "stddev" || inner.name === "stdvar") return notNegative;
      if (inner.name === "sum") return (of(inner.expr)?.least ?? -1) >= 0 ? notNegative : undefined;
      return keeping.has(inner.name) ? of(inner.expr) : undefined;
    case "call":
      if (Object.hasOwn(ofCalls, inner.name)) return ofCalls[inner.name];
      if (inner.name.startsWith("clamp")) return clamped(inner, of(inner.args[0]));
      return keeping.has(inner.name) ? of(inner.args.at(-1)) : undefined;
    case "binary":
      if (comparisons.has(inner.operator)) return inner.bool ? share : undefined;
      return undefined;
    default:
      return undefined;
  }
}

/** `clamp(x, min, max)`, `clamp_min(x, min)`, `clamp_max(x, max)`; with min above max there is no result. */
function clamped({ name, args }: Call, of: Bounds = { least: -many, most: many }): Bounds | undefined {
  const [, first, last] = args;
  const least = name === "clamp_max" ? -many : first && constantOf(first);
  const most = name === "clamp_min" ? many : constantOf((name === "clamp" ? last : first)!);
  if (least === undefined || most === undefined || least > most) return undefined;
  const into = (value: number) => Math.min(Math.max(value, least), most);
  return { least: into(of.least), most: into(of.most) };
}
