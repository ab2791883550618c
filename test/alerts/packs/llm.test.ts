import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type LlmPackOptions, llmPack } from "../../../alerts/packs/llm/index.js";
import { rulePack } from "../../../stack/alerting/pack-schema.js";
import { packFile } from "../../../stack/alerting/render-pack.js";
import { makeCatalog } from "../../../stack/catalog/catalog.js";
import { ownRecordings } from "../../../stack/catalog/files.js";
import { seriesWorld } from "../../../stack/catalog/world.js";
import { stackSchema } from "../../../stack/define.js";
import { surroundingsOf } from "../../../stack/rules/surroundings.js";
import { validateRules } from "../../../stack/rules/validate-rules.js";

const folder = join(import.meta.dirname, "..", "..", "..", "alerts", "runbooks");
const runbooks = readdirSync(folder)
  .filter((name) => /^(?:Llm|Agent).*\.md$/.test(name))
  .map((name) => ({ alert: name.replace(/\.md$/, ""), text: readFileSync(join(folder, name), "utf8") }));

function alertsOf(options?: LlmPackOptions) {
  return llmPack(options).groups.flatMap(({ rules }) => rules.filter((rule) => rule.kind === "alert"));
}

function exprsOf(name: string, options: LlmPackOptions): string[] {
  return alertsOf(options)
    .filter((rule) => rule.name === name)
    .map(({ expr }) => expr);
}

const stack = stackSchema.parse({ name: "shop" });
const facts = {
  traces: { backend: "tempo" as const, why: "test" },
  grafana: { present: true, why: "test" },
};

/** Errors and warnings about a rule file of a project with the stack's own series and those of the contract. */
function faultsIn(text: string): string[] {
  return validateRules({
    sources: [{ path: "llm.yml", absolutePath: "/nowhere/llm.yml", text }],
    root: "/nowhere",
    exists: () => false,
    series: seriesWorld({ stack, facts }, makeCatalog(ownRecordings())),
    surroundings: surroundingsOf(stack),
  })
    .problems.filter(({ severity }) => severity !== "notice")
    .map(({ what }) => what);
}

function faultsOf(queries: readonly string[]): string[] {
  const rules = queries.map((expr, at) => ({ record: `runbook:query_${at}:read`, expr }));
  return faultsIn(JSON.stringify({ groups: [{ name: "runbook", rules }] }));
}

test("every alert about models and agents has a runbook, and every such runbook an alert", () => {
  expect(runbooks.map(({ alert }) => alert).sort()).toEqual(
    [...new Set(alertsOf().map(({ name }) => name))].sort(),
  );
});

test.each(runbooks)(
  "the runbook of $alert says what it means, what to look at, what to check and what mends it",
  ({ alert, text }) => {
    const parts = [
      `# ${alert}\n\n**Meaning.** `,
      "\n\n**Impact.** ",
      "\n\n## First look\n",
      "\n\n## Causes, in the order to check\n\n1. **",
      "\n\n## Mends\n\n- ",
    ];
    const places = parts.map((part) => text.indexOf(part));
    expect(places[0]).toBe(0);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  },
);

test.each(runbooks)(
  "the queries in the runbook of $alert can be pasted, and ask for what there is",
  ({ text }) => {
    const queries = [...text.matchAll(/^```promql\n(.*?)^```$/gms)].map(([, query]) => query!.trim());
    expect(queries.length).toBeGreaterThan(0);
    expect(faultsOf(queries)).toEqual([]);
  },
);

test("a query that asks for what there is not would be found", () => {
  expect(faultsOf(["sum(rate(llm_request_total[5m]))"])).not.toEqual([]);
  expect(faultsOf(["sum by (user) (rate(llm_requests_total[5m]))"])).not.toEqual([]);
  expect(faultsOf(["sum(rate(llm_requests_total[5m])"])).not.toEqual([]);
});

test("the runbook of an alert names the dashboard that the alert links to", () => {
  for (const { name, dashboard } of alertsOf())
    expect([name, runbooks.find(({ alert }) => alert === name)?.text]).toEqual([
      name,
      expect.stringContaining(`\`${dashboard}\``),
    ]);
});

