import type { Node } from "./ast.js";

/**
 * The number an expression always has, whatever is stored, or undefined: literals, arithmetic on them, `pi()`, and
 * `vector(...)` of such a number. Comparisons without `bool` give undefined.
 */
export function constantOf(node: Node): number | undefined {
  return node.kind === "number" ? node.value : node.constant;
}

/** The same for a node that is just being made, from the numbers of its parts. */
export function fold(node: Node): number | undefined {
  switch (node.kind) {
    case "paren":
      return constantOf(node.expr);
    case "unary": {
      const value = constantOf(node.expr);
      return value === undefined ? undefined : node.operator === "-" ? -value : value;
    }
    case "call":
      if (node.name === "pi") return Math.PI;
      return node.name === "vector" || node.name === "scalar"
        ? node.args[0] && constantOf(node.args[0])
        : undefined;
    case "binary": {
      const a = constantOf(node.left);
      const b = constantOf(node.right);
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
