import { type DataFrame, type Field, FieldType } from "@grafana/data";

/** More lines than this can't be told apart and take a browser seconds to draw. */
export const mostSeries = 300;

export interface Graphable {
  frames: DataFrame[];
  /** Numeric series there were, drawn or not. */
  total: number;
  drawn: number;
  /** Why nothing can be drawn. */
  why?: string;
}

/**
 * What of some frames can be drawn over time: each frame's time and its numbers, truth values as 0 and 1; a value that is no
 * finite number leaves a gap. Fields are copies, since the plot changes what it is given.
 */
export function graphable(frames: DataFrame[]): Graphable {
  const kept: DataFrame[] = [];
  let total = 0;
  let drawn = 0;
  let timeless = false;
  for (const frame of frames) {
    const time = frame.fields.find(({ type }) => type === FieldType.time);
    const numbers = frame.fields.filter(
      ({ type }) => type === FieldType.number || type === FieldType.boolean,
    );
    if (time === undefined) {
      timeless ||= numbers.length > 0;
      continue;
    }
    total += numbers.length;
    const room = numbers.slice(0, mostSeries - drawn);
    drawn += room.length;
    if (room.length > 0 && frame.length > 0)
      kept.push({ ...frame, fields: [{ ...time }, ...room.map(asNumbers)] });
  }
  const why = timeless ? "The data have no field of time to draw them over." : undefined;
  return { frames: kept, total, drawn, ...(kept.length === 0 && why !== undefined && { why }) };
}

function asNumbers(field: Field): Field {
  const values = field.values.map((value) =>
    typeof value === "boolean" ? Number(value) : Number.isFinite(value) ? value : null,
  );
  return {
    ...field,
    type: FieldType.number,
    values,
    config: { ...field.config, custom: { ...field.config.custom } },
  };
}
