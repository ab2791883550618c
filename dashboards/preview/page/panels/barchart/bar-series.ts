import {
  type DataFrame,
  type Field,
  FieldType,
  formattedValueToString,
  outerJoinDataFrames,
} from "@grafana/data";

/** More bars than this can't be told apart. */
export const mostCategories = 200;

export interface BarSeries {
  /** What stands below each group of bars. */
  categories: string[];
  series: Field[];
  /** Groups there were, drawn or not. */
  total: number;
}

/**
 * What of some frames can be drawn as bars: their first field of text (or the named one, or time) is the categories,
 * their numbers the series. Undefined where there is nothing of the kind.
 */
export function barSeries(frames: DataFrame[], xField?: string): BarSeries | undefined {
  const frame = frames.length > 1 ? outerJoinDataFrames({ frames }) : frames[0];
  if (frame === undefined) return undefined;
  const named = frame.fields.find(({ name, state }) => name === xField || state?.displayName === xField);
  const x =
    (xField === undefined ? undefined : named) ??
    frame.fields.find(({ type }) => type === FieldType.string) ??
    frame.fields.find(({ type }) => type === FieldType.time);
  const series = frame.fields.filter(
    (field) => field !== x && field.type === FieldType.number && !field.config.custom?.hideFrom?.viz,
  );
  if (x === undefined || series.length === 0 || frame.length === 0) return undefined;
  const categories = x.values
    .slice(0, mostCategories)
    .map((value) => (x.display ? formattedValueToString(x.display(value)) : String(value)));
  return { categories, series, total: frame.length };
}
