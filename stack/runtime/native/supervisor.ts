/**
 * The supervisor of one project's programs: `node supervisor.js <state folder>`. Started by `obs up`, outlives it.
 * It is kept small on purpose (it counts as part of the stack's idle memory): nothing but Node's own modules below it.
 *
 * It may be killed at any time: the programs don't notice, and the next one takes them over from the state file.
 * SIGTERM and SIGINT mean: stop everything. The folder's disappearance means the same.
 */
import { chmodSync, existsSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { ServiceName } from "../../services/service.js";
import { releaseLock, takeLock } from "../lock.js";
import { identify, isRunning, markedProcesses, signal } from "../process.js";
import { layoutOf, logFileOf } from "./layout.js";
import { Program, type ProgramListener } from "./program.js";
import type { ProgramEvent } from "./protocol.js";
import { rotateLog } from "./rotate.js";
import { shortSocketPath, socketPath } from "./socket-path.js";
import { type NativeState, type ProgramSpec, readState, supervisorMark, writeState } from "./state.js";

/** How often (milliseconds) logs are measured and the state folder is looked after. */
const housekeepingEvery = 10_000;

/** After so many rounds without any program the supervisor ends: whoever started it was interrupted before he used it. */
const idleRoundsAtMost = 6;

const [stateDir, version] = process.argv.slice(2);
if (stateDir === undefined || version === undefined) {
  process.stderr.write("usage: supervisor.js STATE_FOLDER VERSION (started by `obs up`)\n");
  process.exit(2);
}
const layout = layoutOf({ stateDir });
const programs = new Map<ServiceName, Program>();
const listeners = new Set<ServerResponse>();
/** Per program, the request that came last: one is carried out after the other. */
const turns = new Map<ServiceName, Promise<unknown>>();
let generation = 0;
let socket = "";
let server: Server;
let ending = false;
/** How many times in a row housekeeping found nothing to supervise. */
let idleRounds = 0;

await main();

async function main(): Promise<void> {
  // One supervisor a project; whoever comes second leaves.
  const holder = takeLock(layout.supervisorLock, "supervisor");
  if (holder) fail(`another supervisor is at work: process ${holder.pid}`);
  process.on("SIGHUP", () => {});
  // A full disk must not end supervision.
  process.stdout.on("error", () => {});
  for (const name of ["SIGTERM", "SIGINT"] as const)
    process.on(name, () => {
      note(`${name}: stopping everything`);
      void shutdown();
    });
  process.on("uncaughtException", (error) => {
    // Better gone than in an unknown state: the programs go on, the next supervisor takes over.
    note(`giving up: ${error.stack ?? error.message}`);
    process.exit(70);
  });

  const before = readState(layout.stateFile);
  killStrays(before);
  server = await listen();
  for (const state of Object.values(before?.programs ?? {})) {
    generation = Math.max(generation, state.generation);
    programs.set(state.spec.name, Program.adopt(state, stateDir!, listenerFor(state.spec.name)));
  }
  save();
  note(`supervising ${stateDir}`);
  setInterval(housekeeping, housekeepingEvery);
  process.send?.("ready");
  if (process.connected) process.disconnect();
}

/**
 * What carries this stack's mark but is in no state: left over by a supervisor that died between starting and noting, or
 * by a state folder that was removed under a running stack.
 */
function killStrays(state: NativeState | undefined): void {
  const known = Object.values(state?.programs ?? {}).filter(({ process }) => process && isRunning(process));
  const services = new Set<string>(known.map(({ spec }) => spec.name));
  const strays = markedProcesses(stateDir!).filter(
    ({ pid, service }) => pid !== process.pid && !services.has(service),
  );
  // A supervisor first: it would start again what is killed after it.
  strays.sort((a, b) => Number(b.service === supervisorMark) - Number(a.service === supervisorMark));
  for (const { pid, service } of strays) {
    note(`${service}: process ${pid} is in no state, killed`);
    signal(pid, "SIGKILL");
  }
}

/** Listens beside the state where that works, else in the user's folder for sockets (some file systems have none). */
async function listen(): Promise<Server> {
  for (const path of [() => socketPath(layout.runDir), () => shortSocketPath(layout.runDir)]) {
    socket = path();
    // We hold the supervisor's lock, so a socket that lies here is a dead one.
    rmSync(socket, { force: true });
    const candidate = createServer(handle);
    // A program may take a minute to stop, and events come when they come.
    candidate.requestTimeout = 0;
    candidate.keepAliveTimeout = 0;
    const error = await new Promise<Error | undefined>((resolve) => {
      candidate.once("error", resolve);
      candidate.listen(socket, () => resolve(undefined));
    });
    if (!error) {
      chmodSync(socket, 0o600);
      return candidate;
    }
    note(`can't listen at ${socket}: ${error.message}`);
  }
  fail("no place for a socket");
}

function listenerFor(name: ServiceName): ProgramListener {
  return {
    note,
    changed: () => {
      save();
      const state = programs.get(name)?.state;
      tell({ service: name, ...(state ? { state } : {}) });
    },
  };
}

function currentState(): NativeState {
  return {
    format: 1,
    supervisor: { ...identify(process.pid)!, socket, version: version! },
    programs: Object.fromEntries([...programs].map(([name, program]) => [name, program.state])),
  };
}

function save(): void {
  // Once the folder is gone, the stack is to end; writing would bring the folder back.
  if (!existsSync(layout.runDir)) return;
  try {
    writeState(layout.stateFile, currentState());
  } catch (error) {
    note(`can't write ${layout.stateFile}: ${(error as Error).message}`);
  }
}

function tell(event: ProgramEvent): void {
  for (const listener of listeners) listener.write(`${JSON.stringify(event)}\n`);
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await route(request, response);
  } catch (error) {
    note(`${request.method} ${request.url}: ${(error as Error).message}`);
    answer(response, 500, { error: (error as Error).message });
  }
}

