import { checkPlan, planStack } from "../../../stack/plan.js";
import { withProject } from "../../support/temporary-project.js";

/** What `obs validate` says of a definition with these SLOs: id and key. */
async function findings(slos: string, retention = "30d"): Promise<string[]> {
  let found: string[] = [];
  const text = `import { defineStack, slo } from "obs-stack";
import { llmSlos, serviceSlos } from "obs-stack/alerts";
export default defineStack({ name: "shop", metrics: { retention: "${retention}" }, alerting: { packs: ${slos} } });
`;
  await withProject({ "obs.config.ts": text }, async ({ project }) => {
    const { problems } = await checkPlan(await planStack(project, "compose"), {
      missingSecrets: "warning",
      signal: AbortSignal.timeout(60_000),
    });
    found = problems
      .filter(({ place }) => place?.keyPath?.startsWith("alerting.packs"))
      .map(({ id, place }) => `${id} ${place!.keyPath}`);
  });
  return found;
}

const misspelt = `[slo({ service: "x", name: "y", owner: "o", objective: 99, description: "d",
  indicator: {
    errors: (window) => \`sum(rate(traces_span_metrics_call_total{status_code="STATUS_CODE_ERROR"}[\${window}]))\`,
    total: (window) => \`sum(rate(traces_span_metrics_calls_total{nolabel="a"}[\${window}]))\`,
  } })]`;

test("a misspelt metric or label is told once, though each query is in a dozen rules", async () => {
  expect(await findings(misspelt)).toEqual([
    "unknown-label alerting.packs.slo-x-y.indicator",
    "unknown-metric alerting.packs.slo-x-y.indicator",
  ]);
});

test("nothing is wrong with the SLOs that come with obs, but that nothing measures calls of models yet", async () => {
  const packs =
    '[...llmSlos(), ...serviceSlos({ service: "a", owner: "b", latency: { objective: 99, seconds: 1 } })]';
  expect((await findings(packs)).filter((each) => !each.startsWith("declared-metric"))).toEqual([]);
});

test("an SLO that looks further back than metrics are kept is told at its window", async () => {
  const packs = 'serviceSlos({ service: "a", owner: "b" })';
  const found = await findings(packs, "15d");
  expect(found).toContain("promql-time alerting.packs.slo-a-availability.window");
  expect(new Set(found).size).toBe(found.length);
});
