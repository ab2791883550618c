import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { packageRoot, packageVersion } from "../../package-root.js";
import { ProblemError } from "../../validate/problem.js";
import { isRunning, markers, type ProcessId, signal } from "../process.js";
import { findSupervision, SupervisorClient } from "./client.js";
import { baseEnvironment } from "./environment.js";
import type { Layout } from "./layout.js";
import { protocolVersion } from "./protocol.js";
import { readState, supervisorMark } from "./state.js";
import { lastLines } from "./tail.js";

/** Supervisors of another version are replaced by one of ours; the programs run on meanwhile. */
const supervisorVersion = `${packageVersion}/${protocolVersion}`;

/** The compiled supervisor: also tests that run from the sources start this one. */
const supervisorFile = join(packageRoot, "dist", "stack", "runtime", "native", "supervisor.js");

/**
 * The supervisor of a stack: the one that is there, else a new one that takes over what runs.
 * Throws a ProblemError (`supervisor-failed`) when it can't be started.
 */
export async function ensureSupervisor(layout: Layout): Promise<SupervisorClient> {
  const found = await findSupervision(layout);
  if (found.kind === "there") {
    if (found.state.supervisor.version === supervisorVersion) return found.client;
    await found.client.detach();
    await untilGone(found.state.supervisor);
  } else if (found.kind === "unreachable") {
    // It is built to be killed: everything it knows is in the state file, and the programs don't depend on it.
    signal(found.state.supervisor.pid, "SIGKILL");
    await untilGone(found.state.supervisor);
  }
  await launch(layout);
  const state = readState(layout.stateFile);
  if (!state) throw failed(layout, "It left no state file.");
  return new SupervisorClient(state.supervisor.socket);
}

async function launch(layout: Layout): Promise<void> {
  if (!existsSync(supervisorFile))
    throw failed(layout, `${supervisorFile} is missing: the package isn't built.`);
  for (const folder of [layout.logDir, layout.runDir]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const log = openSync(layout.supervisorLog, "a", 0o600);
  try {
    const child = spawn(
      process.execPath,
      // It needs a few MB; the bound makes the engine collect early instead of growing.
      ["--max-old-space-size=64", supervisorFile, layout.stateDir, supervisorVersion],
      {
        cwd: "/",
        env: {
          ...baseEnvironment(),
          [markers.stack]: layout.stateDir,
          [markers.service]: supervisorMark,
        },
        detached: true,
        // The channel is there for one message: "ready".
        stdio: ["ignore", log, log, "ipc"],
      },
    );
    const ready = once(child, "message").then(() => "ready");
    const ended = once(child, "exit").then(() => "ended");
    const outcome = await Promise.race([ready, ended]).catch((error: Error) => error.message);
    ready.catch(() => {});
    ended.catch(() => {});
    if (outcome !== "ready") throw failed(layout, outcome === "ended" ? undefined : outcome);
    child.removeAllListeners();
    if (child.connected) child.disconnect();
    child.unref();
  } finally {
    closeSync(log);
  }
}

async function untilGone(id: ProcessId): Promise<void> {
  const end = performance.now() + 10_000;
  while (isRunning(id) && performance.now() < end) await delay(20);
}

function failed(layout: Layout, why?: string): ProblemError {
  const output = lastLines(layout.supervisorLog, 5);
  return new ProblemError(
    [
      {
        id: "supervisor-failed",
        severity: "error",
        what: "The supervisor of the stack's programs could not be started.",
        ...(why === undefined ? {} : { why }),
        next: `Look at ${layout.supervisorLog}, then run \`obs up\` again.`,
        ...(output.length > 0 ? { output } : {}),
      },
    ],
    2,
  );
}
