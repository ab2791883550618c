import { createHmac } from "node:crypto";
import type { Pool, PoolClient } from "pg";
import type { Call, Run } from "../call.js";
import type { PriceCall } from "../prices/types.js";
import { type Known, sortNested } from "./nesting.js";
import { type Hash, insertCalls, insertNested, insertRuns } from "./rows.js";
import type { PricedCall } from "./series.js";
import { addRuns, addSums, sumsOf } from "./sums.js";

/** Users whose hashes are kept at most, and the longest of their ids, in characters. */
const rememberedUsers = 20_000;
const longestRemembered = 100;

/** What came in one go. */
export interface Batch {
  calls: Call[];
  runs: Run[];
}

/** What became of it. Everything in a batch is in the database by then, now or from before. */
export interface Written {
  /** Calls that are billed now. */
  billed: PricedCall[];
  /** Calls that another span tells of, too. */
  nested: number;
  /** Calls and runs that were there before. */
  known: number;
  runs: number;
}

/** Turns calls into rows, each exactly once. */
export class Store {
  /** Months whose partitions are known to be there. */
  private readonly months = new Set<string>();
  private readonly hashes = new Map<string, string>();

  constructor(
    private readonly pool: Pool,
    private readonly price: PriceCall,
    /** Key of the hash under which users are stored. */
    private readonly userKey: string,
  ) {}

  /** Writes a batch in one transaction, roll-ups and metrics included. Throws what the database says: nothing is written then. */
  async write({ calls, runs }: Batch): Promise<Written> {
    const client = await this.pool.connect();
    try {
      // One writer at a time, of several ledgers too: which span of a nest is billed depends on which are known. Each of
      // them may so rely on what it read, and none waits for another in a circle.
      await client.query("BEGIN; SELECT pg_advisory_xact_lock(7233801, 4)");
      const months = [...new Set([...calls, ...runs].map(({ month }) => month))].sort();
      const fresh = months.filter((month) => !this.months.has(month));
      for (const month of fresh) await client.query("SELECT llm_ensure_month($1)", [month]);
      const written = await this.writeWith(client, calls, runs);
      await client.query("COMMIT");
      for (const month of fresh) this.months.add(month);
      client.release();
      return written;
    } catch (error) {
      // A connection that is in an unknown state isn't used again; without it the transaction is undone.
      client.release(true);
      // Somebody may have dropped what was there.
      this.months.clear();
      throw error;
    }
  }

  private async writeWith(client: PoolClient, calls: Call[], runs: Run[]): Promise<Written> {
    const { billed: mine, nested } = sortNested(calls, await knownOf(client, calls));
    const billed = mine.map((call): PricedCall => ({ call, price: this.price(call, call.timestamp) }));
    // While the database takes the calls, they are added up here.
    const inserted = insertCalls(client, billed, this.hash);
    const [sums] = await Promise.all([(async () => sumsOf(billed, this.hash))(), inserted]);
    await insertNested(client, nested);
    await addSums(client, sums);
    const newRuns = await insertRuns(client, runs, this.hash);
    await addRuns(client, newRuns);
    return {
      billed,
      nested: nested.length,
      known: calls.length - billed.length - nested.length + runs.length - newRuns.length,
      runs: newRuns.length,
    };
  }

  private readonly hash: Hash = (user) => {
    if (user === null) return null;
    const found = this.hashes.get(user);
    if (found !== undefined) return found;
    const hash = hashUser(this.userKey, user);
    if (user.length > longestRemembered) return hash;
    if (this.hashes.size >= rememberedUsers) this.hashes.clear();
    this.hashes.set(user, hash);
    return hash;
  };
}

/** How a user is stored: an HMAC (SHA-256, its first 128 bits) that only whoever has the key can make. */
export function hashUser(key: string, user: string): string {
  return createHmac("sha256", key).update(user).digest("hex").slice(0, 32);
}

/** What the ledger has of the traces of these calls, in their months and those beside: a trace may run over midnight. */
async function knownOf(client: PoolClient, calls: readonly Call[]): Promise<Known[]> {
  if (calls.length === 0) return [];
  const own = new Set(calls.map(({ month }) => month));
  const months = new Set([...own].flatMap((month) => [month, monthBeside(month, -1), monthBeside(month, 1)]));
  const { rows } = await client.query<Omit<Known, "kind"> & { kind: string }>({
    name: "known",
    text: `SELECT trace_id AS "traceId", span_id AS "spanId", parent_span_id AS "parentSpanId",
        CASE operation WHEN 'embeddings' THEN 'embedding' ELSE 'inference' END AS kind, 'billed' AS place
      FROM llm_usage WHERE trace_id = ANY($1::text[]) AND month = ANY($2::date[])
      UNION ALL
      SELECT trace_id, span_id, parent_span_id, kind, place FROM llm_nested WHERE trace_id = ANY($1::text[])`,
    values: [[...new Set(calls.map(({ traceId }) => traceId))], [...months]],
  });
  return rows;
}

function monthBeside(month: string, by: number): string {
  const first = new Date(`${month}T00:00:00Z`);
  first.setUTCMonth(first.getUTCMonth() + by);
  return first.toISOString().slice(0, 10);
}
