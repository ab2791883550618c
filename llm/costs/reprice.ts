import type { PriceableCall, PriceCall, SpecialTokens } from "../prices/types.js";
import { amount, text } from "./amount.js";
import type { Period } from "./period.js";
import type { Queryable } from "./queryable.js";

/** Calls that are read, and written, at once. */
const batchSize = 2_000;
/** Two writers may want the same roll-ups in another order: PostgreSQL ends one of them, which tries again. */
const retries = 5;

/** What came of pricing calls again. */
export interface Repriced {
  /** Calls that were looked at. */
  calls: number;
  /** Those that had no price before. */
  newlyPriced: number;
  /** Those that cost something else now. */
  changed: number;
  /** Those with tokens that still have no price. */
  stillUnpriced: number;
  /** Those that had a price and would have none now: they keep it. */
  kept: number;
  /** What all of it changes, in US dollars. */
  differenceUsd: string;
}

interface Row extends Record<string, unknown> {
  trace_id: string;
  span_id: string;
  at: Date;
  operation: PriceableCall["operation"];
  provider: string | null;
  model: string | null;
  response_model: string | null;
  service_tier: string | null;
  cost_usd: string | null;
  total_tokens: string | null;
  input_tokens: string | null;
  output_tokens: string | null;
  cached_tokens: string | null;
  cache_write_tokens: string | null;
  reasoning_tokens: string | null;
  special_tokens: SpecialTokens | null;
}

/**
 * Prices the calls of a period (days in UTC; undefined: all) again and writes what differs: calls that had no price, and
 * those whose price of their day has become another. Batch by batch, each with its roll-ups in one statement: stopped
 * anywhere it leaves a ledger that adds up, and run again it goes on. A price that was there is never taken away. The
 * metrics keep what was known when the calls came.
 */
export async function repriceCalls(
  client: Queryable,
  priceCall: PriceCall,
  {
    period,
    signal,
    onProgress = () => {},
  }: { period?: Period; signal?: AbortSignal; onProgress?: (calls: number) => void },
): Promise<Repriced> {
  const result = { calls: 0, newlyPriced: 0, changed: 0, stillUnpriced: 0, kept: 0 };
  let difference = 0n;
  const { rows: months } = await client.query<{ month: string }>(
    "SELECT DISTINCT month::text FROM llm_usage ORDER BY month",
  );
  for (const { month } of months) {
    let after = ["", ""];
    for (;;) {
      signal?.throwIfAborted();
      const rows = await readBatch(client, month, after, period);
      if (rows.length === 0) break;
      after = [rows.at(-1)!.trace_id, rows.at(-1)!.span_id];
      const changes = rows.flatMap((row) => {
        const { costUsd, priceVersion } = priceCall(callOf(row), row.at);
        if (costUsd === null) {
          if (row.cost_usd !== null) result.kept += 1;
          else if (Number(row.total_tokens) > 0) result.stillUnpriced += 1;
          return [];
        }
        const delta = amount(costUsd) - amount(row.cost_usd ?? "0");
        if (row.cost_usd !== null && delta === 0n) return [];
        if (row.cost_usd === null) result.newlyPriced += 1;
        else result.changed += 1;
        difference += delta;
        return [{ row, costUsd, priceVersion }];
      });
      if (changes.length > 0) {
        await retrying(() =>
          client.query(writeChanges, [
            month,
            changes.map(({ row }) => row.trace_id),
            changes.map(({ row }) => row.span_id),
            changes.map(({ row }) => row.cost_usd),
            changes.map(({ costUsd }) => costUsd),
            changes.map(({ priceVersion }) => priceVersion),
          ]),
        );
      }
      result.calls += rows.length;
      onProgress(result.calls);
    }
  }
  return { ...result, differenceUsd: text(difference) };
}

