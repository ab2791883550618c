import type { Hop } from "../../stack/verify/hop.js";
import { parsedOutput } from "../../test/support/run-obs.js";
import type { Figure } from "./figure.js";
import { withPacks } from "./with-packs.js";

/** Errors, latency, cost, quota, nothing succeeding: what pages about models. */
const critical = ["LlmErrorRateHigh", "LlmLatencyHigh", "LlmCostHigh", "LlmQuotaNearlyUsed", "LlmNoSuccess"];

/** `obs drill` of them as a whole process, from the breach of each to its resolution. */
export const drill: Figure = {
  id: "drill",
  title: `obs drill of ${critical.length} critical LLM alerts`,
  unit: "ms",
  must: { atMost: 90_000 },
  measure: (bench) =>
    withPacks(bench, async (stack) => {
      const values: number[] = [];
      const failed = new Set<string>();
      for (let run = 0; run < bench.runs; run++) {
        const begun = performance.now();
        const report = await stack.obs(["drill", ...critical, "--json"]);
        values.push(performance.now() - begun);
        const { hops } = parsedOutput<{ hops: Hop[] }>(report);
        const passed = new Set(hops.filter(({ state }) => state === "passed").map(({ id }) => id));
        for (const alert of critical)
          for (const hop of ["delivered", "resolved"])
            if (!passed.has(`${hop}:${alert}`)) failed.add(`${alert} not ${hop}`);
      }
      return { values, ...(failed.size > 0 && { fault: [...failed].join(", ") }) };
    }),
};
