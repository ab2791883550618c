import type { PoolClient } from "pg";
import type { Call, Run } from "../call.js";
import { type Column, namesOf, parametersOf, unnested } from "./columns.js";
import { kindOf } from "./nesting.js";
import type { PricedCall } from "./series.js";

/** How users are stored. */
export type Hash = (user: string | null) => string | null;

/** Inserts calls. None of them may be there. */
export async function insertCalls(
  client: PoolClient,
  calls: readonly PricedCall[],
  hash: Hash,
): Promise<void> {
  if (calls.length === 0) return;
  const now = new Date().toISOString();
  const columns: Column<PricedCall>[] = [
    ["timestamp", "timestamptz", ({ call }) => call.timestamp.toISOString()],
    ["month", "date", ({ call }) => call.month],
    ["trace_id", "text", ({ call }) => call.traceId],
    ["span_id", "text", ({ call }) => call.spanId],
    ["parent_span_id", "text", ({ call }) => call.parentSpanId],
    ["request_id", "text", ({ call }) => call.requestId],
    ["user_id", "text", ({ call }) => hash(call.user)],
    ["team_id", "text", ({ call }) => call.team],
    ["feature", "text", ({ call }) => call.feature],
    ["environment", "text", ({ call }) => call.environment],
    ["service", "text", ({ call }) => call.service],
    ["agent", "text", ({ call }) => call.agent],
    ["provider", "text", ({ call }) => call.provider],
    ["model", "text", ({ call }) => call.requestModel],
    ["response_model", "text", ({ call }) => call.responseModel],
    ["operation", "text", ({ call }) => call.operation],
    ["service_tier", "text", ({ call }) => call.serviceTier],
    ["input_tokens", "bigint", ({ call }) => call.tokens.input],
    ["output_tokens", "bigint", ({ call }) => call.tokens.output],
    ["cached_tokens", "bigint", ({ call }) => call.tokens.cacheRead],
    ["cache_write_tokens", "bigint", ({ call }) => call.tokens.cacheWrite],
    ["reasoning_tokens", "bigint", ({ call }) => call.tokens.reasoning],
    ["special_tokens", "jsonb", ({ call: { tokens } }) => tokens.special && JSON.stringify(tokens.special)],
    ["total_tokens", "bigint", ({ call }) => call.totalTokens],
    ["cost_usd", "numeric", ({ price }) => price.costUsd],
    ["price_version", "text", ({ price }) => price.priceVersion],
    ["unpriced_reason", "text", ({ price }) => price.unpricedReason],
    ["reported_cost_usd", "numeric", ({ call }) => call.reportedCostUsd],
    ["prompt_name", "text", ({ call }) => call.promptName],
    ["prompt_version", "text", ({ call }) => call.promptVersion],
    ["finish_reason", "text", ({ call }) => call.finishReason],
    ["latency_seconds", "double precision", ({ call }) => call.latency],
    ["time_to_first_token_seconds", "double precision", ({ call }) => call.timeToFirstToken],
    ["status", "text", ({ call }) => call.status],
    ["error_type", "text", ({ call }) => call.errorType],
    ["provider_error", "text", ({ call }) => call.providerError],
    ["doubts", "text", ({ call }) => (call.doubts.length > 0 ? call.doubts.join(",") : null)],
    ["received_at", "timestamptz", () => now],
  ];
  await client.query({
    name: "calls",
    text: `INSERT INTO llm_usage (${namesOf(columns)}) SELECT * FROM ${unnested(columns)}`,
    values: parametersOf(columns, calls),
  });
}

/** Inserts the runs that aren't there, and returns them. */
export async function insertRuns(client: PoolClient, runs: readonly Run[], hash: Hash): Promise<Run[]> {
  const unique = new Map(runs.map((run) => [`${run.traceId}/${run.spanId}`, run]));
  if (unique.size === 0) return [];
  const columns: Column<Run>[] = [
    ["timestamp", "timestamptz", (run) => run.timestamp.toISOString()],
    ["month", "date", (run) => run.month],
    ["trace_id", "text", (run) => run.traceId],
    ["span_id", "text", (run) => run.spanId],
    ["kind", "text", (run) => run.kind],
    ["agent", "text", (run) => run.agent],
    ["tool", "text", (run) => run.tool],
    ["user_id", "text", (run) => hash(run.user)],
    ["team_id", "text", (run) => run.team],
    ["feature", "text", (run) => run.feature],
    ["environment", "text", (run) => run.environment],
    ["service", "text", (run) => run.service],
    ["latency_seconds", "double precision", (run) => run.latency],
    ["status", "text", (run) => run.status],
    ["error_type", "text", (run) => run.errorType],
  ];
  const { rows } = await client.query<{ id: string }>({
    name: "runs",
    text: `INSERT INTO llm_runs (${namesOf(columns)}) SELECT * FROM ${unnested(columns)}
      ON CONFLICT DO NOTHING RETURNING trace_id || '/' || span_id AS id`,
    values: parametersOf(columns, [...unique.values()]),
  });
  return rows.map(({ id }) => unique.get(id)!);
}

/** A call that another span tells of, too. */
export interface NestedCall {
  call: Call;
  place: "outer" | "inner";
}

/** Inserts what isn't billed. None of them may be there. */
export async function insertNested(client: PoolClient, nested: readonly NestedCall[]): Promise<void> {
  if (nested.length === 0) return;
  const columns: Column<NestedCall>[] = [
    ["trace_id", "text", ({ call }) => call.traceId],
    ["span_id", "text", ({ call }) => call.spanId],
    ["parent_span_id", "text", ({ call }) => call.parentSpanId],
    ["kind", "text", ({ call }) => kindOf(call)],
    ["place", "text", ({ place }) => place],
    ["month", "date", ({ call }) => call.month],
  ];
  await client.query({
    name: "nested",
    text: `INSERT INTO llm_nested (${namesOf(columns)}) SELECT * FROM ${unnested(columns)}`,
    values: parametersOf(columns, nested),
  });
}
