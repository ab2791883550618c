import type { Node } from "./ast.js";

/**
 * Works something out for a node from its parts, innermost first, and remembers it in `known`. A stack of its own instead
 * of recursion, because a query may be nested deeper than calls may be.
 */
export function bottomUp<T>(
  root: Node,
  known: WeakMap<Node, T>,
  partsOf: (node: Node) => readonly Node[],
  compute: (node: Node) => T,
): T {
  const open: Node[] = [root];
  while (open.length > 0) {
    const node = open.at(-1)!;
    const missing = known.has(node) ? [] : partsOf(node).filter((part) => !known.has(part));
    if (missing.length > 0) open.push(...missing);
    else {
      if (!known.has(node)) known.set(node, compute(node));
      open.pop();
    }
  }
  return known.get(root)!;
}
