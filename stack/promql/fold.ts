import { childrenOf, type Node } from "./ast.js";
import { bottomUp } from "./bottom-up.js";

const known = new WeakMap<Node, number | undefined>();

/**
 * The number an expression always has, whatever is stored, or undefined: literals, arithmetic on them, `pi()`, and
 * `vector(...)` of such a number. Comparisons without `bool` give undefined. No recursion.
 */
export function constantOf(root: Node): number | undefined {
  // Most nodes are selectors and the like: they have no constant, and need no remembering.
  if (root.kind === "number") return root.value;
  if (factorsOf(root).length === 0 && root.kind !== "call") return undefined;
  return bottomUp(root, known, factorsOf, fold);
}

/** The parts that a node's number is made of: none of what is looked up or aggregated. */
function factorsOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case "paren":
    case "unary":
    case "binary":
      return childrenOf(node);
    case "call":
      return node.name === "vector" || node.name === "scalar" ? node.args : [];
    default:
      return [];
  }
}

function fold(node: Node): number | undefined {
  switch (node.kind) {
    case "number":
      return node.value;
    case "paren":
      return known.get(node.expr);
    case "unary": {
      const value = known.get(node.expr);
      return value === undefined ? undefined : node.operator === "-" ? -value : value;
    }
    case "call":
      if (node.name === "pi") return Math.PI;
      return node.name === "vector" || node.name === "scalar"
        ? node.args[0] && known.get(node.args[0])
        : undefined;
    case "binary": {
      const a = known.get(node.left);
      const b = known.get(node.right);
      return a === undefined || b === undefined ? undefined : combine(node.operator, a, b, node.bool);
    }
    default:
      return undefined;
  }
}

function combine(operator: string, a: number, b: number, bool: boolean): number | undefined {
  const holds = compare(operator, a, b);
  if (holds !== undefined) return bool ? Number(holds) : undefined;
  const value = calculate(operator, a, b);
  return Number.isNaN(value) ? undefined : value;
}

/** `a operator b` for the arithmetic operators; NaN for others. */
export function calculate(operator: string, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "%":
      return a % b;
    case "^":
      return a ** b;
    case "atan2":
      return Math.atan2(a, b);
    default:
      return Number.NaN;
  }
}

/** Whether `a operator b` holds; undefined when the operator is no comparison. */
export function compare(operator: string, a: number, b: number): boolean | undefined {
  switch (operator) {
    case "==":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    default:
      return undefined;
  }
}
