import { isMapping } from "../render/merge.js";

/** The mapping at a path of keys in parsed YAML; empty where there is none. */
export function mappingAt(value: unknown, path: readonly string[]): Record<string, unknown> {
  const found = path.reduce<unknown>((inner, key) => (isMapping(inner) ? inner[key] : undefined), value);
  return isMapping(found) ? found : {};
}

/** The texts of a list in parsed YAML; empty where there is none. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

/** Every text within a parsed value, with the path of keys to it. */
export function strings(value: unknown, path: readonly string[] = []): { path: string[]; text: string }[] {
  if (typeof value === "string") return [{ path: [...path], text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => strings(inner, [...path, key]));
}
