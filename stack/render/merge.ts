/** An object as YAML and JSON know it: neither a list nor null. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Merges the user's raw configuration over what obs rendered: objects merge key by key, lists and scalars replace,
 * null removes the key. Neither argument is changed. Rendered keys keep their order, new ones follow.
 */
export function mergeOverride(rendered: unknown, override: unknown): unknown {
  if (override === undefined) return rendered;
  if (!isMapping(override)) return override;
  const merged: Record<string, unknown> = isMapping(rendered) ? { ...rendered } : {};
  for (const [key, value] of Object.entries(override)) {
    if (value === null) delete merged[key];
    else merged[key] = mergeOverride(merged[key], value);
  }
  return merged;
}
