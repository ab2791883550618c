import type { Span } from "../../llm/call.js";
import { readerRole } from "../../llm/ledger/config.js";
import { sendTo, startLedger, type TestLedger } from "../support/llm-ledger.js";
import { otlpJson } from "../support/llm-otlp.js";
import { freshCall as call } from "../support/llm-spans.js";
import { picodollars, reckonedCalls } from "../support/reckoned-calls.js";
import { query, type StackPostgres, startStackPostgres } from "../support/stack-postgres.js";
import { waitFor } from "../support/wait-for.js";

let postgres: StackPostgres;
let ledger: TestLedger;

/** Dollars per million tokens: a call of 100 in and 20 out costs 0.00014. */
const money = { prices: [{ model: "own-model", input: "1", output: "2" }], discounts: [] };

beforeAll(async () => {
  postgres = await startStackPostgres();
  ledger = await startLedger(postgres.connection, money);
  await ledger.ready();
}, 120_000);

afterAll(async () => {
  await ledger?.remove();
  await postgres?.remove();
});

const rows = <T extends Record<string, unknown>>(text: string, values: unknown[] = []) =>
  query<T>(postgres.connection, text, values);

const send = (spans: readonly Span[], to = ledger) => sendTo(to, spans);

async function accepted(spans: readonly Span[]): Promise<void> {
  const response = await send(spans);
  expect([response.status, await response.text()]).toEqual([200, ""]);
}

/** The value of a sample of the ledger's metrics. */
async function metric(name: string, ...labels: string[]): Promise<number> {
  const text = await (await fetch(`${ledger.url}/metrics`)).text();
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf("} ") + 2).split(" ")[0]), 0);
}

test("a call becomes a row with its price and owner, and counts", async () => {
  const one = call({ feature: "first", team: "search", "user.id": "ada@example.org" });
  await accepted([one]);
  expect(
    await rows(
      "SELECT model, provider, feature, team_id, input_tokens, output_tokens, total_tokens, cost_usd, status, latency_seconds FROM llm_usage WHERE trace_id = $1",
      [one.traceId],
    ),
  ).toEqual([
    {
      model: "own-model",
      provider: "own",
      feature: "first",
      team_id: "search",
      input_tokens: "100",
      output_tokens: "20",
      total_tokens: "120",
      cost_usd: "0.00014",
      status: "ok",
      latency_seconds: 0.4,
    },
  ]);
  const [{ user_id }] = (await rows<{ user_id: string }>(
    "SELECT user_id FROM llm_usage WHERE trace_id = $1",
    [one.traceId],
  )) as [{ user_id: string }];
  expect(user_id).toMatch(/^[0-9a-f]{32}$/);
  expect(await metric("llm_requests_total", 'feature="first"')).toBe(1);
  expect(await metric("llm_cost_total", 'feature="first"')).toBe(0.00014);
  expect(await metric("llm_tokens_total", 'feature="first"', 'type="input"')).toBe(100);
  expect(await rows("SELECT calls, cost_usd FROM llm_usage_daily WHERE feature = 'first'")).toEqual([
    { calls: "1", cost_usd: "0.00014" },
  ]);
});

test("what is said is stored as it was said, whatever SQL might read into it", async () => {
  const said = ["NULL", "a,b", "{c}", '"d" \\e', "it's; --", "ü$1"];
  const calls = said.map((feature) => call({ feature, team: "as said" }));
  await accepted(calls);
  expect(
    (await rows<{ feature: string }>("SELECT feature FROM llm_usage WHERE team_id = 'as said'"))
      .map(({ feature }) => feature)
      .sort(),
  ).toEqual([...said].sort());
  expect(
    await rows("SELECT count(*) AS n FROM llm_usage_daily WHERE feature = ANY($1) AND team_id = 'as said'", [
      said,
    ]),
  ).toEqual([{ n: "6" }]);
});

test("JSON is taken like protobuf, and nonsense is refused for good", async () => {
  const one = call();
  const post = (body: string, type = "application/json") =>
    fetch(`${ledger.url}/v1/traces`, { method: "POST", headers: { "content-type": type }, body });
  const response = await post(JSON.stringify(otlpJson([one])));
  expect([response.status, await response.json()]).toEqual([200, {}]);
  expect(await rows("SELECT 1 AS one FROM llm_usage WHERE trace_id = $1", [one.traceId])).toHaveLength(1);
  expect((await post("nonsense")).status).toBe(400);
  expect((await post("nonsense", "application/x-protobuf")).status).toBe(400);
  expect((await post("{}", "text/plain")).status).toBe(415);
});

