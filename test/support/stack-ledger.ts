import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Span } from "../../llm/call.js";
import { queryMetrics } from "./ask-stores.js";
import { otlpJson } from "./llm-otlp.js";
import { freshCall } from "./llm-spans.js";
import { parsedOutput } from "./run-obs.js";
import { query } from "./stack-postgres.js";
import { waitFor } from "./wait-for.js";
import type { TestStack } from "./with-stack.js";

/** Rows of a query to the PostgreSQL of a stack that runs. */
export async function ledgerRows<T extends Record<string, unknown>>(
  stack: TestStack,
  text: string,
): Promise<T[]> {
  const env = await readFile(join(stack.folder, ".env"), "utf8");
  const password = /OBS_LEDGER_DATABASE_PASSWORD=(.*)/.exec(env)![1]!;
  return query<T>(
    { host: "127.0.0.1", port: stack.ports.postgres, database: "postgres", user: "obs", password },
    text,
  );
}

/** Calls of the demo that reached the ledger as they were made, without those of its past. */
export async function demoCalls(stack: TestStack): Promise<number> {
  const rows = await ledgerRows<{ n: number }>(
    stack,
    `SELECT count(*)::int AS n FROM llm_usage WHERE service LIKE 'demo-%' AND received_at - timestamp < '1 minute'`,
  );
  return rows[0]!.n;
}

/** What calls cost, in USD. */
interface Costs extends Record<string, unknown> {
  key: string;
  calls: number;
  cost: string;
}

/** This month's costs by feature as `obs costs` tells them and as SQL by hand does, once no more calls arrive. */
export async function costsByFeature(stack: TestStack): Promise<{ told: Costs[]; byHand: Costs[] }> {
  const ask = () =>
    ledgerRows<Costs>(
      stack,
      `SELECT coalesce(feature, 'unattributed') AS key, count(*)::int AS calls, trim_scale(coalesce(sum(cost_usd), 0))::text AS cost FROM llm_usage
       WHERE timestamp >= date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' GROUP BY 1`,
    );
  return waitFor("the last calls to arrive", async () => {
    const before = await ask();
    const report = await stack.ok(["costs", "by", "feature", "--format", "json"]);
    const { rows } = parsedOutput<{ rows: { key: string; calls: number; costUsd: string }[] }>(report);
    const byHand = await ask();
    const sorted = (costs: Costs[]) => costs.sort((one, other) => (one.key < other.key ? -1 : 1));
    const told = sorted(rows.map(({ key, calls, costUsd: cost }) => ({ key, calls, cost })));
    return JSON.stringify(before) === JSON.stringify(byHand) && { told, byHand: sorted(byHand) };
  });
}

/** Hands spans to the collector of a stack; throws unless it takes them. */
export async function sendSpans(stack: TestStack, spans: readonly Span[]): Promise<void> {
  const response = await fetch(stack.url("otlpHttp", "/v1/traces"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(otlpJson(spans)),
  });
  if (!response.ok) throw new Error(`the collector answers ${response.status}`);
}

/** Sum of what Prometheus says now; NaN where it knows no such series. */
export async function sumOf(stack: TestStack, selector: string): Promise<number> {
  return (await queryMetrics(stack, `sum(${selector})`))[0]?.value ?? Number.NaN;
}

/**
 * Sends calls of a feature without pause, all of them twice, while `kill` ends each victim in turn; each time, calls are taken before and
 * after. Returns once every call that the collector took is in the ledger; throws unless each is there exactly once, and
 * the metrics say as many.
 */
export async function killUnderLoad<T>(
  stack: TestStack,
  feature: string,
  victims: readonly T[],
  kill: (victim: T) => Promise<unknown>,
): Promise<void> {
  const taken: Span[] = [];
  let going = true;
  const sender = async () => {
    while (going) {
      const spans = Array.from({ length: 50 }, () => freshCall({ feature }));
      await waitFor("the collector to take calls", () => sendSpans(stack, spans).then(() => true));
      taken.push(...spans);
      // As a sender does that did not hear the answer, and in another order.
      await sendSpans(stack, [...spans].reverse()).catch(() => {});
    }
  };
  const senders = Promise.all([sender(), sender()]);
  try {
    for (const victim of victims) {
      const before = taken.length;
      await waitFor("calls to be taken", () => taken.length > before + 1_000);
      await kill(victim);
      await waitFor("more calls to be taken", () => taken.length > before + 2_000);
    }
  } finally {
    going = false;
    await senders;
  }
  const stored = await waitFor(
    "all of it in the ledger",
    async () => {
      const rows = await ledgerRows<{ span_id: string }>(
        stack,
        `SELECT span_id FROM llm_usage WHERE feature = '${feature}'`,
      );
      return rows.length >= taken.length && rows;
    },
    { timeoutMs: 180_000, everyMs: 500 },
  );
  // A request that was answered too late is sent again by its sender: those are the same spans.
  expect(stored.map(({ span_id }) => span_id).sort()).toEqual(taken.map(({ spanId }) => spanId).sort());
  await waitFor("the metrics to say the same", async () => {
    return (await sumOf(stack, `llm_requests_total{feature="${feature}"}`)) === taken.length;
  });
}
