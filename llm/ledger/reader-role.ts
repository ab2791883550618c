import type { Pool } from "pg";
import { readerRole } from "./config.js";

/** What dashboards and reports read. */
const readable = ["llm_usage", "llm_runs", "llm_usage_daily", "llm_usage_daily_users", "llm_arrivals"];

/**
 * Lets {@link readerRole} read the ledger, and nothing else. Throws what the database says: a role may be a right that
 * the ledger's own doesn't have.
 */
export async function allowReading(pool: Pool, password: string): Promise<void> {
  // In one transaction under a lock: two ledgers may come at once.
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ statement: string }>(
      `SELECT format(CASE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = $1)
         THEN 'ALTER ROLE %I LOGIN PASSWORD %L' ELSE 'CREATE ROLE %I LOGIN PASSWORD %L' END, $1::text, $2::text) AS statement`,
      [readerRole, password],
    );
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock(7233801, 3)");
    await client.query(rows[0]!.statement);
    await client.query(`ALTER ROLE ${readerRole} SET default_transaction_read_only = on`);
    await client.query(`ALTER ROLE ${readerRole} SET statement_timeout = '60s'`);
    await client.query(`GRANT SELECT ON ${readable.join(", ")} TO ${readerRole}`);
    await client.query("COMMIT");
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