async function readBatch(
  client: Queryable,
  month: string,
  [trace, span]: readonly string[],
  period: Period | undefined,
): Promise<Row[]> {
  const { rows } = await client.query<Row>(
    `SELECT trace_id, span_id, "timestamp" AS at, operation, provider, model, response_model, service_tier, cost_usd,
       total_tokens, input_tokens, output_tokens, cached_tokens, cache_write_tokens, reasoning_tokens,
       special_tokens
     FROM llm_usage
     WHERE month = $1::date AND (trace_id, span_id) > ($2::text, $3::text)
       AND ($4::date IS NULL OR "timestamp" >= $4::date::timestamp AT TIME ZONE 'UTC')
       AND ($5::date IS NULL OR "timestamp" < ($5::date + 1)::timestamp AT TIME ZONE 'UTC')
     ORDER BY trace_id, span_id LIMIT ${batchSize}`,
    [month, trace, span, period?.from ?? null, period?.to ?? null],
  );
  return rows;
}

/** A call that somebody else priced meanwhile is left alone: its old cost is no longer there. */
const writeChanges = `
WITH change AS (
  SELECT * FROM unnest($2::text[], $3::text[], $4::numeric[], $5::numeric[], $6::text[])
    AS c (trace_id, span_id, old_cost, new_cost, version)
), repriced AS (
  UPDATE llm_usage u SET cost_usd = c.new_cost, price_version = c.version, unpriced_reason = NULL
  FROM change c
  WHERE u.month = $1::date AND u.trace_id = c.trace_id AND u.span_id = c.span_id
    AND u.cost_usd IS NOT DISTINCT FROM c.old_cost
  RETURNING (u."timestamp" AT TIME ZONE 'UTC')::date AS day, coalesce(u.environment, 'unattributed') AS environment,
    coalesce(u.service, 'unattributed') AS service, coalesce(u.team_id, 'unattributed') AS team_id,
    coalesce(u.feature, 'unattributed') AS feature, coalesce(u.user_id, 'unattributed') AS user_id,
    coalesce(u.provider, 'unknown') AS provider, coalesce(u.model, u.response_model, 'unknown') AS model, u.operation,
    c.new_cost - coalesce(c.old_cost, 0) AS difference, (c.old_cost IS NULL AND u.total_tokens > 0)::int AS priced
), daily AS (
  UPDATE llm_usage_daily d
  SET cost_usd = d.cost_usd + r.difference, unpriced_calls = d.unpriced_calls - r.priced
  FROM (
    SELECT day, environment, service, team_id, feature, provider, model, operation,
      sum(difference) AS difference, sum(priced) AS priced
    FROM repriced GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
  ) r
  WHERE (d.day, d.environment, d.service, d.team_id, d.feature, d.provider, d.model, d.operation)
    = (r.day, r.environment, r.service, r.team_id, r.feature, r.provider, r.model, r.operation)
)
UPDATE llm_usage_daily_users d
SET cost_usd = d.cost_usd + r.difference, unpriced_calls = d.unpriced_calls - r.priced
FROM (
  SELECT day, user_id, team_id, feature, sum(difference) AS difference, sum(priced) AS priced
  FROM repriced GROUP BY 1, 2, 3, 4
) r
WHERE (d.day, d.user_id, d.team_id, d.feature) = (r.day, r.user_id, r.team_id, r.feature)`;

function callOf(row: Row): PriceableCall {
  const { operation, provider, model, response_model, service_tier } = row;
  const count = (tokens: string | null) => (tokens === null ? null : Number(tokens));
  return {
    operation,
    provider,
    requestModel: model,
    responseModel: response_model,
    serviceTier: service_tier,
    tokens: {
      input: count(row.input_tokens),
      output: count(row.output_tokens),
      cacheRead: count(row.cached_tokens),
      cacheWrite: count(row.cache_write_tokens),
      reasoning: count(row.reasoning_tokens),
      ...(row.special_tokens && { special: row.special_tokens }),
    },
  };
}

/** Error codes of PostgreSQL: 40001 serialization_failure, 40P01 deadlock_detected. */
async function retrying(write: () => Promise<unknown>): Promise<void> {
  for (let left = retries; ; left--) {
    try {
      await write();
      return;
    } catch (error) {
      if (left === 0 || !["40001", "40P01"].includes((error as { code?: string }).code ?? "")) throw error;
    }
  }
}
