import { jest } from "@jest/globals";
import { changesBetween, editsBetween, editsFile } from "../../../dashboards/diff/index.js";
import { importDashboard } from "../../../dashboards/import/index.js";
import { allDashboards, edited } from "../../../dashboards/index.js";
import { beforeEdits } from "../../../dashboards/lib/edits.js";
import { exportedDashboards } from "../../support/exported-dashboards.js";
import { asPagesSave } from "../../support/fake-grafana.js";
import { seededRandom } from "../../support/random.js";

jest.setTimeout(120_000);

type Json = Record<string, unknown>;

const copy = (value: object) => JSON.parse(JSON.stringify(value)) as Json;
const host = () => allDashboards().find(({ uid }) => uid === "host")!;
const panelsOf = (dashboard: Json) =>
  (dashboard.panels as Json[]).flatMap((panel) => [panel, ...((panel.panels as Json[] | undefined) ?? [])]);
const panelOf = (dashboard: Json, title: string) =>
  panelsOf(dashboard).find((panel) => panel.title === title)!;

/** What a change in Grafana's pages comes to, and that its edits bring the code there. */
function afterEdit(change: (dashboard: Json) => void, ours = host()) {
  const theirs = copy(ours);
  change(theirs);
  const saved = asPagesSave(theirs);
  const edits = editsBetween(ours, saved);
  expect(changesBetween(edited([ours], edits)[0]!, saved)).toEqual([]);
  return { changes: changesBetween(ours, saved), edits };
}

describe("a dashboard beside the one in Grafana", () => {
  test("is the same after a save that only adds what Grafana adds by itself", () => {
    for (const dashboard of allDashboards())
      expect([dashboard.uid, changesBetween(dashboard, asPagesSave(copy(dashboard)))]).toEqual([
        dashboard.uid,
        [],
      ]);
  });

  test("has another query, unit and limit in words", () => {
    const { changes } = afterEdit((dashboard) => {
      const panel = panelOf(dashboard, "CPU busy") as { targets: Json[]; fieldConfig: { defaults: Json } };
      panel.targets[0]!.expr = "max(up)";
      panel.fieldConfig.defaults.unit = "percent";
      panel.fieldConfig.defaults.thresholds = {
        mode: "absolute",
        steps: [{ color: "green" }, { color: "red", value: 90 }],
      };
    });
    expect(changes.map(({ kind, of, setting }) => [kind, of, setting])).toEqual([
      ["changed", 'panel "CPU busy"', "query A"],
      ["changed", 'panel "CPU busy"', "unit"],
      ["changed", 'panel "CPU busy"', "limits"],
    ]);
    expect(changes[0]).toMatchObject({ after: "max(up)" });
    expect(changes[1]).toMatchObject({ before: "percentunit", after: "percent" });
  });

  test("has a panel more, one less, and others moved", () => {
    const { changes, edits } = afterEdit((dashboard) => {
      const panels = dashboard.panels as Json[];
      const gone = panels.findIndex((panel) => panel.title === "Memory");
      panels.splice(gone, 1, { ...copy(panels[gone]!), id: 99, title: "Swap", type: "gauge" });
      (panelOf(dashboard, "CPU by mode").gridPos as Json).h = 10;
    });
    expect(changes).toContainEqual({ kind: "removed", of: 'panel "Memory"' });
    expect(changes).toContainEqual({ kind: "added", of: 'panel "Swap"' });
    expect(changes.filter(({ setting }) => setting === "place").length).toBeGreaterThan(0);
    expect(edits).toMatchObject({ removed: ["Memory"], added: [{ title: "Swap", id: 99 }] });
  });

  test("has another time range, variable and section opened", () => {
    const { changes } = afterEdit((dashboard) => {
      dashboard.time = { from: "now-7d", to: "now" };
      (dashboard.templating as { list: Json[] }).list[0]!.label = "Machine";
      const at = (dashboard.panels as Json[]).findIndex((panel) => panel.type === "row");
      const row = (dashboard.panels as Json[])[at]!;
      const inner = row.panels as Json[];
      Object.assign(row, { collapsed: false, panels: [] });
      (dashboard.panels as Json[]).push(...inner);
    });
    expect(changes).toContainEqual({
      kind: "changed",
      of: "dashboard",
      setting: "time range",
      before: { from: "now-1h", to: "now" },
      after: { from: "now-7d", to: "now" },
    });
    expect(changes).toContainEqual({
      kind: "changed",
      of: "variable host",
      setting: "label",
      before: "Host",
      after: "Machine",
    });
    expect(changes).toContainEqual({
      kind: "removed",
      of: 'section "More"',
      setting: "folded away",
      before: true,
    });
  });

  test("has a panel renamed, not one for another", () => {
    const { changes } = afterEdit((dashboard) => {
      panelOf(dashboard, "Load").title = "Load of 5 minutes";
    });
    expect(changes).toEqual([
      { kind: "changed", of: 'panel "Load"', setting: "title", before: "Load", after: "Load of 5 minutes" },
    ]);
  });
});