test("a span that is sent twice, also within a request or months late, is one row", async () => {
  const one = call({ feature: "twice" });
  const old = call(
    { feature: "twice" },
    { startMs: Date.UTC(2024, 1, 29, 23, 59), endMs: Date.UTC(2024, 2, 1) },
  );
  await accepted([one, one, old]);
  await accepted([old, one]);
  expect(await rows("SELECT count(*) AS n FROM llm_usage WHERE feature = 'twice'")).toEqual([{ n: "2" }]);
  expect(await metric("llm_requests_total", 'feature="twice"')).toBe(2);
});

test("of nested spans that tell of one call only the innermost is billed, in whatever requests they come", async () => {
  const outer = call({ feature: "nested" });
  const inner = call({ feature: "nested" }, { traceId: outer.traceId, parentSpanId: outer.spanId });
  const innermost = call({ feature: "nested" }, { traceId: outer.traceId, parentSpanId: inner.spanId });
  const tool = call(
    { feature: "nested", "gen_ai.operation.name": "embeddings" },
    { traceId: outer.traceId, parentSpanId: innermost.spanId },
  );
  await accepted([innermost, tool]);
  await accepted([inner]);
  await accepted([outer, inner, innermost]);
  expect(
    (await rows<{ span_id: string }>("SELECT span_id FROM llm_usage WHERE feature = 'nested'")).map(
      ({ span_id }) => span_id,
    ),
  ).toEqual(expect.arrayContaining([innermost.spanId, tool.spanId]));
  expect(await metric("llm_requests_total", 'feature="nested"')).toBe(2);
});

test("an inner span that comes after its outer one was billed is not billed again", async () => {
  const outer = call({ feature: "late-inner" });
  const inner = call({ feature: "late-inner" }, { traceId: outer.traceId, parentSpanId: outer.spanId });
  await accepted([outer]);
  await accepted([inner]);
  expect(await metric("llm_requests_total", 'feature="late-inner"')).toBe(1);
});

test("runs of agents and calls of tools are counted, and what the agent's calls cost is the agent's", async () => {
  const agent = call({
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "helper",
    feature: "agents",
  });
  const inAgent = { traceId: agent.traceId, parentSpanId: agent.spanId };
  await accepted([
    agent,
    call({ "gen_ai.agent.name": "helper", feature: "agents" }, inAgent),
    call(
      {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.agent.name": "helper",
        "gen_ai.tool.name": "weather",
        "error.type": "timeout",
        feature: "agents",
      },
      { ...inAgent, failed: true },
    ),
  ]);
  expect(await metric("agent_requests_total", 'agent="helper"')).toBe(1);
  expect(await metric("agent_tool_errors_total", 'tool="weather"', 'error_type="timeout"')).toBe(1);
  expect(await metric("agent_cost_total", 'agent="helper"')).toBe(0.00014);
  expect(await metric("llm_requests_total", 'feature="agents"')).toBe(1);
});

test("a model without a price has no cost, and its tokens are told of", async () => {
  await accepted([call({ "gen_ai.request.model": "nobody-knows-it", feature: "unpriced" })]);
  expect(await rows("SELECT cost_usd, unpriced_reason FROM llm_usage WHERE feature = 'unpriced'")).toEqual([
    { cost_usd: null, unpriced_reason: "unknown-model" },
  ]);
  expect(await metric("llm_unpriced_tokens_total", 'model="nobody-knows-it"', 'type="output"')).toBe(20);
});

test("tokens with prices of their own are kept, and leave a call without a price where nobody knows theirs", async () => {
  const audio = { feature: "audio", "gen_ai.usage.details.input_audio_tokens": 40 };
  await accepted([
    call(audio),
    call({ ...audio, "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o" }),
  ]);
  expect(
    await rows(
      "SELECT special_tokens, cost_usd, unpriced_reason FROM llm_usage WHERE feature = 'audio' ORDER BY model DESC",
    ),
  ).toEqual([
    { special_tokens: { inputAudio: 40 }, cost_usd: "0.00014", unpriced_reason: null },
    { special_tokens: { inputAudio: 40 }, cost_usd: null, unpriced_reason: "no-price-for-special-tokens" },
  ]);
});

