import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Span } from "../../llm/call.js";
import { packageRoot } from "../../stack/package-root.js";
import { freePorts } from "./free-ports.js";
import { otlpProtobuf } from "./llm-otlp.js";
import type { StackPostgres } from "./stack-postgres.js";
import { waitFor } from "./wait-for.js";

/** A ledger of its own process, as the stack runs it. */
export interface TestLedger {
  url: string;
  /** Its log lines so far. */
  log(): string;
  pid(): number;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Waits until it takes calls. */
  ready(): Promise<void>;
  /** Ends it cleanly; says its exit code. */
  stop(): Promise<number | null>;
  remove(): Promise<void>;
}

/** Hands spans to a ledger as the collector does. */
export function sendTo({ url }: Pick<TestLedger, "url">, spans: readonly Span[]): Promise<Response> {
  return fetch(`${url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/x-protobuf", "content-encoding": "gzip" },
    body: gzipSync(otlpProtobuf(spans)),
  });
}

/** The compiled program: built by `./obs`. */
const program = join(packageRoot, "dist", "llm", "ledger", "main.js");

/** Starts a ledger on a database. It needn't be ready yet. */
export async function startLedger(
  connection: StackPostgres["connection"],
  money: object = { prices: [], discounts: [] },
  budgets: object = {},
): Promise<TestLedger> {
  const folder = mkdtempSync(join(tmpdir(), "obs-ledger-"));
  const [port] = await freePorts(1);
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const config = write(
    "ledger.json",
    JSON.stringify({
      listen: { host: "127.0.0.1", port },
      database: {
        host: connection.host,
        port: connection.port,
        name: connection.database,
        user: connection.user,
        passwordFile: write("password", connection.password),
      },
      userKeyFile: write("user-key", "key of a test"),
      readerPasswordFile: write("reader-password", "reads"),
      slowSeconds: 3,
      money,
      budgets,
    }),
  );
  let running: ChildProcess;
  let log = "";
  const url = `http://127.0.0.1:${port}`;
  const start = async () => {
    running = spawn(process.execPath, ["--max-old-space-size=160", program, config], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [running.stdout!, running.stderr!])
      stream.on("data", (text) => {
        log += text;
      });
    await waitFor("the ledger to listen", async () => (await fetch(`${url}/metrics`)).ok);
  };
  const end = async (signal: NodeJS.Signals) => {
    if (running.exitCode !== null || running.signalCode !== null) return running.exitCode;
    const gone = once(running, "exit");
    running.kill(signal);
    await gone;
    return running.exitCode;
  };
  await start();
  return {
    url,
    log: () => log,
    pid: () => running.pid!,
    start,
    async ready() {
      await waitFor("the ledger to be ready", async () => (await fetch(`${url}/ready`)).ok);
    },
    async kill() {
      await end("SIGKILL");
    },
    stop: () => end("SIGTERM"),
    async remove() {
      await end("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
