import { allDashboards } from "../../../../dashboards/index.js";
import { keepUnchanged } from "../../../../dashboards/preview/page/app/keep-unchanged.js";
import { layOut } from "../../../../dashboards/preview/page/app/layout.js";
import type { PanelJson } from "../../../../dashboards/preview/page/data/model.js";

const panel = (
  id: number,
  x: number,
  y: number,
  w: number,
  h: number,
  more: Partial<PanelJson> = {},
): PanelJson => ({
  id,
  type: "timeseries",
  gridPos: { x, y, w, h },
  ...more,
});

const none = { folded: new Map<string, boolean>(), valuesOf: () => [] };

/** Panels with their places: `3@0,8 12x6`. */
const drawn = (panels: readonly PanelJson[], more: Partial<Parameters<typeof layOut>[0]> = {}) =>
  layOut({ panels, ...none, ...more }).map(
    ({ panel: { id }, place: { x, y, w, h } }) => `${id}@${x},${y} ${w}x${h}`,
  );

test("panels move up to where there is room, as in Grafana", () => {
  expect(drawn([panel(1, 0, 0, 12, 8), panel(2, 12, 0, 12, 4), panel(3, 12, 20, 12, 4)])).toEqual([
    "1@0,0 12x8",
    "2@12,0 12x4",
    "3@12,4 12x4",
  ]);
});

test("a folded section takes a line, and what is below moves down when it is opened", () => {
  const panels = [
    panel(1, 0, 0, 24, 4),
    panel(2, 0, 4, 24, 1, { type: "row", collapsed: true, panels: [panel(3, 0, 5, 24, 8)] }),
    panel(4, 0, 5, 24, 1, { type: "row", collapsed: true, panels: [panel(5, 0, 6, 24, 8)] }),
  ];
  expect(drawn(panels)).toEqual(["1@0,0 24x4", "2@0,4 24x1", "4@0,5 24x1"]);
  expect(drawn(panels, { folded: new Map([["/2", false]]) })).toEqual([
    "1@0,0 24x4",
    "2@0,4 24x1",
    "3@0,5 24x8",
    "4@0,13 24x1",
  ]);
});

test("an open section is followed by its panels, and folds away with them", () => {
  const panels = [
    panel(1, 0, 0, 24, 1, { type: "row" }),
    panel(2, 0, 1, 24, 8),
    panel(3, 0, 9, 24, 1, { type: "row" }),
  ];
  expect(drawn(panels, { folded: new Map([["/1", true]]) })).toEqual(["1@0,0 24x1", "3@0,1 24x1"]);
});

test("a repeated panel stands once for each value, and knows its own", () => {
  const valuesOf = () => ["a", "b", "c"].map((value) => ({ value, text: value.toUpperCase() }));
  const placed = layOut({
    panels: [panel(1, 0, 0, 24, 4, { repeat: "model", maxPerRow: 2 })],
    folded: new Map(),
    valuesOf,
  });
  expect(placed.map(({ place: { x, y, w } }) => [x, y, w])).toEqual([
    [0, 0, 12],
    [12, 0, 12],
    [0, 4, 12],
  ]);
  expect(placed.map(({ scoped }) => scoped.model?.value)).toEqual(["a", "b", "c"]);
  expect(new Set(placed.map(({ key }) => key)).size).toBe(3);
});

test("a repeated section stands with all its panels once for each value", () => {
  const valuesOf = () => ["a", "b"].map((value) => ({ value, text: value }));
  const panels = [panel(1, 0, 0, 24, 1, { type: "row", repeat: "model" }), panel(2, 0, 1, 24, 4)];
  expect(
    layOut({ panels, folded: new Map(), valuesOf }).map(({ scoped, place: { y } }) => [
      scoped.model?.value,
      y,
    ]),
  ).toEqual([
    ["a", 0],
    ["a", 1],
    ["b", 5],
    ["b", 6],
  ]);
});

test("on narrow screens each panel has a line of its own", () => {
  expect(drawn([panel(1, 0, 0, 12, 8), panel(2, 12, 0, 12, 4)], { oneColumn: true })).toEqual([
    "1@0,0 24x8",
    "2@0,8 24x4",
  ]);
});

test.each(allDashboards().map(({ title, panels }) => [title, panels]))(
  "nothing overlaps on %s",
  (_title, panels) => {
    const all = panels as unknown as PanelJson[];
    const folded = new Map(all.filter(({ type }) => type === "row").map(({ id }) => [`/${id}`, false]));
    const taken = new Set<string>();
    for (const { place } of layOut({ panels: all, folded, valuesOf: () => [] }))
      for (let x = place.x; x < place.x + place.w; x++)
        for (let y = place.y; y < place.y + place.h; y++) {
          expect(taken).not.toContain(`${x},${y}`);
          taken.add(`${x},${y}`);
        }
  },
);

test("what a save didn't change stays the same object, also in folded sections", () => {
  const made = () => ({
    uid: "u",
    title: "t",
    panels: [panel(1, 0, 0, 12, 8), panel(2, 0, 8, 24, 1, { type: "row", panels: [panel(3, 0, 9, 24, 8)] })],
    time: { from: "now-1h", to: "now" },
  });
  const before = made();
  const after = made();
  after.panels[0]!.title = "changed";
  const kept = keepUnchanged(after, before);
  expect(kept.panels![0]).toEqual(after.panels[0]);
  expect(kept.panels![0]).not.toBe(before.panels[0]);
  expect(kept.panels![1]).toBe(before.panels[1]);
  expect(kept.time).toBe(before.time);
});