describe("edits", () => {
  test("bring any dashboard where somebody edited it to", () => {
    const random = seededRandom(4711);
    const all = [
      ...allDashboards(),
      ...exportedDashboards.map(({ text, file }) => importDashboard(text, file).code.dashboard),
    ];
    for (const ours of all)
      for (let round = 0; round < 1; round++)
        afterEdit((dashboard) => {
          const panels = panelsOf(dashboard);
          const panel = random.pick(panels) as {
            title?: string;
            gridPos: Json;
            fieldConfig?: { defaults: Json };
            targets?: Json[];
          };
          panel.title = random.pick(["", "Other", panel.title ?? "x", "#3"]);
          panel.gridPos.y = random.below(60);
          panel.gridPos.w = 1 + random.below(24);
          panel.gridPos.x = 0;
          if (panel.fieldConfig)
            panel.fieldConfig.defaults = random.pick([
              {},
              { unit: "s", min: null },
              panel.fieldConfig.defaults,
            ]);
          if (panel.targets) panel.targets = panel.targets.slice(random.below(2));
          const top = dashboard.panels as Json[];
          if (random.below(2) === 0) top.splice(random.below(top.length), 1);
          top.push({ ...copy(random.pick(panels)), id: 500 + round, title: "New one", panels: [] });
          dashboard.templating = random.pick([{ list: [] }, dashboard.templating as Json]);
        }, ours);
  });

  test("are forgotten where the code is asked for what it was before", () => {
    const ours = host();
    const once = edited([ours], { uid: "host", set: { refresh: "5m" } })[0]!;
    const twice = edited([once], { uid: "host", panels: { Load: { title: "L" } } })[0]!;
    expect(once.refresh).toBe("5m");
    expect(beforeEdits(twice)).toBe(ours);
  });

  test("of what there isn't are refused", () => {
    expect(() => edited([host()], { uid: "hots" })).toThrow('There is no dashboard "hots" to edit.');
    expect(() => edited([host()], { uid: "host", panels: { Laod: {} } })).toThrow(
      'has no panel "Laod" to edit',
    );
  });

  test("are written so that a reviewer reads what was edited", () => {
    const { edits } = afterEdit((dashboard) => {
      dashboard.refresh = "1m";
      const panel = panelOf(dashboard, "Memory") as { fieldConfig: { defaults: Json } };
      panel.fieldConfig.defaults.unit = "decbytes";
      delete panel.fieldConfig.defaults.min;
    });
    expect(editsFile(edits, "Host")).toEqual({
      path: "dashboards/host.edits.ts",
      exported: "hostEdits",
      text: `import type { DashboardEdits } from "obs-stack/dashboards";

/** What was edited in Grafana. \`obs dashboards diff --write\` writes it anew. */
export const hostEdits: DashboardEdits = {
  uid: "host",
  set: { refresh: "1m" },
  panels: { Memory: { fieldConfig: { defaults: { unit: "decbytes", min: undefined } } } },
};
`,
    });
  });
});
