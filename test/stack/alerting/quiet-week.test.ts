import { valuesOfSeries } from "../../../scripts/noise/behaviour.js";
import { seriesFor } from "../../../scripts/noise/series.js";
import { sourcesOf } from "../../../scripts/noise/sources.js";
import { simulated } from "../../../scripts/noise/week.js";
import { makeCatalog } from "../../../stack/catalog/catalog.js";
import { analyse } from "../../../stack/promql/index.js";

const catalog = makeCatalog([]);

function seriesOf(expr: string) {
  const { selectors } = analyse(expr);
  const mentioned = new Set(expr.match(/\w+/g));
  return seriesFor(selectors[0]!.metric!, { selectors, mentioned }, catalog);
}

test("the quiet week is the same every time, never has more errors than calls, and hardly any calls at night", () => {
  const [source] = sourcesOf("llm_requests_total");
  expect(source!.calls).toHaveLength(simulated);
  expect(source!.calls.every((calls, minute) => source!.errors[minute]! <= calls)).toBe(true);
  const hour = (from: number) => source!.calls.slice(from, from + 60).reduce((sum, calls) => sum + calls, 0);
  const [night, day] = [1440 + 2 * 60, 1440 + 14 * 60];
  expect(hour(night) * 20).toBeLessThan(hour(day));
});

test("series have the labels that rules mention, and failed calls are counted by none but failing series", () => {
  const series = seriesOf('sum by (model) (rate(llm_requests_total{status="error"}[5m]))');
  expect(new Set(series.map(({ labels }) => labels.status))).toEqual(new Set(["error"]));
  const { source } = series[0]!;
  const values = valuesOfSeries(series[0]!);
  const restart = source.restarts;
  const errors = source.errors.slice(0, restart).reduce((sum, count) => sum + count, 0);
  expect(values[restart - 1]).toBe(errors);
  // The deploy: counters begin again.
  expect(values[restart]).toBe(source.errors[restart]);
});

test("buckets of a histogram only ever hold more than those below, and the last one holds all", () => {
  const series = seriesOf("rate(llm_request_duration_seconds_bucket[5m])").filter(
    ({ source }) => source === sourcesOf("llm_requests_total")[0],
  );
  const ends = series.map((each) => valuesOfSeries(each).at(-1)!);
  expect(series.at(-1)!.labels.le).toBe("+Inf");
  expect(ends).toEqual([...ends].sort((a, b) => a - b));
  expect(ends[0]).toBeLessThan(ends.at(-1)! / 2);
});