test("10,000 calls of 30 models, dates across price changes, are billed what another reckoning says, and so is their sum", async () => {
  await rows("CREATE DATABASE reckoned");
  const connection = { ...postgres.connection, database: "reckoned" };
  const own = await startLedger(connection);
  try {
    await own.ready();
    const costs = new Map<string, bigint>();
    const spans = [...reckonedCalls(10_000, Date.UTC(2024, 6, 1), Date.now())].map((reckoned) => {
      const { provider, model, operation, time, tokens, cost } = reckoned;
      const startMs = time.getTime();
      const span = call(
        {
          "gen_ai.operation.name": operation,
          "gen_ai.provider.name": provider,
          "gen_ai.request.model": model,
          "gen_ai.usage.input_tokens": tokens.input,
          "gen_ai.usage.output_tokens": tokens.output,
          "gen_ai.usage.cache_read.input_tokens": tokens.cacheRead,
          "gen_ai.usage.cache_creation.input_tokens": tokens.cacheWrite,
          "gen_ai.usage.reasoning.output_tokens": tokens.reasoning,
        },
        { startMs, endMs: startMs + 400 },
      );
      costs.set(span.spanId, cost);
      return span;
    });
    for (let from = 0; from < spans.length; from += 2_000)
      expect((await send(spans.slice(from, from + 2_000), own)).status).toBe(200);
    const billed = await query<{ span_id: string; cost_usd: string }>(
      connection,
      "SELECT span_id, cost_usd FROM llm_usage",
    );
    expect(new Map(billed.map(({ span_id, cost_usd }) => [span_id, picodollars(cost_usd)]))).toEqual(costs);
    const sum = [...costs.values()].reduce((total, cost) => total + cost, 0n);
    for (const table of ["llm_usage", "llm_usage_daily", "llm_usage_daily_users", "llm_call_series"]) {
      const [{ total }] = (await query(connection, `SELECT sum(cost_usd) AS total FROM ${table}`)) as [
        { total: string },
      ];
      expect([table, picodollars(total)]).toEqual([table, sum]);
    }
  } finally {
    await own.remove();
  }
}, 120_000);

test("a call that is told long after has its row, its cost and its day, and counts in no metric", async () => {
  const past = [true, false].map((backfilled) => call({ feature: "past", "obs.backfilled": backfilled }));
  expect((await send(past)).status).toBe(200);
  const callsIn = async (table: string, calls: string) =>
    (
      await query<{ n: number }>(
        postgres.connection,
        `SELECT ${calls}::int AS n FROM ${table} WHERE feature = 'past'`,
      )
    )[0]!.n;
  expect(await callsIn("llm_usage", "count(cost_usd)")).toBe(2);
  expect(await callsIn("llm_usage_daily", "sum(calls)")).toBe(2);
  expect(await callsIn("llm_usage_daily_users", "sum(calls)")).toBe(2);
  expect(await callsIn("llm_call_series", "sum(calls)")).toBe(1);
});

test("the role of dashboards reads the ledger and can't write it", async () => {
  const reader = { ...postgres.connection, user: readerRole, password: "reads" };
  expect(await query(reader, "SELECT count(*) > 0 AS some FROM llm_usage")).toEqual([{ some: true }]);
  await expect(query(reader, "DELETE FROM llm_usage")).rejects.toThrow(/read-only|permission/);
  await expect(query(reader, "SELECT * FROM llm_call_series")).rejects.toThrow("permission");
});

test("a password that was lost is replaced by the next one, also by one with a quote", async () => {
  const { connection } = postgres;
  const [former, next] = [connection.password, "l'autre\\ $(nothing)"];
  for (const password of [next, former]) {
    await postgres.kill();
    connection.password = password;
    await postgres.start();
  }
  await expect(query({ ...connection, password: next }, "SELECT 1")).rejects.toThrow("password");
  await ledger.ready();
}, 120_000);

