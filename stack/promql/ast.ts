import type { Signature, ValueType } from "./functions.js";

interface At {
  /** UTF-16 offsets into the expression; `to` is the first behind it. */
  from: number;
  to: number;
  /** What it stands in; undefined for the root. */
  parent?: Node;
  /** The number it always is, see `constantOf`, of what is put together. */
  constant?: number;
}

export interface NumberLiteral extends At {
  kind: "number";
  type: "scalar";
  value: number;
  /** Written as `5m`, whose value is in seconds. */
  duration: boolean;
}

export interface StringLiteral extends At {
  kind: "string";
  type: "string";
  value: string;
}

export type MatchOperator = "=" | "!=" | "=~" | "!~";

export interface Matcher {
  label: string;
  operator: MatchOperator;
  value: string;
  /** The label's name. */
  from: number;
  /** Behind the value. */
  to: number;
  /** The value's text with its quotes. */
  valueFrom: number;
  valueTo: number;
  /** Offset in the expression of a character of the value. */
  valueOffset(index: number): number;
}

interface Shifted {
  /** Milliseconds, NaN where they are only known when it runs (`offset step()`). */
  offset?: { ms: number; literal: boolean; from: number; to: number };
  /** `@`: seconds since 1970, or the query's start or end (of a rule both are its evaluation time). */
  at?: { time: number | "start" | "end"; from: number; to: number };
}

export interface Selector extends At, Shifted {
  kind: "selector";
  type: "vector";
  /** Metric name, wherever it is written; undefined where the name isn't given or only by other than one equality. */
  metric?: string;
  /** Every matcher within the braces, `__name__` too; not the name in front of them. */
  matchers: Matcher[];
}

export interface RangeSelector extends At, Shifted {
  kind: "range";
  type: "matrix";
  selector: Selector;
  /** Milliseconds, NaN where they are only known when it runs (`[step()]`). */
  range: number;
  rangeFrom: number;
  rangeTo: number;
}

export interface Subquery extends At, Shifted {
  kind: "subquery";
  type: "matrix";
  expr: Node;
  range: number;
  rangeFrom: number;
  rangeTo: number;
  /** Milliseconds; undefined: the global evaluation interval. */
  step?: number;
}

export interface Call extends At {
  kind: "call";
  type: ValueType;
  name: string;
  signature: Signature;
  args: Node[];
}

export interface Aggregation extends At {
  kind: "aggregation";
  type: "vector";
  name: string;
  /** `by` and `without` with their labels; undefined: everything into one. */
  grouping?: { without: boolean; labels: LabelName[]; from: number; to: number };
  param?: Node;
  expr: Node;
}

export interface LabelName {
  name: string;
  from: number;
  to: number;
}

export interface Matching {
  on: boolean;
  labels: LabelName[];
  from: number;
  to: number;
  /** Which side has many series for one of the other; the labels are copied from the one. */
  group?: { many: "left" | "right"; include: LabelName[] };
}

export interface Binary extends At {
  kind: "binary";
  type: "scalar" | "vector";
  operator: string;
  operatorFrom: number;
  operatorTo: number;
  left: Node;
  right: Node;
  bool: boolean;
  matching?: Matching;
}

export interface Unary extends At {
  kind: "unary";
  type: ValueType;
  operator: "+" | "-";
  expr: Node;
}

export interface Paren extends At {
  kind: "paren";
  type: ValueType;
  expr: Node;
}

export type Node =
  | NumberLiteral
  | StringLiteral
  | Selector
  | RangeSelector
  | Subquery
  | Call
  | Aggregation
  | Binary
  | Unary
  | Paren;

export const comparisons: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);
export const setOperators: ReadonlySet<string> = new Set(["and", "or", "unless"]);

/** What stands directly in a node. */
export function childrenOf(node: Node): Node[] {
  switch (node.kind) {
    case "range":
      return [node.selector];
    case "subquery":
    case "unary":
    case "paren":
      return [node.expr];
    case "call":
      return node.args;
    case "aggregation":
      return node.param ? [node.param, node.expr] : [node.expr];
    case "binary":
      return [node.left, node.right];
    default:
      return [];
  }
}

/** Tells what stands directly in a node where it stands. */
export function adopt(node: Node): void {
  switch (node.kind) {
    case "range":
      node.selector.parent = node;
      break;
    case "subquery":
    case "unary":
    case "paren":
      node.expr.parent = node;
      break;
    case "call":
      for (const arg of node.args) arg.parent = node;
      break;
    case "aggregation":
      if (node.param) node.param.parent = node;
      node.expr.parent = node;
      break;
    case "binary":
      node.left.parent = node;
      node.right.parent = node;
      break;
  }
}

/** The node without the parentheses around it. */
export function bare(node: Node): Node {
  let inner = node;
  while (inner.kind === "paren") inner = inner.expr;
  return inner;
}
