import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findPostgres } from "../../stack/toolchain/postgres.js";
import { freePorts } from "./free-ports.js";
import { waitFor } from "./wait-for.js";

/** A real PostgreSQL of a test's own, empty, on loopback. */
export interface TestPostgres {
  /** Of its superuser; everybody on loopback is trusted. */
  url: string;
  /** Id of the postmaster, for tests that kill it. */
  pid: number;
  /** The address of a database of this name, which is made. */
  database(name: string): Promise<string>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that a stack without Docker would run. It refuses to run as root, so root starts it as another user.
 */
export async function startPostgres(settings: Record<string, string> = {}): Promise<TestPostgres> {
  const program = await findPostgres();
  if (program === undefined) throw new Error("There is no PostgreSQL for this test.");
  const folder = await mkdtemp(join(tmpdir(), "obs-postgres-"));
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  for (const path of [folder, data]) if ("uid" in user) chownSync(path, user.uid!, user.gid!);
  execFileSync(
    join(dirname(program), "initdb"),
    ["--pgdata", data, "--username=obs", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"],
    { ...user, cwd: folder, stdio: "pipe" },
  );
  const [port] = await freePorts(1);
  const all = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: folder,
    ...settings,
  };
  const server = spawn(
    program,
    ["-D", data, ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    { ...user, cwd: folder, stdio: "ignore" },
  );
  const address = (name: string) => `postgres://obs@127.0.0.1:${port}/${name}`;
  const stop = async () => {
    await stopped(server);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitFor("PostgreSQL answers", () => queryOnce(address("postgres"), "SELECT 1"));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: address("postgres"),
    pid: server.pid!,
    database: async (name) => {
      await queryOnce(address("postgres"), `CREATE DATABASE "${name}"`);
      return address(name);
    },
    stop,
  };
}

async function queryOnce(url: string, sql: string): Promise<true> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
    return true;
  } finally {
    await client.end();
  }
}

/** A fast shutdown: connections are cut. */
function stopped(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) return resolve();
    server.once("exit", () => resolve());
    server.kill("SIGINT");
  });
}
