import type { Browser } from "playwright-core";
import { startBrowser } from "../../stack/preview/browser.js";
import { freshCall } from "../../test/support/llm-spans.js";
import { sendSpans } from "../../test/support/stack-ledger.js";
import { waitFor } from "../../test/support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../../test/support/with-stack.js";

/** A stack with the reference dashboards and calls of models in its stores, and a browser to see them in. */
export interface PreviewedStack {
  stack: TestStack;
  browser: Browser;
  /** Writes the definition with an addition to every dashboard's title. */
  save(addition: string): Promise<void>;
}

/** Brings such a stack up for the length of `use`. */
export async function withPreviewedStack<T>(use: (previewed: PreviewedStack) => Promise<T>): Promise<T> {
  const stack = await makeTestStack({ definition: { llm: { ledger: { enabled: true } } } });
  const save = (addition: string) => stack.write("obs.config.ts", definition(stack, addition));
  try {
    await save("");
    await stack.ok(["up", "--runtime", "native"], { timeoutMs: 3_600_000 });
    await waitFor("calls in Prometheus, by two scrapes", () => callsPerSecond(stack), { everyMs: 3_000 });
    const browser = await startBrowser(undefined);
    try {
      return await use({ stack, browser, save });
    } finally {
      await browser.close();
    }
  } finally {
    await removeTestStack(stack);
  }
}

/** Sends some calls, and tells whether Prometheus knows their rate yet. */
async function callsPerSecond(stack: TestStack): Promise<boolean> {
  await sendSpans(
    stack,
    Array.from({ length: 20 }, () => freshCall({ feature: "chat" })),
  );
  const query = encodeURIComponent("sum(rate(llm_requests_total[5m])) > 0");
  const answer = await fetch(stack.url("preview", `/api/ds/prometheus/api/v1/query?query=${query}`));
  return ((await answer.json()) as { data: { result: unknown[] } }).data.result.length > 0;
}

function definition({ definition }: TestStack, addition: string): string {
  return `
import { defineStack } from "obs-stack";
import { hostPack, llmPack, llmSlos, servicePack, stackPack } from "obs-stack/alerts";
import { allDashboards } from "obs-stack/dashboards";
export default defineStack({
  ...${JSON.stringify(definition)},
  metrics: { retention: "30d" },
  alerting: { packs: [llmPack(), servicePack(), hostPack(), stackPack(), ...llmSlos()] },
  dashboards: allDashboards().map((each) => ({ ...each, title: each.title + ${JSON.stringify(addition)} })),
});
`;
}
