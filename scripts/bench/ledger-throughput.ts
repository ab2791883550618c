import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import pg from "pg";
import { startLedger, type TestLedger } from "../../test/support/llm-ledger.js";
import { otlpProtobuf } from "../../test/support/llm-otlp.js";
import { freshCall } from "../../test/support/llm-spans.js";
import { seededRandom } from "../../test/support/random.js";
import { query, type StackPostgres, startStackPostgres } from "../../test/support/stack-postgres.js";
import type { Figure } from "./figure.js";

/** As many spans as the collector puts into a request, and as many requests as it has on their way. */
const batch = 2_048;
const senders = 4;
const batches = 50;
const leastPerSecond = 10_000;
const mostMemoryMiB = 250;

/**
 * Calls a second that one ledger takes over OTLP and commits, with all roll-ups and metrics, against plain inserts of the
 * same rows by the same driver into a table without any index.
 */
export const ledgerThroughput: Figure = {
  id: "ledger-throughput",
  title: "ledger, of plain inserts of its rows",
  unit: "ratio",
  must: { atLeast: 0.25 },
  async measure({ runs, say }) {
    const postgres = await startStackPostgres();
    try {
      const values: number[] = [];
      const speeds: number[] = [];
      let memory = 0;
      for (let run = 0; run < runs; run++) {
        const connection = { ...postgres.connection, database: `run${run}` };
        await query(postgres.connection, `CREATE DATABASE ${connection.database}`);
        const ledger = await startLedger(connection);
        try {
          await ledger.ready();
          say(`ledger-throughput: making ${batch * batches} calls`);
          await sendAll(ledger, bodies(run, 2 * senders));
          const calls = bodies(run + 1_000, batches);
          const seconds = await sendAll(ledger, calls);
          const speed = (batch * batches) / seconds;
          speeds.push(speed);
          memory = Math.max(memory, peakMemoryMiB(ledger.pid()));
          values.push(speed / (await plainInserts(connection)));
        } finally {
          await ledger.remove();
        }
      }
      const slowest = Math.min(...speeds);
      const faults = [
        ...(slowest < leastPerSecond ? [`fewer than ${leastPerSecond} calls a second`] : []),
        ...(memory > mostMemoryMiB ? [`more than ${mostMemoryMiB} MiB of memory`] : []),
      ];
      return {
        values,
        note: `${Math.round(slowest)} calls/s at least, ${Math.round(memory)} MiB of memory at most`,
        ...(faults.length > 0 && { fault: faults.join(", ") }),
      };
    } finally {
      await postgres.remove();
    }
  },
};

/** Requests of calls of 30 models by 8 features of 4 teams, of 4 models each, for 2,000 users. */
function bodies(seed: number, count: number): Buffer[] {
  const random = seededRandom(seed);
  const published = ["gpt-4o", "gpt-4o-mini", "claude-sonnet-4-0", "claude-3-5-haiku-latest"];
  return Array.from({ length: count }, () => {
    const spans = Array.from({ length: batch }, () => {
      const feature = random.below(8);
      const model = (feature * 4 + random.below(4)) % 30;
      return freshCall({
        "gen_ai.provider.name": model % 2 ? "openai" : "anthropic",
        "gen_ai.request.model": published[model] ?? `model-${model}`,
        "gen_ai.usage.input_tokens": random.below(4_000),
        "gen_ai.usage.output_tokens": random.below(800),
        "gen_ai.response.id": `chatcmpl-${random.below(1e9)}`,
        feature: `feature-${feature}`,
        team: `team-${feature % 4}`,
        "user.id": `user-${random.below(2_000)}`,
      });
    });
    return gzipSync(otlpProtobuf(spans), { level: 1 });
  });
}

/** Sends all of it, some requests at a time, and returns how many seconds that took. */
async function sendAll(ledger: TestLedger, all: readonly Buffer[]): Promise<number> {
  const waiting = [...all];
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: senders }, async () => {
      for (let body = waiting.pop(); body; body = waiting.pop()) {
        const response = await fetch(`${ledger.url}/v1/traces`, {
          method: "POST",
          headers: { "content-type": "application/x-protobuf", "content-encoding": "gzip" },
          body: new Uint8Array(body),
        });
        if (!response.ok) throw new Error(`the ledger answers ${response.status}: ${await response.text()}`);
      }
    }),
  );
  return (performance.now() - begun) / 1000;
}

/** Rows a second of the same rows, by `unnest` into a plain table. */
async function plainInserts(connection: StackPostgres["connection"]): Promise<number> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    const { rows, fields } = await client.query<Record<string, unknown>>("SELECT * FROM llm_usage");
    await client.query("CREATE TABLE plain (LIKE llm_usage)");
    const { rows: types } = await client.query<{ name: string; type: string }>(
      `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
       WHERE attrelid = 'plain'::regclass AND attnum > 0 ORDER BY attnum`,
    );
    const text = `INSERT INTO plain SELECT * FROM unnest(${types.map(({ type }, at) => `$${at + 1}::${type}[]`).join(", ")})`;
    const begun = performance.now();
    for (let from = 0; from < rows.length; from += batch) {
      const some = rows.slice(from, from + batch);
      await client.query({
        name: "plain",
        text,
        values: fields.map(({ name }) => some.map((row) => row[name])),
      });
    }
    return rows.length / ((performance.now() - begun) / 1000);
  } finally {
    await client.end();
  }
}

/** The most memory that a process ever held (VmHWM). */
function peakMemoryMiB(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}
