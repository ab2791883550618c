import type { Client } from "pg";
import type { Project } from "../../stack/project.js";
import { readSecrets } from "../../stack/runtime/secrets.js";
import { type Problem, ProblemError } from "../../stack/validate/problem.js";
import { hashUser } from "../ledger/store.js";

/** How to reach the ledger. */
export interface LedgerAccess {
  /** Address of its database, with user and password: never shown. */
  url: string;
  /** What stands in the table for the id of a user: keyed, so that nobody can try ids out. */
  hashUser(id: string): string;
}

/** What is done with the ledger: reports need no more than to read. */
export type LedgerRole = "reader" | "writer";

const databaseUrl = "DATABASE_URL";
const userKey = "LLM_USER_KEY";

/**
 * Where the ledger of a project is: the one place that knows. From the environment or `.env`: `DATABASE_URL`, and
 * `LLM_USER_KEY` for ids of users. Throws a ProblemError (exit code 2) where there is none.
 */
export async function ledgerAccess(project: Project): Promise<LedgerAccess> {
  const { values } = await readSecrets(project, [databaseUrl, userKey]);
  const url = values.get(databaseUrl);
  if (url === undefined) {
    throw cannot({
      id: "no-ledger",
      what: "There is no ledger of calls to ask.",
      why: `${databaseUrl} is neither in the environment nor in .env.`,
      next: `Set ${databaseUrl} to the address of its PostgreSQL: postgres://user:password@host:5432/database.`,
    });
  }
  return {
    url,
    hashUser(id) {
      const key = values.get(userKey);
      if (key === undefined) {
        throw cannot({
          id: "no-user-key",
          what: "Users can't be looked up by their id.",
          why: `The ledger holds keyed hashes of them, and the key ${userKey} is neither in the environment nor in .env.`,
          next: `Set ${userKey} to the key that the ledger runs with.`,
        });
      }
      return hashUser(key, id);
    },
  };
}

/**
 * Connects to the ledger's database for `use`. A reader can't change anything, and gives up after a minute. Throws a
 * ProblemError (exit code 2) where it doesn't answer, refuses, or has no ledger.
 */
export async function withLedger<T>(
  url: string,
  { role, signal }: { role: LedgerRole; signal: AbortSignal },
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const { default: pg } = await import("pg");
  const client = connection(
    url,
    () =>
      new pg.Client({
        connectionString: url,
        application_name: "obs costs",
        connectionTimeoutMillis: 10_000,
        ...(role === "reader" && {
          statement_timeout: 60_000,
          options: "-c default_transaction_read_only=on",
        }),
      }),
  );
  // A connection that is lost while nobody waits for an answer: the next query says so.
  client.on("error", () => {});
  const cut = () => void client.end().catch(() => {});
  signal.addEventListener("abort", cut, { once: true });
  try {
    await client.connect();
    return await use(client);
  } catch (error) {
    // Ctrl-C cuts the connection: what that looks like is no finding.
    throw error instanceof ProblemError || signal.aborted ? error : cannot(problemOf(error));
  } finally {
    signal.removeEventListener("abort", cut);
    await client.end().catch(() => {});
  }
}

function connection(url: string, make: () => Client): Client {
  try {
    // What has no scheme would be taken for the name of a database on this machine.
    if (!/^postgres(ql)?:\/\//.test(url)) throw new TypeError("not an address");
    return make();
  } catch {
    throw cannot({
      id: "ledger-address",
      what: `${databaseUrl} is not the address of a PostgreSQL.`,
      next: "Write it like postgres://user:password@host:5432/database.",
    });
  }
}

/** Error codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
function problemOf(error: unknown): Pick<Problem, "id" | "what" | "why" | "next"> {
  const { code = "", message } = error as { code?: string; message: string };
  if (code === "42P01" || code === "42703") {
    return {
      id: "no-ledger-tables",
      what: "The database has no ledger of calls, or one of another version.",
      why: `It says: ${message}.`,
      next: "Start the ledger once: it makes its tables. Look whether DATABASE_URL names the right database.",
    };
  }
  if (code.startsWith("28") || code === "42501") {
    return {
      id: "ledger-refuses",
      what: "The ledger's database refuses.",
      why: `It says: ${message}.`,
      next: "Look at user and password in DATABASE_URL.",
    };
  }
  if (code === "57014") {
    return {
      id: "ledger-slow",
      what: "The ledger's database took more than a minute to answer.",
      next: "Ask for a shorter period, or without --time-zone and --user: reports by day in UTC read roll-ups.",
    };
  }
  return {
    id: "ledger-unreachable",
    what: "The ledger's database doesn't answer.",
    // An AggregateError, of several addresses, has no message.
    why: `It says: ${message || code || "nothing"}.`,
    next: "Look whether it runs (`obs status`), and whether DATABASE_URL names its host and port.",
  };
}

function cannot(problem: Pick<Problem, "id" | "what" | "why" | "next">): ProblemError {
  return new ProblemError([{ severity: "error", ...problem }], 2);
}
