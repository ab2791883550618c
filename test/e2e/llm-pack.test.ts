import { type LlmPackOptions, llmPack } from "../../alerts/packs/llm/index.js";
import { testPacks } from "../../stack/alerting/test/test-packs.js";
import { stackSchema } from "../../stack/define.js";

/** Limits far from the defaults: the cases are made from them, and must hold for whatever a team chooses. */
const chosen: Record<string, LlmPackOptions> = {
  "other limits, windows and groupings of errors and latency, overrides among them": {
    errorRate: {
      critical: 0.1,
      warning: 0.03,
      criticalWindow: "2m",
      warningWindow: "1h",
      minimumCalls: 7,
      by: ["feature"],
      overrides: [
        { feature: "search", critical: 0.8, warning: false },
        { model: "gpt-4o", critical: 0.001 },
        { feature: "chat", warning: 0.005 },
      ],
    },
    latency: {
      critical: 12,
      warning: 7.5,
      criticalWindow: "7m",
      by: ["provider", "model", "feature", "team"],
      overrides: [
        { feature: "report", critical: false, warning: 120 },
        { provider: "azure", critical: 1, warning: 0.25 },
      ],
    },
    firstToken: { warning: 1, overrides: [{ model: "o3", warning: 30 }] },
    noSuccess: { window: "90s", minimumCalls: 3 },
    callsVanished: { minimumCalls: 500 },
    fallbacks: { warning: 0.9, window: "5m", minimum: 3 },
  },
  "other limits of cost, quota, quality and agents": {
    dailyCost: { critical: 1.5, minimumUsd: 1, by: ["feature", "team"] },
    hourlyCost: { warning: 10, minimumUsd: 0.5, by: ["model"] },
    hourlyTokens: { warning: 5, minimum: 1_000_000, by: [] },
    anomaly: { warning: 2, minimumUsd: 100 },
    budgets: { forecastFrom: 0.3 },
    quota: { critical: 0.95 },
    cacheHits: { warning: 0.7, window: "1h", minimum: 200, from: 0.3 },
    quality: { warning: 0.95, minimumJudged: 30 },
    agentErrors: { warning: 0.5, window: "1h", minimum: 5 },
    toolErrors: { warning: 0.9, minimum: 1 },
    agentStuck: { after: "2h" },
  },
};

test.each(Object.entries(chosen))(
  "the cases of the alerts about models hold with %s",
  async (_, options) => {
    const packs = [llmPack(options)];
    const stack = stackSchema.parse({ name: "shop", alerting: { packs } });
    const facts = {
      traces: { backend: "tempo" as const, why: "test" },
      grafana: { present: true, why: "test" },
    };
    const results = await testPacks(
      { packs, context: { stack, facts } },
      { signal: AbortSignal.timeout(120_000) },
    );
    expect(results.length).toBeGreaterThan(30);
    expect(
      results.flatMap(({ rule, cases, missing }) => [
        ...cases
          .filter(({ passed }) => !passed)
          .map(({ name, deviations }) => ({ rule: rule.name, name, deviations })),
        ...missing.map((kind) => ({ rule: rule.name, missing: kind })),
      ]),
    ).toEqual([]);
  },
  150_000,
);