describe("two ledgers at once", () => {
  let connection: StackPostgres["connection"];
  let two: [TestLedger, TestLedger];

  beforeAll(async () => {
    await rows("CREATE DATABASE two");
    connection = { ...postgres.connection, database: "two" };
    two = await Promise.all([startLedger(connection, money), startLedger(connection, money)]);
    await Promise.all(two.map((each) => each.ready()));
  }, 120_000);

  afterAll(() => Promise.all(two.map((each) => each.remove())));

  test("that start on an empty database both work, and bill a call once", async () => {
    const calls = Array.from({ length: 500 }, () => call());
    const answers = await Promise.all(
      two.flatMap((each) => [send(calls, each), send([...calls].reverse(), each)]),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await query(connection, "SELECT count(*) AS n, sum(cost_usd) AS cost FROM llm_usage")).toEqual([
      { n: "500", cost: "0.07000" },
    ]);
    expect(await query(connection, "SELECT sum(calls) AS n FROM llm_call_series")).toEqual([{ n: "500" }]);
  }, 120_000);

  test("bill one of the spans that tell of a call, when one gets the outer ones and the other the inner ones", async () => {
    for (let round = 0; round < 20; round++) {
      const outer = Array.from({ length: 200 }, () => call({ feature: `nests-${round}` }));
      const inner = outer.map(({ traceId, spanId }) =>
        call({ feature: `nests-${round}` }, { traceId, parentSpanId: spanId }),
      );
      const answers = await Promise.all([send(outer, two[round % 2]), send(inner, two[(round + 1) % 2])]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(
        await query(
          connection,
          "SELECT count(*) AS spans, count(DISTINCT trace_id) AS calls FROM llm_usage WHERE feature = $1",
          [`nests-${round}`],
        ),
      ).toEqual([{ spans: "200", calls: "200" }]);
    }
    expect(
      await query(connection, "SELECT sum(calls) AS n FROM llm_call_series WHERE feature LIKE 'nests-%'"),
    ).toEqual([{ n: "4000" }]);
  }, 120_000);
});

test("a ledger that starts before its database waits for it", async () => {
  await postgres.kill();
  const early = await startLedger(postgres.connection, money);
  try {
    expect((await fetch(`${early.url}/ready`)).status).toBe(503);
    expect((await send([call()], early)).status).toBe(503);
    await postgres.start();
    await early.ready();
  } finally {
    await early.remove();
  }
}, 120_000);

test("killed with its database under load, it has every acknowledged call exactly once, and metrics equal the table", async () => {
  const acknowledged: Span[] = [];
  let going = true;
  const sender = async () => {
    while (going) {
      const spans = Array.from({ length: 200 }, () => call({ feature: "load" }));
      // As the collector's queue does: the same again until it is taken.
      await waitFor("the calls to be taken", async () => (await send(spans)).ok, { everyMs: 20 });
      acknowledged.push(...spans);
      // A queue that was killed sends what it had sent before.
      await send(spans).catch(() => {});
    }
  };
  const senders = Promise.all([sender(), sender(), sender(), sender()]);
  const more = async (count: number) => {
    const before = acknowledged.length;
    await waitFor("more calls to be taken", () => acknowledged.length > before + count);
  };
  await more(2_000);
  await ledger.kill();
  await ledger.start();
  await more(2_000);
  await postgres.kill();
  await postgres.start();
  await more(2_000);
  going = false;
  await senders;

  const stored = await rows<{ span_id: string }>("SELECT span_id FROM llm_usage WHERE feature = 'load'");
  expect(new Set(stored.map(({ span_id }) => span_id))).toEqual(
    new Set(acknowledged.map(({ spanId }) => spanId)),
  );
  expect(stored).toHaveLength(acknowledged.length);
  expect(await metric("llm_requests_total", 'feature="load"')).toBe(stored.length);
  expect(await metric("llm_request_duration_seconds_count", 'feature="load"')).toBe(stored.length);
  expect(
    await rows(
      "SELECT sum(calls) AS n, trim_scale(sum(cost_usd)) AS cost FROM llm_usage_daily WHERE feature = 'load'",
    ),
  ).toEqual(
    await rows(
      "SELECT count(*) AS n, trim_scale(sum(cost_usd)) AS cost FROM llm_usage WHERE feature = 'load'",
    ),
  );
}, 180_000);

test("roll-ups made anew from the table are the ones that were counted", async () => {
  const all = () =>
    rows(
      "SELECT * FROM llm_usage_daily ORDER BY day, environment, service, team_id, feature, provider, model, operation",
    );
  const users = () => rows("SELECT * FROM llm_usage_daily_users ORDER BY day, user_id, team_id, feature");
  const before = [await all(), await users()];
  await rows("SELECT llm_rebuild_daily('2020-01-01', '2099-12-31')");
  expect([await all(), await users()].map((each) => each.map(withoutScale))).toEqual(
    before.map((each) => each.map(withoutScale)),
  );
});

test("it ends cleanly when told to", async () => {
  expect(await ledger.stop()).toBe(0);
  expect(ledger.log()).not.toContain('"level":"error"');
});

/** `0.070` and `0.07` are the same money. */
function withoutScale(row: Record<string, unknown>): Record<string, unknown> {
  return { ...row, cost_usd: Number(row.cost_usd) };
}
