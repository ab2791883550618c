import { condensed, stretches, timeTicks } from "../../../../dashboards/preview/page/panels/cells/cells.js";

const spans = (cells: { from: number; to: number; value: string }[]) =>
  cells.map(({ from, to, value }) => `${from}-${to} ${value}`);

test("a value holds until the next, the last for as long as the one before, and none where it is missing", () => {
  expect(spans(stretches([0, 10, 30, 40], ["a", "a", null, "b"], 5))).toEqual([
    "0-10 a",
    "10-30 a",
    "40-50 b",
  ]);
  expect(spans(stretches([7], ["a"], 5))).toEqual(["7-12 a"]);
  expect(stretches([], [], 5)).toEqual([]);
});

test("neighbours that are alike are one, but not across a gap", () => {
  const same = (one: string, other: string) => one === other;
  expect(spans(stretches([0, 10, 20, 30, 40], ["a", "a", null, "a", "b"], 10, same))).toEqual([
    "0-20 a",
    "30-40 a",
    "40-50 b",
  ]);
});

test("of more columns than there is room for, neighbours are summed", () => {
  expect(
    condensed(
      [0, 1, 2, 3, 4],
      [
        [1, 2, 3, null, 5],
        [0, 0, Number.NaN, 1, 0],
      ],
      3,
    ),
  ).toEqual({
    times: [0, 2, 4],
    rows: [
      [3, 3, 5],
      [0, 1, 0],
    ],
  });
  expect(condensed([0, 1], [[1, 2]], 9)).toEqual({ times: [0, 1], rows: [[1, 2]] });
});

test("times on an axis are round ones", () => {
  const hour = 3_600_000;
  expect(timeTicks(hour / 3, hour * 1.1, 4)).toEqual([0.5 * hour, 0.75 * hour, hour]);
  expect(timeTicks(0, 48 * hour, 2)).toEqual([0, 24 * hour, 48 * hour]);
  expect(timeTicks(5, 5, 3)).toEqual([]);
});
