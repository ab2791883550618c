import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { postgresScript } from "../../stack/services/postgres-script.js";
import { findPostgres } from "../../stack/toolchain/postgres.js";
import { freePorts } from "./free-ports.js";
import type { SmallDisk } from "./small-disk.js";
import { waitFor } from "./wait-for.js";

/** A real PostgreSQL, started by the script that the stack starts its own with. */
export interface StackPostgres {
  connection: { host: string; port: number; database: string; user: string; password: string };
  /** What the stack has for its data. */
  folder: string;
  /** Ends it as a power failure would, and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it again, unless it runs, on the same data, with the password that `connection` has by then. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

/** Starts a PostgreSQL of a test's own, empty, on loopback; on a disk of its own where a test wants to fill that. */
export async function startStackPostgres({
  disk,
  options = [],
}: {
  disk?: SmallDisk;
  options?: string[];
} = {}): Promise<StackPostgres> {
  const folder = mkdtempSync(join(tmpdir(), "obs-postgres-"));
  const [port] = await freePorts(1);
  const connection = {
    host: "127.0.0.1",
    port: port!,
    database: "postgres",
    user: "obs",
    password: "secret",
  };
  writeFileSync(join(folder, "run.sh"), postgresScript);
  const program = await findPostgres();
  if (program === undefined) throw new Error("no PostgreSQL for this test");
  let running: ChildProcess | undefined;
  const launch = () => {
    const [command, ...args] = [
      ...(disk?.enter ?? []),
      ...["/bin/sh", join(folder, "run.sh"), program, disk?.folder ?? folder, join(folder, "password")],
    ];
    running = spawn(
      command!,
      [
        ...args,
        "-p",
        String(port),
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "unix_socket_directories=",
        ...options,
      ],
      // A process group of its own, so that all of it can be killed at once.
      { detached: true, stdio: "ignore" },
    );
  };
  const start = async () => {
    writeFileSync(join(folder, "password"), connection.password);
    await waitFor("PostgreSQL to answer", () => {
      // Its processes outlive a killed server by a moment, and no other starts meanwhile: as the supervisor, try again.
      if (!running || running.exitCode !== null || running.signalCode !== null) launch();
      return query(connection, "SELECT 1");
    });
  };
  const kill = async () => {
    if (running?.pid === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, "exit");
    process.kill(-running.pid, "SIGKILL");
    await gone;
  };
  await start();
  return {
    connection,
    folder,
    start,
    kill,
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

/** Rows of a query on a connection of its own. */
export async function query<T extends pg.QueryResultRow>(
  connection: StackPostgres["connection"],
  text: string,
  values: unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client(connection);
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query<T>(text, values)).rows;
  } finally {
    await client.end();
  }
}
