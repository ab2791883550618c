import { modeOf, toggled } from "../../../../dashboards/preview/page/panels/toggled.js";

const all = ["a", "b", "c"];
const none = new Set<string>();
const shown = (hidden: ReadonlySet<string>) => all.filter((name) => !hidden.has(name));

test("a click at a name leaves it alone, and a second one brings all back", () => {
  const alone = toggled(all, none, "b", "select");
  expect(shown(alone)).toEqual(["b"]);
  expect(shown(toggled(all, alone, "b", "select"))).toEqual(all);
  expect(shown(toggled(all, alone, "a", "select"))).toEqual(["a"]);
});

test("with a key held, a name alone changes sides, and nothing is never all that is shown", () => {
  const without = toggled(all, none, "b", "append");
  expect(shown(without)).toEqual(["a", "c"]);
  expect(shown(toggled(all, without, "b", "append"))).toEqual(all);
  expect(shown(toggled(["a"], none, "a", "append"))).toEqual(all);
});

test("a choice of several shows exactly those, and no choice all", () => {
  expect(shown(toggled(all, none, ["a", "c"], "setExactly"))).toEqual(["a", "c"]);
  expect(shown(toggled(all, new Set(["a"]), null, "setExactly"))).toEqual(all);
});

test("Ctrl, Shift and the Mac's command key mean the same", () => {
  const keys = { ctrlKey: false, metaKey: false, shiftKey: false };
  expect(modeOf(keys)).toBe("select");
  for (const key of Object.keys(keys)) expect(modeOf({ ...keys, [key]: true })).toBe("append");
});
