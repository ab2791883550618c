import { Kysely, Migrator, PostgresDialect, sql } from "kysely";
import type { Pool } from "pg";
import { arrivalMigrations } from "./arrivals.js";
import { migrations } from "./schema.js";

/**
 * Brings the tables up to date. Two ledgers may do it at once: the library holds an advisory lock of the database, and
 * all steps are one transaction. Throws what the database says.
 */
export async function migrate(pool: Pool): Promise<void> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: shared(pool) }) });
  const migrator = new Migrator({
    db,
    migrationTableName: "llm_migrations",
    migrationLockTableName: "llm_migrations_lock",
    // A newer ledger may have been here: going back to an older one must not stop the intake.
    allowUnorderedMigrations: true,
    provider: {
      getMigrations: async () =>
        Object.fromEntries(
          [...migrations, ...arrivalMigrations].map(({ name, sql: text }) => [
            name,
            {
              async up(db: Kysely<unknown>) {
                // Of large tables it may take as long as it takes: given up and begun again, it would never end.
                await sql`SET LOCAL statement_timeout = 0`.execute(db);
                await sql.raw(text).execute(db);
              },
            },
          ]),
        ),
    },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/** The pool as the library wants it, without letting it be ended. */
function shared(pool: Pool): Pool {
  return new Proxy(pool, {
    get: (target, name) => {
      if (name === "end") return async () => {};
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
