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
  if (known.has(root)) return known.get(root)!;
  const open: Node[] = [root];
  for (let node: Node | undefined = root; node; node = open.at(-1)) {
    if (!known.has(node)) {
      const before = open.length;
      const parts = partsOf(node);
      for (let at = 0; at < parts.length; at++) if (!known.has(parts[at]!)) open.push(parts[at]!);
      if (open.length > before) continue;
      known.set(node, compute(node));
    }
    open.pop();
  }
  return known.get(root)!;
}
