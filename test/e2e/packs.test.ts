import { hostPack, servicePack, stackPack } from "../../alerts/index.js";
import type { RulePack } from "../../stack/alerting/define-rules.js";
import { testPacks } from "../../stack/alerting/test/test-packs.js";
import { stackSchema } from "../../stack/define.js";

/** What promtool makes of the cases of packs: a line for whatever isn't as they say. */
async function failures(packs: RulePack[]): Promise<string[]> {
  const stack = stackSchema.parse({ name: "shop" });
  const facts = {
    traces: { backend: "tempo", why: "test" },
    grafana: { present: true, why: "test" },
  } as const;
  const results = await testPacks(
    { packs, context: { stack, facts } },
    { signal: new AbortController().signal },
  );
  expect(results.length).toBeGreaterThan(0);
  return results.flatMap(({ rule, cases, missing }) => [
    ...missing.map((kind) => `${rule.name}: no case of kind "${kind}"`),
    ...cases
      .filter(({ passed }) => !passed)
      .map(({ name, deviations }) => `${rule.name}, ${name}: ${JSON.stringify(deviations)}`),
  ]);
}

test("every case of the host pack holds in promtool, whatever its thresholds", async () => {
  expect(await failures([hostPack()])).toEqual([]);
  expect(
    await failures([
      hostPack({
        diskFreePercent: 12.5,
        diskFullWithinHours: 8,
        memoryAvailablePercent: 8,
        clockOffsetSeconds: 0.5,
      }),
    ]),
  ).toEqual([]);
}, 120_000);

test("every case of the service pack holds in promtool, whatever its thresholds", async () => {
  expect(await failures([servicePack()])).toEqual([]);
  expect(
    await failures([
      servicePack({
        latencyP99Seconds: 1.5,
        errorPercent: 0.5,
        minimumRequests: 30,
        services: {
          "search.v2": { latencyP99Seconds: 0.05 },
          agent: { latencyP99Seconds: 60, errorPercent: 20 },
        },
      }),
    ]),
  ).toEqual([]);
}, 120_000);

test("every case of the stack pack holds in promtool, whatever its thresholds", async () => {
  expect(await failures([stackPack()])).toEqual([]);
  expect(await failures([stackPack({ queuePercent: 80 })])).toEqual([]);
}, 120_000);
