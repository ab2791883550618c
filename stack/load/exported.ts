import { type Definition, isDefinition } from "../define.js";
import type { Problem } from "../validate/problem.js";

/** The definition that `obs.config.ts` exports as its default, or the finding that says what it exports instead. */
export function exportedDefinition(
  module: Record<string, unknown>,
  file: string,
): { definition: Definition } | { problem: Problem } {
  const value = module.default;
  if (isDefinition(value)) return { definition: value };
  return {
    problem: { id: "config-export", severity: "error", place: { file }, ...complaint(module, file) },
  };
}

const example = 'End the file with `export default defineStack({ name: "..." });`.';

function complaint(module: Record<string, unknown>, file: string): Pick<Problem, "what" | "next"> {
  if (!("default" in module)) {
    const named = Object.entries(module).find(([, value]) => isDefinition(value))?.[0];
    return named
      ? {
          what: `${file} exports its stack under the name "${named}", not as the default.`,
          next: `Write \`export default\` in front of the defineStack(...) of ${named}.`,
        }
      : { what: `${file} has no default export.`, next: example };
  }
  const value = module.default;
  if (typeof value === "function")
    return { what: `${file} exports a function, not a stack.`, next: "Export what the function returns." };
  if (typeof (value as { then?: unknown } | null)?.then === "function")
    return {
      what: `${file} exports a promise, not a stack.`,
      next: "Put `await` in front of it: `export default await ...`.",
    };
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return {
      what: `${file} exports a plain object, not a stack.`,
      next: "Wrap it: `export default defineStack({ ... });`.",
    };
  return {
    what: `${file} exports ${value === null ? "null" : `a ${typeof value}`}, not a stack.`,
    next: example,
  };
}
