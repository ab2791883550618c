import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Panel, RowPanel } from "@grafana/grafana-foundation-sdk/dashboard";
import { hostPack, llmPack, llmSlos, servicePack, stackPack } from "../../alerts/index.js";
import { allDashboards, meanings, mostPanels, states, timeZone, units } from "../../dashboards/index.js";
import { limits } from "../../dashboards/limits.js";
import { packageRoot } from "../../stack/package-root.js";
import { panelsOf, variablesOf } from "../../stack/validate/dashboards/dashboard.js";
import { queriesOf, variableQuery } from "../../stack/validate/dashboards/queries.js";
import { mentionsIn } from "../../stack/validate/dashboards/variables.js";

const dashboards = allDashboards().map((built) => ({ ...built, uid: built.uid!, title: built.title! }));
const uids = dashboards.map(({ uid }) => uid);
const each = dashboards.map((dashboard) => [dashboard.uid, dashboard] as const);

const isRow = (panel: Panel | RowPanel): panel is RowPanel => panel.type === "row";
const top = (panels: readonly (Panel | RowPanel)[] = []) =>
  panels.filter((panel) => !isRow(panel)) as Panel[];

test("there is a page for each question, and uids never change, since people and runbooks name them", () => {
  expect(uids).toEqual([
    "home",
    "llm-overview",
    "llm-cost",
    "llm-providers",
    "agents",
    "services",
    "service-detail",
    "slo",
    "host",
    "stack-health",
  ]);
});

test("dashboards that alerts and runbooks name exist", () => {
  const packs = [llmPack(), servicePack(), hostPack(), stackPack(), ...llmSlos()];
  const rules = packs.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  const ofAlerts = rules.flatMap((rule) => (rule.kind === "alert" && rule.dashboard ? [rule.dashboard] : []));
  const folder = join(packageRoot, "alerts", "runbooks");
  const ofRunbooks = readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), "utf8").matchAll(/[Dd]ashboard `([\w-]+)`/g)].map(([, uid]) => uid!),
  );
  expect(ofAlerts.length).toBeGreaterThan(10);
  expect(ofRunbooks.length).toBeGreaterThan(10);
  expect([...ofAlerts, ...ofRunbooks].filter((uid) => !uids.includes(uid))).toEqual([]);
});

test("the home page leads to every other, but to the detail of one service", () => {
  const [home] = dashboards;
  const links = JSON.stringify(home!.panels);
  const missing = uids.slice(1).filter((uid) => !links.includes(`"/d/${uid}?`));
  expect(missing).toEqual(["service-detail"]);
});

test("generating them twice gives the same, to the byte", () => {
  expect(JSON.stringify(allDashboards())).toBe(JSON.stringify(allDashboards()));
});