async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, first, second, third] = (request.url ?? "").split("/");
  const name = second as ServiceName;
  switch (
    `${request.method} ${first}${second && first === "programs" ? `/*${third ? `/${third}` : ""}` : ""}`
  ) {
    case "GET state":
      return answer(response, 200, currentState());
    case "GET events":
      response.writeHead(200, { "content-type": "application/x-ndjson" }).flushHeaders();
      listeners.add(response);
      response.on("error", () => {});
      response.on("close", () => listeners.delete(response));
      return;
    case "PUT programs/*": {
      const spec = await body<ProgramSpec>(request);
      const program = await inTurn(name, () => replace(name, spec));
      return answer(response, 200, program.state);
    }
    case "PATCH programs/*": {
      const program = programs.get(name);
      if (!program) return answer(response, 404);
      program.amend(await body<ProgramSpec>(request));
      return answer(response, 200, program.state);
    }
    case "POST programs/*/hangup":
      return answer(response, programs.get(name)?.signal("SIGHUP") ? 204 : 409);
    case "DELETE programs/*":
      await inTurn(name, () => remove(name));
      return answer(response, 204);
    case "POST shutdown":
      await stopAll();
      answer(response, 204);
      return leave();
    case "POST detach":
      for (const program of programs.values()) program.abandon();
      answer(response, 204);
      note("leaving; the programs go on");
      return exit();
    default:
      return answer(response, 404);
  }
}

function inTurn<T>(name: ServiceName, work: () => Promise<T>): Promise<T> {
  const done = (turns.get(name) ?? Promise.resolve()).then(work);
  turns.set(
    name,
    done.catch(() => {}),
  );
  return done;
}

async function replace(name: ServiceName, spec: ProgramSpec): Promise<Program> {
  if (ending) throw new Error("the stack is being stopped");
  const former = programs.get(name);
  generation += 1;
  const program = Program.fresh(spec, generation, stateDir!, listenerFor(name));
  if (former) {
    await former.stop();
    // The whole stack may have been told to stop meanwhile.
    if (ending) throw new Error("the stack is being stopped");
  }
  programs.set(name, program);
  await program.start();
  return program;
}

async function remove(name: ServiceName): Promise<void> {
  const program = programs.get(name);
  if (!program) return;
  await program.stop();
  programs.delete(name);
  save();
  tell({ service: name });
}

async function stopAll(): Promise<void> {
  ending = true;
  await Promise.all([...programs.keys()].map((name) => inTurn(name, () => remove(name))));
}

async function shutdown(): Promise<void> {
  await stopAll();
  leave();
}

/** Ends the supervisor when nothing is left to supervise: then there is no state either. */
function leave(): void {
  rmSync(layout.stateFile, { force: true });
  note("all stopped, leaving");
  exit();
}

function exit(): void {
  for (const listener of listeners) listener.end();
  rmSync(socket, { force: true });
  if (existsSync(layout.runDir)) releaseLock(layout.supervisorLock);
  // The answer to the request that ended us is still on its way.
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), 1_000).unref();
}

function housekeeping(): void {
  if (ending) return;
  if (!existsSync(layout.stateFile)) {
    note("the state folder is gone: stopping everything");
    void shutdown();
    return;
  }
  if (readState(layout.stateFile)?.supervisor.pid !== process.pid) {
    note("another supervisor has taken over, leaving");
    process.exit(0);
  }
  idleRounds = programs.size === 0 && listeners.size === 0 ? idleRounds + 1 : 0;
  if (idleRounds >= idleRoundsAtMost) {
    leave();
    return;
  }
  for (const file of [...[...programs.keys()].map((name) => logFileOf(layout, name)), layout.supervisorLog]) {
    try {
      rotateLog(file);
    } catch (error) {
      note(`can't rotate ${file}: ${(error as Error).message}`);
    }
  }
}

async function body<T>(request: IncomingMessage): Promise<T> {
  let text = "";
  request.setEncoding("utf8");
  for await (const chunk of request) text += chunk;
  return JSON.parse(text) as T;
}

function answer(response: ServerResponse, status: number, value?: unknown): void {
  if (response.headersSent) return;
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end(value === undefined ? undefined : JSON.stringify(value));
}

function note(text: string): void {
  process.stdout.write(`${new Date().toISOString()} ${text}\n`);
}

function fail(text: string): never {
  note(text);
  process.exit(1);
}
