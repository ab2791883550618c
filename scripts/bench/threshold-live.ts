import { setTimeout as delay } from "node:timers/promises";
import { obsCommand } from "../../test/support/run-obs.js";
import { type Bench, programPids, timed } from "./context.js";
import type { Figure } from "./figure.js";
import { withPacks } from "./with-packs.js";

/** From the start of `obs up`, after a threshold was edited, until Prometheus' own API has the rule with the new one. */
export const thresholdLive: Figure = {
  id: "threshold-live",
  title: "an edited threshold is live, by obs up",
  unit: "ms",
  must: { atMost: 2_000 },
  measure: (bench: Bench) =>
    withPacks(bench, async (stack, edit) => {
      const before = await programPids(stack);
      const values: number[] = [];
      for (let run = 0; run < bench.runs; run++) {
        // No other threshold has these digits.
        const seconds = Number((0.731 + run / 1000).toFixed(3));
        await edit({ latencyP99Seconds: seconds });
        const begun = performance.now();
        const [live] = await Promise.all([
          liveAt(stack.url("prometheus", "/api/v1/rules"), String(seconds)),
          timed(obsCommand, ["up", "--runtime", "native"], stack.folder),
        ]);
        values.push(live - begun);
      }
      const after = await programPids(stack);
      const restarted = [...before].filter(([name, pid]) => after.get(name) !== pid).map(([name]) => name);
      return { values, ...(restarted.length > 0 && { fault: `restarted: ${restarted.join(", ")}` }) };
    }),
};

/** When (performance.now) an address first answers with a text. */
async function liveAt(url: string, text: string): Promise<number> {
  const end = performance.now() + 60_000;
  while (performance.now() < end) {
    if ((await (await fetch(url)).text()).includes(text)) return performance.now();
    await delay(20);
  }
  throw new Error(`${url} has no ${text} after a minute`);
}
