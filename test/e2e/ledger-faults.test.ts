import type { Span } from "../../llm/call.js";
import { startLedger, type TestLedger } from "../support/llm-ledger.js";
import { otlpProtobuf } from "../support/llm-otlp.js";
import { freshCall } from "../support/llm-spans.js";
import { makeSmallDisk, type SmallDisk } from "../support/small-disk.js";
import { query, type StackPostgres, startStackPostgres } from "../support/stack-postgres.js";
import { waitFor } from "../support/wait-for.js";

// What a real database does to a ledger when it can't or won't write.

let disk: SmallDisk;
let postgres: StackPostgres;
let ledger: TestLedger;

beforeAll(async () => {
  disk = await makeSmallDisk(160);
  postgres = await startStackPostgres({
    disk,
    options: ["-c", "max_wal_size=32MB", "-c", "min_wal_size=32MB"],
  });
  ledger = await startLedger(postgres.connection);
  await ledger.ready();
}, 120_000);

afterAll(async () => {
  await ledger?.remove();
  await postgres?.remove();
  await disk?.remove();
});

/** The status of the answer; whoever is refused is told when to come again. */
async function send(spans: readonly Span[]): Promise<number> {
  const response = await fetch(`${ledger.url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/x-protobuf" },
    body: otlpProtobuf(spans),
  });
  await response.arrayBuffer();
  if (response.status === 503) expect(response.headers.get("retry-after")).toBe("5");
  return response.status;
}

const batch = (feature: string) => Array.from({ length: 400 }, () => freshCall({ feature }));

/** Why it says that it isn't ready; undefined when it is. */
async function notReady(): Promise<string | undefined> {
  const response = await fetch(`${ledger.url}/ready`);
  const text = await response.text();
  return response.ok ? undefined : text;
}

/** Sends calls until the ledger takes none, lets `mend` happen, and sees that all that were sent are there, once. */
async function survives(feature: string, why: RegExp, mend: () => Promise<unknown>): Promise<void> {
  const taken: Span[] = [];
  let refused: Span[] = [];
  await waitFor(
    "a refusal",
    async () => {
      refused = batch(feature);
      const status = await send(refused);
      if (status === 200) taken.push(...refused);
      else expect(status).toBe(503);
      return status === 503;
    },
    { everyMs: 0 },
  );
  expect(await waitFor("a word why", notReady)).toMatch(why);
  expect(ledger.log()).toMatch(/nothing could be written; senders try again/);
  await mend();
  await waitFor("the calls to be taken", async () => (await send(refused)) === 200);
  await waitFor("it to be ready", async () => (await notReady()) === undefined);
  const stored = await query<{ span_id: string }>(
    postgres.connection,
    `SELECT span_id FROM llm_usage WHERE feature = '${feature}'`,
  );
  expect(stored.map(({ span_id }) => span_id).sort()).toEqual(
    [...taken, ...refused].map(({ spanId }) => spanId).sort(),
  );
  const [{ calls }] = (await query<{ calls: string }>(
    postgres.connection,
    `SELECT sum(calls) AS calls FROM llm_call_series WHERE feature = '${feature}'`,
  )) as [{ calls: string }];
  expect(Number(calls)).toBe(stored.length);
}

test("a full disk: senders come again, no call is lost, and it goes on once there is room", async () => {
  disk.fill();
  await survives(
    "full",
    /nothing can be written: .*(No space left|terminat|ECONNREFUSED|recovery|closed|reset)/is,
    async () => {
      disk.free();
      // It may have given up; whoever supervises it starts it again.
      await postgres.start();
    },
  );
}, 180_000);

test("a database that only reads: senders come again, and it goes on once it writes", async () => {
  const { connection } = postgres;
  const onlyReads = async (value: "on" | "off") => {
    await query(connection, `ALTER SYSTEM SET default_transaction_read_only = ${value}`);
    await query(connection, "SELECT pg_reload_conf()");
  };
  await onlyReads("on");
  await survives("read-only", /nothing can be written: .*read-only transaction/, () => onlyReads("off"));
}, 180_000);

test("while tables are brought up to date nothing is taken, and then it is", async () => {
  await ledger.stop();
  // The lock that whoever brings them up to date holds.
  const lock = "SELECT pg_advisory_lock(3853314791062309107)";
  const migrating = query(postgres.connection, `${lock}; SELECT pg_sleep(3600)`);
  const ended = expect(migrating).rejects.toThrow("terminating connection");
  await waitFor("the lock", async () => {
    const [row] = await query<{ n: string }>(
      postgres.connection,
      "SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory'",
    );
    return row!.n === "1";
  });
  await ledger.start();
  expect(await waitFor("a word why", async () => (await notReady())?.match(/brought up to date/)?.[0])).toBe(
    "brought up to date",
  );
  expect(await send(batch("migrating"))).toBe(503);
  await query(
    postgres.connection,
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3600)%' AND pid <> pg_backend_pid()",
  );
  await ended;
  await ledger.ready();
  expect(await send(batch("migrating"))).toBe(200);
}, 180_000);
