import { isMapping } from "../render/merge.js";
import { keyPath } from "../validate/key-path.js";
import type { Problem } from "../validate/problem.js";

/** Levels of a definition. What reads the rendered YAML gives up at 100, and rendering adds a few. */
const deepest = 64;

/**
 * The first value of a definition that contains itself (a route among its own routes, say), or that lies deeper than anything
 * can read; undefined where there is none. Whatever walks through the definition afterwards may rely on that.
 */
export function nestingProblem(input: unknown, file: string): Problem | undefined {
  const around = new Map<object, PropertyKey[]>();
  /** How deep values were looked at that are used in several places. */
  const seen = new Map<object, number>();
  const look = (value: unknown, path: PropertyKey[]): Problem | undefined => {
    if (!Array.isArray(value) && !(isMapping(value) && isPlain(value))) return undefined;
    const outer = around.get(value);
    if (outer)
      return {
        id: "nesting",
        severity: "error",
        what: `${keyPath(path)} is ${outer.length === 0 ? "the definition" : keyPath(outer)} itself: it has no end.`,
        next: "Make a new object for each place, in a function, say.",
        place: { file, keyPath: keyPath(path) },
      };
    if (path.length > deepest)
      return {
        id: "nesting",
        severity: "error",
        what: `There are more than ${deepest} levels within ${keyPath(path.slice(0, 4))}.`,
        why: "What reads the generated files gives up at such a depth.",
        next: "Put side by side what needn't be nested: routes are tried one after the other.",
        place: { file, keyPath: keyPath(path.slice(0, 4)) },
      };
    if ((seen.get(value) ?? -1) >= path.length) return undefined;
    around.set(value, path);
    const inner: [PropertyKey, unknown][] = Array.isArray(value)
      ? [...value.entries()]
      : Object.entries(value);
    for (const [key, each] of inner) {
      const found = look(each, [...path, key]);
      if (found) return found;
    }
    around.delete(value);
    seen.set(value, path.length);
    return undefined;
  };
  return look(input, []);
}

/** An object of the language's own, of whichever realm; what a library made may refer to itself as it likes. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