describe.each(each)("%s", (_uid, dashboard) => {
  const panels = panelsOf(dashboard as never).map(({ panel }) => panel as unknown as Panel);
  const title = ({ title: text }: Panel) => text;

  test("says what it answers, and has the common time zone, refresh and menu", () => {
    expect(dashboard.description).toMatch(/[?.]$/);
    expect(dashboard.timezone).toBe(timeZone);
    expect(dashboard.refresh).toMatch(/^\d+[sm]$/);
    expect(dashboard.tags).toEqual(["obs"]);
    const [menu] = dashboard.links ?? [];
    expect(menu).toMatchObject({ type: "dashboards", tags: ["obs"], keepTime: true, includeVars: true });
    expect(menu).not.toHaveProperty("placement");
  });

  test("every panel says what it shows, and what to do when it is red", () => {
    const silent = panels.filter(
      ({ description = "" }) => !/^\S.+\n\n\*\*When it (?:is red|looks wrong):\*\* \S.+/.test(description),
    );
    expect(silent.map(title)).toEqual([]);
  });

  test("what has thresholds says what to do when it is red, and thresholds have the colours of states", () => {
    const limited = panels.filter(({ fieldConfig, type }) => {
      const steps = fieldConfig?.defaults.thresholds?.steps ?? [];
      return type !== "table" && steps.length > 1;
    });
    expect(
      limited.filter(({ description = "" }) => !description.includes("When it is red")).map(title),
    ).toEqual([]);
    const known: string[] = Object.values(states);
    const strange = limited.filter(({ fieldConfig }) =>
      fieldConfig?.defaults.thresholds?.steps.some(({ color }) => !known.includes(color)),
    );
    expect(strange.map(title)).toEqual([]);
  });

  test("every panel has a unit of the house", () => {
    const known: unknown[] = Object.values(units);
    expect(
      panels.filter(({ fieldConfig }) => !known.includes(fieldConfig?.defaults.unit)).map(title),
    ).toEqual([]);
  });

  test("shows at most twelve panels at once, and all the rest is folded away", () => {
    const all = dashboard.panels ?? [];
    expect(top(all).length).toBeLessThanOrEqual(mostPanels);
    const firstRow = all.findIndex(isRow);
    if (firstRow !== -1)
      expect(all.slice(firstRow).every((panel) => isRow(panel) && panel.collapsed)).toBe(true);
  });

  test("the grid is filled to its edge, without gaps or overlaps", () => {
    const groups = [
      top(dashboard.panels),
      ...(dashboard.panels ?? []).filter(isRow).map((row) => row.panels),
    ];
    for (const group of groups) {
      const taken = new Map<string, string>();
      for (const { gridPos, title: name = "" } of group) {
        const { x, y, w, h } = gridPos!;
        expect(x + w).toBeLessThanOrEqual(24);
        for (let column = x; column < x + w; column++)
          for (let line = y; line < y + h; line++) {
            const place = `${column} ${line}`;
            expect([taken.get(place), name, place]).toEqual([undefined, name, place]);
            taken.set(place, name);
          }
      }
      const lines = new Set([...taken.keys()].map((place) => place.split(" ")[1]));
      expect(taken.size).toBe(lines.size * 24);
    }
  });

  test("ids of panels are their own, and so are refIds within a panel", () => {
    const ids = [...panels, ...(dashboard.panels ?? []).filter(isRow)].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { targets = [] } of panels) {
      const refIds = targets.map((target) => (target as { refId?: string }).refId);
      expect(refIds.every(Boolean)).toBe(true);
      expect(new Set(refIds).size).toBe(refIds.length);
    }
  });

  test("titles fit their panels", () => {
    // Some 8 pixels a letter, of a page of 1280 with its menu closed: 50 a column, less the panel's own margins.
    const long = panels.filter(({ title: text = "", gridPos }) => text.length * 8 > gridPos!.w * 50 - 40);
    expect(long.map(title)).toEqual([]);
  });

  test("uses every variable that it offers", () => {
    const variables = variablesOf(dashboard as never);
    const queries = queriesOf(dashboard as never, "tempo").filter(({ kind }) => kind === "panel");
    const texts = [...queries.map(({ text }) => text), ...variables.map(variableQuery)];
    const used = new Set(texts.flatMap(mentionsIn).map(({ name }) => name));
    expect(variables.map(({ name }) => name).filter((name) => !used.has(name as string))).toEqual([]);
  });

  test("counters are read over the panel's step, and only sums over longer", () => {
    const fixed = queriesOf(dashboard as never, "tempo").filter(
      ({ text, language }) => language === "promql" && /\brate\([^[]*\[(?!\$__rate_interval\])/.test(text),
    );
    expect(fixed.map(({ of }) => of)).toEqual([]);
  });

  test("graphs mark when alerts fired, and the page lists those that fire, with their runbooks", () => {
    const [alerts] = dashboard.annotations.list ?? [];
    expect(alerts?.expr).toContain("ALERTS{");
    const list = panels.find((panel) => panel.title === "Alerts firing");
    expect(JSON.stringify(list)).toContain("__obs_runbooks");
  });

  test("dots that open traces come from traces that were kept", () => {
    const targets = panels.flatMap(
      (panel) => (panel.targets ?? []) as { exemplar?: boolean; expr?: string }[],
    );
    const wrong = targets.filter(
      ({ exemplar, expr = "" }) => exemplar === true && !expr.includes("traces_kept_span_metrics_"),
    );
    expect(wrong).toEqual([]);
  });
});

test.each([
  ["LlmErrorRateElevated", limits.failed.warning],
  ["LlmErrorRateHigh", limits.failed.critical],
  ["ServiceErrorsHigh", limits.failed.critical],
  ["LlmLatencyElevated", limits.callSeconds.warning],
  ["LlmLatencyHigh", limits.callSeconds.critical],
  ["LlmFirstTokenSlow", limits.firstTokenSeconds.warning],
  ["LlmQuotaNearlyUsed", limits.quota.warning],
  ["LlmFallbacksFrequent", limits.fallbacks.warning],
  ["AgentErrorRateHigh", limits.failedRuns.critical],
  ["AgentToolErrorsHigh", limits.failedTools.warning],
  ["ServiceLatencyHigh", limits.requestSeconds.warning],
  ["HostDiskFull", limits.diskSpace.critical],
  ["StackQueueFilling", limits.queue.warning],
])("colours change where %s begins, at %d", (alert, limit) => {
  const packs = [llmPack(), servicePack(), hostPack(), stackPack()];
  const rule = packs
    .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
    .find(({ kind, name }) => kind === "alert" && name === alert);
  expect(rule?.expr).toMatch(new RegExp(`[<>] ${limit}(?![\\d.])`));
});

test("no colour of a meaning is a state's, but where it is one", () => {
  const { outcomes: _outcomes, logLevels: _levels, ...others } = meanings;
  const colours = Object.values(others).flatMap((names) => Object.values(names) as string[]);
  expect(colours.filter((colour) => (Object.values(states) as string[]).includes(colour))).toEqual([]);
});
