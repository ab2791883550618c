import { type Binary, bare, constantOf, type Node, type Selector } from "../promql/index.js";

/** A part of a whole: between 0 and 1, or, times 100, a per cent. */
export interface Share {
  /** What the whole is: 1 or 100. */
  whole: number;
  /** Why it is taken for one. */
  why: string;
}

/** Functions and aggregations whose result is one of the values they are given, or lies between them. */
const keeping =
  /^(?:(?:min|max|avg|quantile|last|first)(?:_over_time)?|topk|bottomk|sort|sort_desc|label_replace|label_join|clamp|clamp_min|clamp_max)$/;

/**
 * Whether an expression is a share of something, by what is divided by what or by its name's ending. A convention, not a
 * proof: names end in `_ratio` for 0 to 1 (https://prometheus.io/docs/practices/naming/). Looks a few levels deep only.
 */
export function shareOf(root: Node, levels = 8): Share | undefined {
  const node = bare(root);
  if (levels === 0) return undefined;
  const of = (part: Node | undefined) => part && shareOf(part, levels - 1);
  switch (node.kind) {
    case "selector":
      return byName(node);
    case "range":
      return of(node.selector);
    case "subquery":
      return of(node.expr);
    case "aggregation":
      return keeping.test(node.name) ? (ofIdleTime(node.expr) ?? of(node.expr)) : undefined;
    case "call":
      return keeping.test(node.name)
        ? of(node.args.find(({ type }) => type !== "scalar" && type !== "string"))
        : undefined;
    case "binary":
      return ofBinary(node, of);
    default:
      return undefined;
  }
}

function byName({ metric = "" }: Selector): Share | undefined {
  // `level:metric_ratio:operations`, too.
  const name = metric.split(":").find((part) => /_(?:ratio|percent)$/.test(part));
  if (name === undefined) return undefined;
  return name.endsWith("_ratio")
    ? { whole: 1, why: `\`${metric}\` is a ratio by its name.` }
    : { whole: 100, why: `\`${metric}\` is a per cent by its name.` };
}

/** The one counter of seconds of which a second has one: time that processors spend in a mode. */
function ofIdleTime(root: Node): Share | undefined {
  const call = bare(root);
  if (call.kind !== "call" || (call.name !== "rate" && call.name !== "irate")) return undefined;
  const range = call.args[0];
  return range?.kind === "range" && range.selector.metric === "node_cpu_seconds_total"
    ? { whole: 1, why: "A processor spends at most one second a second in a mode." }
    : undefined;
}

function ofBinary(node: Binary, of: (part: Node) => Share | undefined): Share | undefined {
  const { operator, left, right, bool } = node;
  const [a, b] = [constantOf(left), constantOf(right)];
  switch (operator) {
    case "*": {
      const factor = a ?? b;
      const share = of(a === undefined ? left : right);
      return share && factor === 100 && share.whole === 1 ? { ...share, whole: 100 } : undefined;
    }
    case "-": {
      const share = a === undefined ? undefined : of(right);
      return share && a === share.whole ? share : undefined;
    }
    case "/": {
      // `100 * errors / all`
      const product = bare(left);
      const times = product.kind === "binary" && product.operator === "*";
      const part = times && constantOf(product.left) === 100 ? product.right : left;
      return isPart(part, right)
        ? { whole: part === left ? 1 : 100, why: "What is divided is a part of what it is divided by." }
        : undefined;
    }
    case "and":
    case "unless":
      return of(left);
    case "==":
    case "!=":
    case ">":
    case ">=":
    case "<":
    case "<=":
      return bool ? undefined : b !== undefined ? of(left) : undefined;
    default:
      return undefined;
  }
}

const parts = /(?:[Ff]ree|[Aa]vail(?:able)?|[Uu]sed|[Uu]sage|[Rr]emaining|Buffers|Cached)(?:_bytes)?$/;
const wholes = /(?:[Ss]ize|[Tt]otal|[Ll]imit|[Mm]ax|[Cc]apacity)(?:_bytes)?$/;

/** `errors / all` of one metric, and `avail_bytes / size_bytes`. */
function isPart(left: Node, right: Node): boolean {
  const [a, b] = [innerOf(left), innerOf(right)];
  if (!a || !b || a.around !== b.around) return false;
  const [part, whole] = [a.selector, b.selector];
  if (part.metric === undefined || whole.metric === undefined) return false;
  if (part.offset || whole.offset) return false;
  const matcher = ({ label, operator, value }: Selector["matchers"][number]) => `${label}${operator}${value}`;
  const narrowed = new Set(part.matchers.map(matcher));
  if (!whole.matchers.every((each) => narrowed.has(matcher(each)))) return false;
  if (part.metric === whole.metric) return a.summed && part.matchers.length > whole.matchers.length;
  return (
    parts.test(part.metric) &&
    wholes.test(whole.metric) &&
    common(part.metric, whole.metric).length >= "node_".length
  );
}

function common(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}

/** The one selector of an expression, and what stands around it, which must be the same on both sides. */
function innerOf(root: Node): { selector: Selector; around: string; summed: boolean } | undefined {
  let around = "";
  let summed = false;
  for (let node = bare(root); ; node = bare(node)) {
    if (node.kind === "selector") return { selector: node, around, summed };
    if (node.kind === "aggregation") {
      if (!/^(?:sum|avg|max|min|count)$/.test(node.name)) return undefined;
      summed ||= node.name === "sum" || node.name === "count";
      const labels = node.grouping?.labels.map(({ name }) => name).sort() ?? [];
      around += `${node.name} ${node.grouping?.without ?? false} ${labels.join()}(`;
      node = node.expr;
    } else if (node.kind === "call" && node.args.length === 1) {
      if (!/^(?:rate|increase|irate|(?:sum|avg|max|min)_over_time)$/.test(node.name)) return undefined;
      around += `${node.name}(`;
      node = node.args[0]!;
    } else if (node.kind === "range") {
      if (node.offset) return undefined;
      around += `[${node.range}]`;
      node = node.selector;
    } else return undefined;
  }
}
