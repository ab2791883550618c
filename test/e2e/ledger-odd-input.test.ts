import { gzipSync } from "node:zlib";
import { jest } from "@jest/globals";
import type { AttributeValue, Span } from "../../llm/call.js";
import { sendTo, startLedger, type TestLedger } from "../support/llm-ledger.js";
import { otlpJson, otlpProtobuf } from "../support/llm-otlp.js";
import { freshCall } from "../support/llm-spans.js";
import { query, type StackPostgres, startStackPostgres } from "../support/stack-postgres.js";
import { waitFor } from "../support/wait-for.js";

// What senders get wrong, through the real ledger into the real database: a row with what is true, and never a lost call.

jest.setTimeout(120_000);

let postgres: StackPostgres;
let ledger: TestLedger;

beforeAll(async () => {
  postgres = await startStackPostgres();
  ledger = await startLedger(postgres.connection, {
    prices: [
      { model: "own-model", input: "1", output: "2" },
      { model: "own-model", input: "10", output: "20", from: "2025-01-01", until: "2025-07-01" },
    ],
    discounts: [],
  });
  await ledger.ready();
});

afterAll(async () => {
  await ledger?.remove();
  await postgres?.remove();
});

type Row = Record<string, unknown>;

/** The row that the ledger makes of a span. */
async function rowOf(attributes: Record<string, AttributeValue>, rest: Partial<Span> = {}): Promise<Row> {
  const call = freshCall(attributes, rest);
  const response = await sendTo(ledger, [call]);
  expect([response.status, await response.text()]).toEqual([200, ""]);
  const [row] = await query<Row>(postgres.connection, "SELECT * FROM llm_usage WHERE trace_id = $1", [
    call.traceId,
  ]);
  expect(row).toBeDefined();
  return row!;
}

async function metricsText(): Promise<string> {
  return (await fetch(`${ledger.url}/metrics`)).text();
}

const input = "gen_ai.usage.input_tokens";

test.each<[string, Record<string, AttributeValue>, Row]>([
  ["negative", { [input]: -5 }, { input_tokens: null, doubts: "negative-tokens", cost_usd: null }],
  [
    "fractional",
    { [input]: 99.6 },
    { input_tokens: "100", doubts: "fractional-tokens", cost_usd: "0.00014" },
  ],
  ["absurd", { [input]: 1e15 }, { input_tokens: null, doubts: "absurd-tokens", cost_usd: null }],
  ["unreadable", { [input]: "many" }, { input_tokens: null, doubts: "unreadable-tokens", cost_usd: null }],
  ["no", { [input]: "", "gen_ai.usage.output_tokens": "" }, { total_tokens: null, cost_usd: null }],
])(
  "a call with %s token counts is a row without them, and sums stay true",
  async (kind, attributes, wanted) => {
    const feature = `counts-${kind}`;
    expect(await rowOf({ ...attributes, feature })).toMatchObject(wanted);
    const [day] = await query<Row>(
      postgres.connection,
      "SELECT calls, input_tokens, cost_usd FROM llm_usage_daily WHERE feature = $1",
      [feature],
    );
    expect(day).toMatchObject({ calls: "1", input_tokens: wanted.input_tokens ?? "0" });
    expect(Number(day!.cost_usd)).toBe(Number(wanted.cost_usd ?? 0));
  },
);

test("an alias and a dated name have the price of their model; a provider that nobody knows takes none away", async () => {
  const named = (model: string, provider: string) =>
    rowOf({ "gen_ai.request.model": model, "gen_ai.provider.name": provider });
  const alias = await named("gpt-4o", "openai");
  expect(Number(alias.cost_usd)).toBeGreaterThan(0);
  expect((await named("gpt-4o-2024-11-20", "OpenAI")).cost_usd).toBe(alias.cost_usd);
  expect(await named("own-model", "our-own-vllm")).toMatchObject({
    provider: "our-own-vllm",
    cost_usd: "0.00014",
  });
  expect(await named("never-heard-of", "nobody")).toMatchObject({
    provider: "nobody",
    cost_usd: null,
    unpriced_reason: "unknown-model",
  });
});

test("clocks that are ahead, impossible or run backwards cost no call its row", async () => {
  const near = (row: Row) => Math.abs((row.timestamp as Date).getTime() - Date.now()) < 60_000;
  const at = (startMs: number, endMs = startMs + 400) => rowOf({}, { startMs, endMs });
  const ahead = await at(Date.now() + 3_600_000);
  expect([ahead.doubts, near(ahead)]).toEqual(["time-ahead", true]);
  const impossible = await at(Date.UTC(2262, 0));
  expect([impossible.doubts, near(impossible)]).toEqual(["time-impossible", true]);
  const epoch = await at(0);
  expect([epoch.doubts, near(epoch)]).toEqual(["time-impossible", true]);
  const backwards = Date.now() - 5_000;
  expect(await at(backwards, backwards - 10)).toMatchObject({
    doubts: "ends-before-start",
    latency_seconds: null,
    cost_usd: "0.00014",
  });
});

