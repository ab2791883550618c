import type { DataFrame, Labels } from "@grafana/data";
import type { SqlAnswer } from "../../api.js";
import { field, frame } from "./frames.js";

/** The frame of the format `table`: the columns as they came. */
export function sqlTable({ columns, rows }: SqlAnswer, refId: string, sql: string): DataFrame {
  return frame(
    columns.map(({ name, type }, at) =>
      field(
        name,
        type,
        rows.map((row) => row[at] ?? null),
      ),
    ),
    { refId, meta: { preferredVisualisationType: "table", executedQueryString: sql } },
  );
}

/**
 * The frame of the format `time_series`: the first column of times, and a field of numbers for each of the texts beside it.
 * A column `metric` names its series; others become labels.
 */
export function sqlTimeSeries(answer: SqlAnswer, refId: string, sql: string): DataFrame {
  const { columns, rows } = answer;
  const timeAt = columns.findIndex(({ type, name }) => type === "time" || name === "time");
  if (timeAt < 0) return sqlTable(answer, refId, sql);
  const numbers = columns.flatMap(({ type }, at) => (type === "number" && at !== timeAt ? [at] : []));
  const texts = columns.flatMap(({ type }, at) => (type === "string" && at !== timeAt ? [at] : []));
  const times = [...new Set(rows.map((row) => Number(row[timeAt])))].sort((one, other) => one - other);
  const lines = new Map(times.map((time, at) => [time, at]));
  const series = new Map<string, { name: string; labels: Labels; values: (number | null)[] }>();
  for (const row of rows)
    for (const at of numbers) {
      const labels = Object.fromEntries(texts.map((text) => [columns[text]!.name, String(row[text] ?? "")]));
      const { metric, ...rest } = labels;
      const column = columns[at]!.name;
      const name = metric === undefined ? column : numbers.length > 1 ? `${metric} ${column}` : metric;
      const key = JSON.stringify([at, labels]);
      const known = series.get(key) ?? { name, labels: rest, values: times.map(() => null) };
      series.set(key, known);
      known.values[lines.get(Number(row[timeAt]))!] = row[at] === null ? null : Number(row[at]);
    }
  return frame(
    [
      field("Time", "time", times),
      ...[...series.values()].map(({ name, labels, values }) =>
        field(name, "number", values, Object.keys(labels).length > 0 ? { labels } : {}),
      ),
    ],
    { refId, meta: { type: "timeseries-wide" as never, executedQueryString: sql } },
  );
}
