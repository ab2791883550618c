import { type DataFrame, FieldType, getFieldDisplayName } from "@grafana/data";

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