test("attributes of a megabyte are cut where they are read, and passed over where not", async () => {
  const megabyte = "x".repeat(1_000_000);
  const row = await rowOf({
    feature: megabyte,
    team: megabyte,
    "user.id": megabyte,
    "gen_ai.request.model": megabyte,
    "gen_ai.response.id": megabyte,
    "error.type": megabyte,
    "gen_ai.prompt.0.content": megabyte,
  });
  for (const column of ["feature", "team_id", "model", "request_id", "provider_error"])
    expect(row[column]).toHaveLength(200);
  expect(row.user_id).toMatch(/^[0-9a-f]{32}$/);
});

test("a call for nobody is a row of nobody, and counts as unattributed", async () => {
  expect(await rowOf({ "gen_ai.request.model": "for-nobody" })).toMatchObject({
    user_id: null,
    team_id: null,
    feature: null,
    environment: null,
    service: null,
  });
  expect(await metricsText()).toContain(
    'llm_requests_total{model="for-nobody",provider="own",feature="unattributed",team="unattributed",operation="chat",status="ok"} 1',
  );
  expect(
    await query(
      postgres.connection,
      "SELECT team_id, feature, service, environment FROM llm_usage_daily WHERE model = 'for-nobody'",
    ),
  ).toEqual([
    {
      team_id: "unattributed",
      feature: "unattributed",
      service: "unattributed",
      environment: "unattributed",
    },
  ]);
});

test("a price of a past date is that of calls of that time, also when they come late", async () => {
  const at = (time: string) => rowOf({}, { startMs: Date.parse(time), endMs: Date.parse(time) + 400 });
  expect(await at("2024-12-31T23:59:59Z")).toMatchObject({ cost_usd: "0.00014" });
  expect(await at("2025-01-01T00:00:00Z")).toMatchObject({ cost_usd: "0.0014" });
  expect(await at("2025-07-01T00:00:00Z")).toMatchObject({ cost_usd: "0.00014" });
});

test.each<[string, string | Buffer, Record<string, string>, number]>([
  ["text", "nonsense", { "content-type": "application/json" }, 400],
  ["other JSON", '{"resourceSpans": 5}', { "content-type": "application/json" }, 400],
  ["a cut message", otlpProtobuf([freshCall()]).subarray(0, 40), {}, 400],
  ["a body that isn't packed", otlpProtobuf([freshCall()]), { "content-encoding": "gzip" }, 400],
  [
    "a packed body that ends early",
    gzipSync(otlpProtobuf([freshCall()])).subarray(0, 60),
    { "content-encoding": "gzip" },
    400,
  ],
  ["another packing", otlpProtobuf([freshCall()]), { "content-encoding": "zstd" }, 415],
  ["another type", "a,b", { "content-type": "text/csv" }, 415],
])("%s is refused for good, and the next call is taken", async (_what, body, headers, status) => {
  const response = await fetch(`${ledger.url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/x-protobuf", ...headers },
    body,
  });
  expect(response.status).toBe(status);
  await rowOf({});
});

test("of spans that can't be one the others are taken, and all are counted by what became of them", async () => {
  const fine = freshCall({ feature: "beside-nonsense" });
  const response = await fetch(`${ledger.url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(
      otlpJson([freshCall({}, { traceId: "00" }), freshCall({}, { spanId: "0".repeat(16) }), fine]),
    ),
  });
  expect([response.status, await response.json()]).toEqual([200, {}]);
  expect(
    await query(postgres.connection, "SELECT span_id FROM llm_usage WHERE feature = 'beside-nonsense'"),
  ).toEqual([{ span_id: fine.spanId }]);
  expect(await metricsText()).toContain('llm_ledger_spans_total{outcome="invalid-ids"} 2');
  expect(ledger.log()).not.toContain('"level":"error"');
});

test("a call that a client and an instrumentation tell of in traces of their own is billed once", async () => {
  const startMs = Date.now() - 5_000;
  const answer = { "gen_ai.response.id": "msg_of_both", feature: "told-twice" };
  const client = freshCall(answer, { startMs, endMs: startMs + 390 });
  const library = freshCall({ ...answer, team: "search" }, { startMs: startMs - 1, endMs: startMs + 400 });
  expect((await sendTo(ledger, [client, library])).status).toBe(200);
  expect((await sendTo(ledger, [library])).status).toBe(200);
  expect(
    await query(postgres.connection, "SELECT span_id, team_id FROM llm_usage WHERE feature = 'told-twice'"),
  ).toEqual([{ span_id: client.spanId, team_id: "search" }]);
});

test("names that senders make up stop being kept when there are too many, and those that are known count on", async () => {
  const seen = (name: string) =>
    query(postgres.connection, "SELECT FROM llm_arrivals WHERE service = 'made-up' AND name = $1", [name]);
  const named = (name: string) =>
    sendTo(ledger, [{ ...freshCall({}), resource: new Map([["service.name", "made-up"]]), unread: [name] }]);
  await named("llm.early");
  await waitFor("the first name", async () => (await seen("llm.early")).length === 1);
  await query(
    postgres.connection,
    `INSERT INTO llm_arrivals SELECT 'many', '', 'name', at::text, 1, now(), now() FROM generate_series(1, 20000) AS at`,
  );
  await named("llm.late");
  await named("llm.early");
  await waitFor("the first name again", async () => {
    const [row] = await query<Row>(
      postgres.connection,
      "SELECT spans FROM llm_arrivals WHERE service = 'made-up' AND name = 'llm.early'",
    );
    return row?.spans === "2";
  });
  expect(await seen("llm.late")).toEqual([]);
});
