import type { PreviewProblem } from "../../../dashboards/preview/api.js";
import { generateDashboards, type Reading } from "../../../stack/preview/generate.js";
import { withProject } from "../../support/temporary-project.js";

/** A dashboard by hand, with a panel for each query: ids from 1. */
const helper = `
export const page = (uid, queries, more = {}) => ({
  uid,
  title: uid,
  panels: queries.map((query, at) => ({
    id: at + 1,
    type: "stat",
    title: "Panel " + (at + 1),
    datasource: { type: "prometheus", uid: "prometheus" },
    fieldConfig: { defaults: { unit: "short" }, overrides: [] },
    targets: [{ refId: "A", expr: query }],
  })),
  ...more,
});
`;

async function generated(dashboards: string): Promise<Reading> {
  let reading: Reading | undefined;
  const definition = `
    import { defineStack } from "obs-stack";
    import { page } from "./page.ts";
    export default defineStack({
      name: "shop",
      llm: { ledger: { enabled: true } },
      dashboards: [${dashboards}],
    });`;
  await withProject({ "obs.config.ts": definition, "page.ts": helper }, async ({ project }) => {
    reading = await generateDashboards(project, "native");
  });
  return reading!;
}

function found({ problems }: Reading, id: string): Pick<PreviewProblem, "dashboard" | "panelId">[] {
  return problems
    .filter((problem) => problem.id === id)
    .map(({ dashboard, panelId }) => ({ dashboard, panelId }));
}

test("dashboards come as Grafana would have them, with the stores they may ask", async () => {
  const reading = await generated('page("one", ["up"], { description: "Is it up?", tags: ["a"] })');
  expect(reading.problems).toEqual([]);
  expect(reading.generated).toMatchObject({
    stack: "shop",
    dashboards: [{ shown: { uid: "one", title: "one", description: "Is it up?", tags: ["a"] } }],
    runbooks: "http://127.0.0.1:9090/user/",
    stores: [
      { uid: "prometheus", type: "prometheus", address: "127.0.0.1:9090", interval: "10s" },
      { uid: "loki", type: "loki" },
      { uid: "traces" },
      { uid: "alertmanager", type: "alertmanager" },
      { uid: "ledger", type: "grafana-postgresql-datasource", address: "127.0.0.1:5433" },
    ],
  });
  expect(structuredClone(reading.generated)).toEqual(reading.generated);
});

test("a broken query is a finding at its panel", async () => {
  const reading = await generated('page("one", ["up", "sum(up"])');
  expect(found(reading, "dashboard-query")).toEqual([{ dashboard: "one", panelId: 2 }]);
});

test("an unknown data source is a finding at its panel, as it would be in Grafana", async () => {
  const reading = await generated(
    'page("one", ["up"]), { ...page("two", ["up", "up"]), panels: page("two", ["up", "up"]).panels.map((each) => each.id === 2 ? { ...each, datasource: { uid: "influx" } } : each) }',
  );
  expect(found(reading, "unknown-data-source")).toEqual([{ dashboard: "two", panelId: 2 }]);
});

test("a variable that nobody defines is a finding at its panel", async () => {
  const reading = await generated('page("one", ["up{job=\\"$team\\"}"])');
  expect(found(reading, "dashboard-variable")).toEqual([{ dashboard: "one", panelId: 1 }]);
});

test("of two dashboards with one UID the first is shown, and the second is a finding", async () => {
  const reading = await generated(
    'page("one", ["up"]), page("one", ["up"], { title: "other" }), page("two", ["up"])',
  );
  expect(reading.generated!.dashboards.map(({ shown }) => shown.title)).toEqual(["one", "two"]);
  expect(found(reading, "duplicate-dashboard-uid")).toEqual([{ dashboard: "one", panelId: undefined }]);
});

test("a dashboard that throws is a finding at its line, and there are no dashboards", async () => {
  const reading = await generated('page("one", undefined)');
  expect(reading.generated).toBeUndefined();
  expect(reading.problems).toMatchObject([{ id: "config-throws", place: { file: "page.ts", line: 5 } }]);
});
