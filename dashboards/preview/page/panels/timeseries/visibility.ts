import { type DataFrame, FieldType, getFieldDisplayName } from "@grafana/data";
import { SeriesVisibilityChangeMode } from "@grafana/ui";

/**
 * Names of the series that are hidden after a click at a legend: on one of them all but it are hidden, or none when it was
 * alone; with Ctrl or Shift it alone changes sides.
 */
export function toggled(
  all: readonly string[],
  hidden: ReadonlySet<string>,
  label: string | readonly string[] | null,
  mode: SeriesVisibilityChangeMode,
): ReadonlySet<string> {
  if (label === null) return new Set();
  const named = new Set(typeof label === "string" ? [label] : label);
  const others = new Set(all.filter((name) => !named.has(name)));
  if (mode === SeriesVisibilityChangeMode.SetExactly) return others;
  const alone = all.every((name) => hidden.has(name) !== named.has(name));
  if (mode === SeriesVisibilityChangeMode.ToggleSelection) return alone ? new Set() : others;
  const next = new Set(hidden);
  for (const name of named) if (!next.delete(name)) next.add(name);
  return next.size === all.length ? new Set() : next;
}

/** Display names of all that is drawn. */
export const seriesNames = (frames: DataFrame[]): string[] =>
  frames.flatMap((frame) =>
    frame.fields
      .filter(({ type }) => type !== FieldType.time)
      .map((field) => getFieldDisplayName(field, frame, frames)),
  );

/** The same frames, the hidden series marked so, as Grafana does it by an override. */
export function withHidden(frames: DataFrame[], hidden: ReadonlySet<string>): DataFrame[] {
  if (hidden.size === 0) return frames;
  return frames.map((frame) => ({
    ...frame,
    fields: frame.fields.map((field) => {
      if (field.type === FieldType.time || !hidden.has(getFieldDisplayName(field, frame, frames)))
        return field;
      const { custom } = field.config;
      const hideFrom = { ...custom?.hideFrom, viz: true, tooltip: true };
      return { ...field, config: { ...field.config, custom: { ...custom, hideFrom } } };
    }),
  }));
}
