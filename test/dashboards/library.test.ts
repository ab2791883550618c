import {
  above,
  below,
  dashboard,
  exemplars,
  logql,
  mayBeEmpty,
  promql,
  row,
  section,
  span,
  sqlTable,
  stat,
  table,
  timeseries,
  toDashboard,
  toDashboardOf,
  variable,
  withHome,
} from "../../dashboards/index.js";

const said = { description: "What it shows.", whenRed: "Do something." };
const number = (title: string) => stat({ ...said, title, unit: "count", queries: [promql("up")] });
const many = (count: number) => Array.from({ length: count }, (_, at) => number(`Panel ${at}`));
const widths = (panels: ReturnType<typeof row>) => panels.cells.map(({ width }) => width);

describe("a row", () => {
  test("is shared by its panels", () => {
    expect(widths(row(4, ...many(3)))).toEqual([8, 8, 8]);
  });

  test("leaves to the others what wider panels don't take", () => {
    expect(widths(row(4, span(12, number("Wide")), ...many(2)))).toEqual([12, 6, 6]);
  });

  test.each([
    ["too narrow", () => row(4, span(12, number("a")), span(8, number("b"))), "12 + 8"],
    ["too wide", () => row(4, span(12, number("a")), span(16, number("b"))), "12 + 16"],
    ["of parts of columns", () => row(4, ...many(5)), "4.8 + 4.8"],
    ["full before its last panel", () => row(4, span(24, number("a")), number("b")), "24 + 0"],
    ["without panels", () => row(4), "no panels"],
    ["without height", () => row(0, number("a")), "0 high"],
  ])("%s is refused, with what it has", (_why, make, has) => {
    expect(make).toThrow(has);
  });
});

describe("a dashboard", () => {
  const page = (rows: ReturnType<typeof row>[], sections: ReturnType<typeof section>[] = []) =>
    dashboard({ uid: "page", title: "Page", description: "Is it well?", rows, sections });

  test("shows twelve panels, and refuses a thirteenth", () => {
    expect(page([row(4, ...many(12))]).panels).toHaveLength(12);
    expect(() => page([row(4, ...many(12)), row(4, number("One more"))])).toThrow(
      'The dashboard "Page" shows 13 panels at once',
    );
  });

  test("puts sections below each other, one line each, with their panels folded away", () => {
    const built = page(
      [row(4, number("First"))],
      [section("One", row(8, ...many(2)), row(8, number("Below"))), section("Two", row(8, number("Last")))],
    );
    expect(built.panels?.map(({ title, gridPos }) => [title, gridPos?.y])).toEqual([
      ["First", 0],
      ["One", 4],
      ["Two", 5],
    ]);
    const [, one] = built.panels ?? [];
    expect(one).toMatchObject({
      collapsed: true,
      panels: [{ id: 3 }, { id: 4 }, { id: 5, gridPos: { y: 13 } }],
    });
  });
});

describe("a panel", () => {
  test("says why it may be empty, and is asked for it", () => {
    const built = stat({
      ...said,
      title: "a",
      unit: "count",
      mayBeEmpty: "no call failed.",
      queries: [promql("up")],
    }).build();
    expect(built.description).toBe(
      "What it shows.\n\n**When it looks wrong:** Do something.\n\nMay be empty: no call failed.",
    );
    expect(mayBeEmpty(built)).toBe("no call failed.");
    expect(mayBeEmpty(number("b").build())).toBeUndefined();
  });

  test.each([
    [above({ warning: 2, critical: 5 }), ["green", "2 orange", "5 red"]],
    [above({ critical: 1 }), ["green", "1 red"]],
    [below({ warning: 0.2, critical: 0.1 }), ["red", "0.1 orange", "0.2 green"]],
    [below({ warning: 0.2 }), ["orange", "0.2 green"]],
    [below({ critical: 0 }), ["red", "0 green"]],
    [undefined, ["blue"]],
  ])("%j is coloured by its limits", (thresholds, expected) => {
    const built = stat({
      ...said,
      title: "a",
      unit: "count",
      ...(thresholds && { thresholds }),
      queries: [promql("up")],
    });
    const steps = built.build().fieldConfig?.defaults.thresholds?.steps ?? [];
    expect(steps.map(({ value, color }) => [value, color].filter((part) => part !== null).join(" "))).toEqual(
      expected,
    );
  });

  test("asks for as much as it shows: a course of time, the last value, rows of a table", () => {
    const shapeOf = (built: { targets?: unknown[] }) => built.targets?.[0];
    const input = { ...said, title: "a", unit: "count", queries: [promql("up")] } as const;
    expect(shapeOf(timeseries(input).build())).toMatchObject({ range: true, format: "time_series" });
    expect(shapeOf(stat(input).build())).toMatchObject({ instant: true, range: false });
    expect(shapeOf(stat({ ...input, sparkline: true }).build())).toMatchObject({ range: true });
    const columns = table({
      ...said,
      title: "a",
      by: { job: "Job" },
      values: [{ title: "Up", unit: "count", promql: "up" }],
    });
    expect(shapeOf(columns.build())).toMatchObject({ instant: true, format: "table" });
  });

  test("has what the SDK leaves out", () => {
    const built = stat({ ...said, title: "a", unit: "count", queries: [promql("up")] }).build();
    expect(built.options).toMatchObject({ reduceOptions: { calcs: ["lastNotNull"] } });
    const graph = timeseries({
      ...said,
      title: "a",
      unit: "seconds",
      queries: [promql("up"), logql("{a=`b`}")],
    });
    expect(graph.build()).toMatchObject({
      datasource: { type: "prometheus", uid: "prometheus" },
      options: { legend: { showLegend: true }, tooltip: { mode: "multi" } },
      fieldConfig: { defaults: { min: 0, unit: "s", custom: { drawStyle: "line", lineWidth: 1 } } },
      targets: [{ refId: "A" }, { refId: "B", datasource: { type: "loki", uid: "loki" } }],
    });
  });

  test("a table names its columns, whether it has one query or several", () => {
    const value = (title: string) => ({ title, unit: "count" as const, promql: "up" });
    const renamed = (values: [ReturnType<typeof value>, ...ReturnType<typeof value>[]]) => {
      const built = table({ ...said, title: "a", by: { job: "Job" }, values }).build();
      return built.transformations?.find(({ id }) => id === "organize")?.options.renameByName;
    };
    expect(renamed([value("Up")])).toEqual({ job: "Job", Value: "Up" });
    expect(renamed([value("Up"), value("Down")])).toEqual({
      job: "Job",
      "Value #A": "Up",
      "Value #B": "Down",
    });
  });

  test("dots that open traces draw no line of their own", () => {
    expect(exemplars('service_name="shop"')).toMatchObject({
      promql: expect.stringMatching(/traces_kept_span_metrics_duration_seconds_bucket.* < 0$/),
      exemplars: true,
    });
  });
});

