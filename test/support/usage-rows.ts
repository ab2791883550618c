import type { Client } from "pg";
import { migrations } from "../../llm/ledger/schema.js";

/** Makes the ledger's tables. */
export async function makeLedgerTables(client: Client): Promise<void> {
  for (const { sql } of migrations) await client.query(sql);
}

/**
 * Fills the ledger's table of calls with made-up ones, spread evenly over some days, and its roll-ups: several models,
 * features, teams and users, some of them unnamed, one model in a hundred calls without a price. The same each time.
 */
export async function fillUsage(
  client: Client,
  { rows, from, days }: { rows: number; from: string; days: number },
): Promise<void> {
  await client.query(
    `SELECT llm_ensure_month(month::date) FROM generate_series(date_trunc('month', $1::date),
       $1::date + $2::int - 1, interval '1 month') AS month`,
    [from, days],
  );
  await client.query(
    `INSERT INTO llm_usage ("timestamp", month, trace_id, span_id, parent_span_id, user_id, team_id, feature, environment,
       service, provider, model, operation, input_tokens, output_tokens, total_tokens, cost_usd, price_version, status,
       error_type, received_at)
     SELECT at, date_trunc('month', at AT TIME ZONE 'UTC')::date, md5(n::text), left(md5(n::text), 16), '',
       nullif(md5('user' || n % 1000), md5('user0')),
       (ARRAY['search', 'shop', 'support', NULL])[1 + h % 4],
       (ARRAY['chat', 'summary', 'ranking', 'translation', NULL])[1 + h / 4 % 5],
       'production', (ARRAY['gateway', 'worker'])[1 + n % 2],
       (ARRAY['openai', 'anthropic', 'own'])[1 + m], (ARRAY['gpt-4o', 'claude-sonnet-4-5', 'in-house'])[1 + m],
       'chat', input, output, input + output,
       CASE m WHEN 0 THEN input * 0.0000025 + output * 0.00001 WHEN 1 THEN input * 0.000003 + output * 0.000015 END,
       CASE WHEN m < 2 THEN 'genai-prices@test' END,
       CASE WHEN n % 50 = 0 THEN 'error' ELSE 'ok' END, CASE WHEN n % 50 = 0 THEN 'timeout' END, at
     FROM (
       SELECT n, $2::date::timestamp AT TIME ZONE 'UTC' + n * ($3::int * interval '1 day' / $1::int) AS at,
         abs(hashint4(n)) % 20 AS h, CASE WHEN n % 100 = 7 THEN 2 ELSE abs(hashint4(n + 1)) % 2 END AS m,
         100 + abs(hashint4(n + 2)) % 4000 AS input, 10 + abs(hashint4(n + 3)) % 900 AS output
       FROM generate_series(0, $1::int - 1) AS n
     ) AS calls`,
    [rows, from, days],
  );
  await client.query("SELECT llm_rebuild_daily($1::date, $1::date + $2::int - 1)", [from, days]);
}
