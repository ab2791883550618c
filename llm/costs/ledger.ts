import type { Client } from "pg";
import type { Stack } from "../../stack/define.js";
import type { Project } from "../../stack/project.js";
import { localAddress } from "../../stack/render/address.js";
import { readSecrets } from "../../stack/runtime/secrets.js";
import { ledgerSecrets } from "../../stack/services/names.js";
import { type Problem, ProblemError } from "../../stack/validate/problem.js";
import { readerRole } from "../ledger/config.js";
import { hashUser } from "../ledger/store.js";

/** How to reach the ledger. */
export interface LedgerAccess {
  /** Address of its database, with user and password: never shown. */
  url: string;
  /** What stands in the table for the id of a user: keyed, so that nobody can try ids out. */
  hashUser(id: string): string;
}

/** The part of a definition that says where the ledger is. */
export type LedgerSettings = Pick<Stack, "bind" | "ports"> & { llm: Pick<Stack["llm"], "ledger"> };

/** What is done with the ledger: reports need no more than to read. */
export type LedgerRole = "reader" | "writer";

/** Where the address is read from when the definition names no ledger. */
const databaseUrl = "DATABASE_URL";

/**
 * Where the ledger of a project is: the one place that knows. The PostgreSQL of the stack, or that of
 * `llm.ledger.databaseUrl`; else that of `DATABASE_URL`, so that reports run where no ledger does. Secrets come from the
 * environment or `.env`. Throws a ProblemError (exit code 2) where there is none.
 */
export async function ledgerAccess(
  project: Project,
  stack: LedgerSettings,
  role: LedgerRole,
): Promise<LedgerAccess> {
  const { ledger } = stack.llm;
  const own = ledger.enabled && ledger.databaseUrl === undefined;
  const urlSecret = ledger.databaseUrl?.secret ?? databaseUrl;
  const password = role === "reader" ? ledgerSecrets.reader : ledgerSecrets.database;
  const { values } = await readSecrets(project, [urlSecret, password, ledgerSecrets.userKey]);
  const url = own ? ownUrl(stack, role, values.get(password)) : values.get(urlSecret);
  if (url === undefined) throw cannot(own ? notStarted : noLedger(urlSecret));
  return {
    url,
    hashUser(id) {
      const key = values.get(ledgerSecrets.userKey);
      if (key === undefined) {
        throw cannot({
          id: "no-user-key",
          what: "Users can't be looked up by their id.",
          why: `The ledger holds keyed hashes of them, and the key ${ledgerSecrets.userKey} is neither in the environment nor in .env.`,
          next: `Set ${ledgerSecrets.userKey} to the key that the ledger runs with.`,
        });
      }
      return hashUser(key, id);
    },
  };
}

function ownUrl(stack: LedgerSettings, role: LedgerRole, password: string | undefined): string | undefined {
  if (password === undefined) return undefined;
  const user = role === "reader" ? readerRole : "obs";
  return `postgres://${user}:${encodeURIComponent(password)}@${localAddress(stack, "postgres")}/postgres`;
}

const notStarted = {
  id: "no-ledger",
  what: "The ledger of calls has never run here.",
  why: "Its database has no password yet: the first start makes one.",
  next: "Start the stack: `obs up`.",
};

function noLedger(name: string): Pick<Problem, "id" | "what" | "why" | "next"> {
  return {
    id: "no-ledger",
    what: "There is no ledger of calls to ask.",
    why: `The definition has none (llm.ledger.enabled), and ${name} is neither in the environment nor in .env.`,
    next: `Turn it on, or set ${name} to the address of its PostgreSQL: postgres://user:password@host:5432/database.`,
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
      what: "The address of the ledger's database is none of a PostgreSQL.",
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
      next: "Start the ledger once: it makes its tables. Look whether the address names the right database.",
    };
  }
  if (code.startsWith("28") || code === "42501") {
    return {
      id: "ledger-refuses",
      what: "The ledger's database refuses.",
      why: `It says: ${message}.`,
      next: "Look at user and password of its address.",
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
    next: "Look whether it runs (`obs status`), and whether the address has its host and port.",
  };
}

function cannot(problem: Pick<Problem, "id" | "what" | "why" | "next">): ProblemError {
  return new ProblemError([{ severity: "error", ...problem }], 2);
}