test.each([
  [{}, 0.01],
  [{ thresholds: above({ warning: 0.02, critical: 0.05 }) }, 0.05],
  [{ max: 1 }, undefined],
])(
  "shares with %j end at %j at least, so that an axis of zeros says nothing of 10,000 %",
  (more, expected) => {
    const panel = timeseries({
      ...said,
      ...more,
      title: "Failed",
      unit: "ratio",
      queries: [promql("up")],
    }).build();
    expect(panel.fieldConfig?.defaults.custom.axisSoftMax).toBe(expected);
  },
);

test("a variable offers all values, which takes in what lacks the label; a single one doesn't", () => {
  const input = { name: "team", title: "Team", metric: "llm_requests_total" };
  expect(variable(input).build()).toMatchObject({
    query: { query: "label_values(llm_requests_total, team)" },
    multi: true,
    includeAll: true,
    allValue: ".*",
    current: { value: "$__all" },
  });
  expect(variable({ ...input, single: true }).build()).toMatchObject({ multi: false, includeAll: false });
});

test("links to other dashboards keep time and variables", () => {
  expect(toDashboard("slo", "SLOs").build().url).toBe("/d/slo?${__url_time_range}&${__all_variables}");
  const ofRow = { variable: "service", column: "Service", keep: ["environment"] };
  expect(toDashboardOf("service-detail", "Open", ofRow).build().url).toBe(
    '/d/service-detail?${__url_time_range}&${environment:queryparam}&var-service=${__data.fields["Service"]}',
  );
});

test("the home page leads to the dashboards that are there, in rows that are full", () => {
  const own = dashboard({ uid: "mine", title: "Mine", description: "Mine.", rows: [row(4, number("a"))] });
  const host = dashboard({ uid: "host", title: "Host", description: "Host.", rows: [row(4, number("a"))] });
  const [home, ...others] = withHome(own, host);
  expect(others).toEqual([own, host]);
  expect(home?.panels?.map(({ gridPos }) => gridPos?.w)).toEqual([24, 24]);
  expect(JSON.stringify(home?.panels?.[0])).toContain("/d/host?");
});

test("a table in SQL asks the ledger as it is written, and gives its columns of numbers their units", () => {
  const built = sqlTable({
    ...said,
    title: "Dearest users",
    sql: 'SELECT user_id AS "User", cost_usd AS "Cost" FROM llm_usage',
    values: [{ title: "Cost", unit: "usd", thresholds: above({ warning: 10 }) }],
  }).build();
  expect(built.datasource).toEqual({ type: "grafana-postgresql-datasource", uid: "ledger" });
  expect(JSON.parse(JSON.stringify(built.targets))).toEqual([
    {
      datasource: { type: "grafana-postgresql-datasource", uid: "ledger" },
      refId: "A",
      format: "table",
      editorMode: "code",
      rawQuery: true,
      rawSql: 'SELECT user_id AS "User", cost_usd AS "Cost" FROM llm_usage',
    },
  ]);
  const [cost] = built.fieldConfig!.overrides;
  expect(cost!.matcher.options).toBe("Cost");
  expect(cost!.properties).toContainEqual({ id: "unit", value: "currencyUSD" });
});