test("the pack has the shape of one, whatever is left out", () => {
  const off = Object.fromEntries(
    [
      "errorRate", "noSuccess", "callsVanished", "fallbacks", "latency", "firstToken", "dailyCost", "hourlyCost",
      "hourlyTokens", "anomaly", "budgets", "unpriced", "quota", "cacheHits", "quality", "agentErrors", "toolErrors",
      "agentStuck",
    ].map((key) => [key, false]),
  ) as LlmPackOptions; // biome-ignore format: a list
  for (const key of Object.keys(off)) {
    const pack = llmPack({ [key]: false });
    expect(rulePack.safeParse(pack).error).toBeUndefined();
    expect(alertsOf({ [key]: false }).length).toBeLessThan(alertsOf().length);
  }
  expect(llmPack(off).groups).toEqual([]);
});

test("records that nothing reads are left out with the alerts that read them", () => {
  const options: LlmPackOptions = { errorRate: false, dailyCost: false };
  const rules = llmPack(options).groups.flatMap(({ rules }) => rules);
  const records = rules.filter(({ kind }) => kind === "record").map(({ name }) => name);
  expect(records.filter((record) => !rules.some(({ expr }) => expr.includes(record)))).toEqual([]);
});

test("calls with a limit of their own are not judged by the common one", () => {
  const options: LlmPackOptions = {
    errorRate: {
      critical: 0.05,
      minimumCalls: 10,
      by: ["model"],
      overrides: [
        { feature: "chat", critical: 0.01 },
        { model: "o3", critical: false, warning: 0.5 },
        { feature: "report", critical: 0.3 },
      ],
    },
  };
  expect(exprsOf("LlmErrorRateHigh", options)).toEqual(
    [
      ["model", 'feature!="chat", model!="o3", feature!="report"', 0.05],
      ["model, feature", 'feature="chat"', 0.01],
      ["model, feature", 'feature="report", model!="o3"', 0.3],
    ].map(
      ([by, match, limit]) =>
        `sum by (${by}) (call:llm_errors:increase5m{${match}})\n  / (sum by (${by}) (call:llm_requests:increase5m{${match}}) >= 10)\n  > ${limit}`,
    ),
  );
  expect(exprsOf("LlmErrorRateElevated", options)).toHaveLength(4);
});

test("an override of what slow means is asked of its own calls alone", () => {
  const [common, report] = exprsOf("LlmLatencyHigh", {
    latency: { overrides: [{ feature: "report", critical: 60 }] },
  });
  expect(common).toContain('bucket{feature!="report"}[10m]))) > 5\n');
  expect(common).toContain('count{feature!="report"}[10m])) >= 20');
  expect(report).toContain("sum by (le, provider, model, feature)");
  expect(report).toContain('bucket{feature="report"}[10m]))) > 60\n');
});

test.each<[string, LlmPackOptions]>([
  ["as it is", {}],
  [
    "with overrides",
    {
      errorRate: {
        overrides: [
          { feature: "chat", critical: 0.02 },
          { team: 'a "b"', warning: 0.1 },
        ],
      },
      latency: {
        overrides: [
          { feature: "report", critical: 60 },
          { model: "o3", critical: false },
        ],
      },
      firstToken: { overrides: [{ provider: "local", warning: 10 }] },
    },
  ],
  [
    "grouped otherwise",
    { errorRate: { by: ["team"] }, dailyCost: { by: ["feature", "team"] }, hourlyTokens: { by: [] } },
  ],
])("the checks of rules find nothing wrong in the pack %s", (_, options) => {
  expect(faultsIn(packFile(llmPack(options), { stack, facts }).text)).toEqual([]);
});

test("every alert about a share has a limit for how few calls say something", () => {
  for (const name of [
    "LlmErrorRateHigh",
    "LlmErrorRateElevated",
    "LlmLatencyHigh",
    "LlmFirstTokenSlow",
    "AgentErrorRateHigh",
  ])
    for (const expr of exprsOf(name, {})) expect(expr).toMatch(/ >= \d+/);
});
