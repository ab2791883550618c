/**
 * Names that are hidden after a click at a legend, by the modes of `SeriesVisibilityChangeMode`: `select` leaves all but the
 * named hidden, or none when they were alone; `append` changes the named alone; `setExactly` shows exactly the named, or all.
 */
export function toggled(
  all: readonly string[],
  hidden: ReadonlySet<string>,
  label: string | readonly string[] | null,
  mode: string,
): ReadonlySet<string> {
  if (label === null) return new Set();
  const named = new Set(typeof label === "string" ? [label] : label);
  const others = new Set(all.filter((name) => !named.has(name)));
  if (mode === "setExactly") return others;
  const alone = all.every((name) => hidden.has(name) !== named.has(name));
  if (mode === "select") return alone ? new Set() : others;
  const next = new Set(hidden);
  for (const name of named) if (!next.delete(name)) next.add(name);
  return next.size === all.length ? new Set() : next;
}

/** The mode that a click at a legend means, with the keys that were held. */
export const modeOf = (event: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }) =>
  event.ctrlKey || event.metaKey || event.shiftKey ? "append" : "select";
