import { placed, placedBySource } from "../../../stack/preview/placed.js";
import type { Problem } from "../../../stack/validate/problem.js";

const dashboards = [
  {
    uid: "one",
    panels: [
      { id: 1, type: "stat", title: "Calls" },
      { id: 2, type: "row", title: "More", panels: [{ id: 3, type: "stat", title: "Calls (all)" }] },
    ],
  },
  { uid: 'with"quote', panels: [{ id: 7, type: "stat", title: 'a "b"' }] },
];

function at(keyPath: string): Problem {
  return { id: "x", severity: "error", what: "x", place: { file: "obs.config.ts", keyPath } };
}

test.each([
  ['dashboards["one"].panels["Calls"].targets["A"].expr', { dashboard: "one", panelId: 1 }],
  ['dashboards["one"].panels["Calls (all)"]', { dashboard: "one", panelId: 3 }],
  ['dashboards["one"].variables["team"].query', { dashboard: "one" }],
  ['dashboards["with\\"quote"].panels["a \\"b\\""].datasource', { dashboard: 'with"quote', panelId: 7 }],
  ["dashboards[0].panels[1].panels[0].targets[0].datasource", { dashboard: "one", panelId: 3 }],
  ["dashboards[0].panels[0].datasource", { dashboard: "one", panelId: 1 }],
  ["dashboards[0].uid", { dashboard: "one" }],
  ["dashboards[0].panels[9].datasource", { dashboard: "one" }],
])("a finding at %s is about %j", (keyPath, expected) => {
  const { dashboard, panelId } = placed(at(keyPath), dashboards);
  expect({ dashboard, panelId }).toEqual({ panelId: undefined, ...expected });
});

test.each(["alerting.rules", 'dashboards["gone"].uid', "dashboards[5].uid", "dashboards"])(
  "a finding at %s is about no dashboard",
  (keyPath) => {
    expect(placed(at(keyPath), dashboards)).toEqual(at(keyPath));
  },
);

test.each([
  ['dashboard({ uid: "one" })', "one"],
  ["dashboard({ uid: 'one' })", "one"],
  ['"one", "two"', undefined],
  ["one", undefined],
  [undefined, undefined],
])("a finding in a file with %s is about the dashboard %s", (text, expected) => {
  const problem = { ...at(""), place: { file: "dashboards/one.ts", line: 3, column: 1 } };
  expect(placedBySource(problem, ["one", "two"], () => text)).toEqual(
    expected === undefined ? problem : { ...problem, dashboard: expected },
  );
});

test("a finding at a dashboard already, or at no line, stays as it is", () => {
  const problem = { ...at('dashboards["two"]'), dashboard: "two" };
  expect(placedBySource(problem, ["one"], () => '"one"')).toEqual(problem);
  expect(placedBySource(at("name"), ["one"], () => '"one"')).toEqual(at("name"));
});
