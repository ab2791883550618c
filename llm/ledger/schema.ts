/**
 * The ledger's tables, as steps that are only ever added to: a step that has run somewhere is never changed.
 * Names of columns are what `obs costs`, dashboards and people's own queries rely on.
 */
export const migrations: readonly { name: string; sql: string }[] = [
  {
    name: "0001-usage",
    sql: `
-- A call of a model a row. Money is exact: numeric without a scale. Null: nobody said, or nobody knows.
CREATE TABLE llm_usage (
  "timestamp" timestamptz NOT NULL,
  -- Of the sender's clock; with the ids it makes a span one row, however late or often it comes.
  month date NOT NULL,
  trace_id text COLLATE "C" NOT NULL,
  span_id text COLLATE "C" NOT NULL,
  parent_span_id text COLLATE "C" NOT NULL,
  request_id text,
  user_id text,
  team_id text,
  feature text,
  environment text,
  service text,
  agent text,
  provider text,
  model text,
  response_model text,
  operation text NOT NULL,
  service_tier text,
  input_tokens bigint,
  output_tokens bigint,
  cached_tokens bigint,
  cache_write_tokens bigint,
  reasoning_tokens bigint,
  -- Within the counts above, where there were any: {"inputAudio": 120}. Names: llm/prices/types.ts
  special_tokens jsonb,
  total_tokens bigint,
  cost_usd numeric,
  price_version text,
  unpriced_reason text,
  reported_cost_usd numeric,
  prompt_name text,
  prompt_version text,
  finish_reason text,
  latency_seconds double precision,
  time_to_first_token_seconds double precision,
  status text NOT NULL,
  error_type text,
  provider_error text,
  doubts text,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (trace_id, span_id, month)
) PARTITION BY RANGE (month);
CREATE INDEX llm_usage_timestamp ON llm_usage USING brin ("timestamp");

-- Runs of agents and calls of tools: counted, never billed.
CREATE TABLE llm_runs (
  "timestamp" timestamptz NOT NULL,
  month date NOT NULL,
  trace_id text COLLATE "C" NOT NULL,
  span_id text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  agent text,
  tool text,
  user_id text,
  team_id text,
  feature text,
  environment text,
  service text,
  latency_seconds double precision,
  status text NOT NULL,
  error_type text,
  PRIMARY KEY (trace_id, span_id, month)
) PARTITION BY RANGE (month);

-- Spans that tell of a call that another span tells of, too: two instrumentations, one inside the other.
CREATE TABLE llm_nested (
  trace_id text COLLATE "C" NOT NULL,
  span_id text COLLATE "C" NOT NULL,
  parent_span_id text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  -- outer: a span inside it is billed. inner: one around it was, before this one came.
  place text NOT NULL,
  month date NOT NULL,
  PRIMARY KEY (trace_id, span_id)
);

-- What reports about days and longer read. Nobody named is 'unattributed', no model or provider 'unknown'.
CREATE TABLE llm_usage_daily (
  day date NOT NULL,
  environment text NOT NULL,
  service text NOT NULL,
  team_id text NOT NULL,
  feature text NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  operation text NOT NULL,
  calls bigint NOT NULL,
  errors bigint NOT NULL,
  unpriced_calls bigint NOT NULL,
  input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  cached_tokens bigint NOT NULL,
  cache_write_tokens bigint NOT NULL,
  reasoning_tokens bigint NOT NULL,
  total_tokens bigint NOT NULL,
  cost_usd numeric NOT NULL,
  PRIMARY KEY (day, environment, service, team_id, feature, provider, model, operation)
);
CREATE TABLE llm_usage_daily_users (
  day date NOT NULL,
  user_id text NOT NULL,
  team_id text NOT NULL,
  feature text NOT NULL,
  calls bigint NOT NULL,
  errors bigint NOT NULL,
  unpriced_calls bigint NOT NULL,
  total_tokens bigint NOT NULL,
  cost_usd numeric NOT NULL,
  PRIMARY KEY (day, user_id, team_id, feature)
);

-- What the metrics are read from, so that they equal the tables whatever was restarted. What \`counts\` holds in which
-- place stands in llm/ledger/series.ts.
CREATE TABLE llm_call_series (
  model text NOT NULL,
  provider text NOT NULL,
  feature text NOT NULL,
  team text NOT NULL,
  agent text NOT NULL,
  operation text NOT NULL,
  status text NOT NULL,
  error_type text NOT NULL,
  calls bigint NOT NULL,
  cost_usd numeric NOT NULL,
  duration_seconds double precision NOT NULL,
  first_token_seconds double precision NOT NULL,
  counts bigint[] NOT NULL,
  created timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (model, provider, feature, team, agent, operation, status, error_type)
);
CREATE TABLE llm_run_series (
  kind text NOT NULL,
  agent text NOT NULL,
  tool text NOT NULL,
  feature text NOT NULL,
  team text NOT NULL,
  status text NOT NULL,
  error_type text NOT NULL,
  runs bigint NOT NULL,
  duration_seconds double precision NOT NULL,
  counts bigint[] NOT NULL,
  created timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, agent, tool, feature, team, status, error_type)
);

CREATE FUNCTION llm_add(bigint[], bigint[]) RETURNS bigint[] LANGUAGE sql IMMUTABLE AS $$
  SELECT array_agg(coalesce(a, 0) + coalesce(b, 0) ORDER BY place)
  FROM unnest($1, $2) WITH ORDINALITY AS both_of (a, b, place)
$$;

-- One partition a month, made when the first of its calls comes. Two ledgers may want it at once.
CREATE FUNCTION llm_ensure_month(first_day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  suffix text := to_char(first_day, 'YYYY_MM');
  parent text;
BEGIN
  PERFORM pg_advisory_xact_lock(7233801, 2);
  FOREACH parent IN ARRAY ARRAY['llm_usage', 'llm_runs'] LOOP
    IF to_regclass(parent || '_' || suffix) IS NULL THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
        parent || '_' || suffix, parent, first_day, (first_day + interval '1 month')::date);
    END IF;
  END LOOP;
END
$$;

-- Makes the roll-ups of these days (both included) anew: after prices of calls were changed.
CREATE FUNCTION llm_rebuild_daily(first_day date, last_day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- Nobody may count calls while they are counted here.
  LOCK TABLE llm_usage_daily, llm_usage_daily_users IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM llm_usage_daily WHERE day BETWEEN first_day AND last_day;
  DELETE FROM llm_usage_daily_users WHERE day BETWEEN first_day AND last_day;
  INSERT INTO llm_usage_daily
  SELECT ("timestamp" AT TIME ZONE 'UTC')::date, coalesce(environment, 'unattributed'),
    coalesce(service, 'unattributed'), coalesce(team_id, 'unattributed'), coalesce(feature, 'unattributed'),
    coalesce(provider, 'unknown'), coalesce(model, response_model, 'unknown'), operation,
    count(*), count(*) FILTER (WHERE status = 'error'),
    count(*) FILTER (WHERE cost_usd IS NULL AND total_tokens > 0),
    coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0), coalesce(sum(cached_tokens), 0),
    coalesce(sum(cache_write_tokens), 0), coalesce(sum(reasoning_tokens), 0), coalesce(sum(total_tokens), 0),
    coalesce(sum(cost_usd), 0)
  FROM llm_usage
  WHERE "timestamp" >= first_day::timestamp AT TIME ZONE 'UTC'
    AND "timestamp" < (last_day + 1)::timestamp AT TIME ZONE 'UTC'
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
  INSERT INTO llm_usage_daily_users
  SELECT ("timestamp" AT TIME ZONE 'UTC')::date, coalesce(user_id, 'unattributed'),
    coalesce(team_id, 'unattributed'), coalesce(feature, 'unattributed'),
    count(*), count(*) FILTER (WHERE status = 'error'),
    count(*) FILTER (WHERE cost_usd IS NULL AND total_tokens > 0),
    coalesce(sum(total_tokens), 0), coalesce(sum(cost_usd), 0)
  FROM llm_usage
  WHERE "timestamp" >= first_day::timestamp AT TIME ZONE 'UTC'
    AND "timestamp" < (last_day + 1)::timestamp AT TIME ZONE 'UTC'
  GROUP BY 1, 2, 3, 4;
END
$$;
`,
  },
];
