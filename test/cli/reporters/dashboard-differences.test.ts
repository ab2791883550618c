import { formatDifferences } from "../../../cli/reporters/dashboard-differences.js";

const show = (dashboards: Parameters<typeof formatDifferences>[0], write = false) =>
  formatDifferences(dashboards, { color: false, write });
const host = { uid: "host", title: "Host" };

test("nothing edited is one line", () => {
  expect(show([{ ...host, state: "equal", changes: [] }])).toBe(
    "1 dashboard is as in Grafana: nothing was edited there.",
  );
});

test("what was edited stands under its dashboard, places in one line, and what can be done at the end", () => {
  expect(
    show([
      {
        ...host,
        state: "different",
        version: 4,
        changes: [
          { kind: "removed", of: 'panel "Load"' },
          { kind: "changed", of: 'panel "Memory"', setting: "unit", before: "bytes", after: "decbytes" },
          { kind: "changed", of: 'panel "Memory"', setting: "place", before: {}, after: {} },
          { kind: "changed", of: 'panel "CPU"', setting: "place", before: {}, after: {} },
          { kind: "added", of: "dashboard", setting: "refresh", after: "1m" },
          {
            kind: "changed",
            of: 'panel "CPU"',
            setting: "query A",
            before: "a".repeat(50),
            after: `b\n${"c".repeat(300)}`,
          },
        ],
      },
      { uid: "old", title: "Old", state: "only in code", changes: [] },
      { uid: "new", title: "New", state: "only in Grafana", changes: [], written: "dashboards/new.ts" },
      { uid: "stale", title: "Stale", state: "different", changes: [], refusesEdits: true },
      { uid: "same", title: "Same", state: "equal", changes: [] },
    ]),
  ).toBe(
    [
      "host  Host  was edited in Grafana (version 4)",
      '  - panel "Load"',
      '  ~ panel "Memory", unit: bytes → decbytes',
      "  + dashboard, refresh: 1m",
      '  ~ panel "CPU", query A',
      `      ${"a".repeat(50)}`,
      `      b ${"c".repeat(157)}…`,
      "  ~ 2 panels were moved or resized",
      "",
      "old  Old  is not in Grafana: `obs up` puts it there",
      "",
      "new  New  is in the stack's folder of Grafana, and not in code",
      "  written: dashboards/new.ts",
      "",
      "stale  Stale  is another in Grafana, which refuses edits (`grafana.allowEdits`): `obs up` brings the code's",
      "",
      "1 dashboard is as in Grafana.",
      "",
      "`obs up` puts the code's back into Grafana; `obs dashboards diff --write` takes Grafana's into code.",
    ].join("\n"),
  );
});
