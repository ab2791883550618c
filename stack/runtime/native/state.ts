import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { ServicePlan } from "../../render/artefact.js";
import type { ServiceName } from "../../services/service.js";
import type { ProcessId } from "../process.js";

/** What a program's process depends on, each part as a hash: a difference in any means a restart, and the part says why. */
export interface ProcessHash {
  program: string;
  arguments: string;
  environment: string;
  secrets: string;
}

/** One program as the supervisor has to start it, and what others must know of it without the definition. */
export interface ProgramSpec {
  name: ServiceName;
  path: string;
  args: string[];
  /** Complete environment. Never holds a secret. */
  env: Record<string, string>;
  cwd: string;
  /** Absolute path of its log file. */
  log: string;
  /** How long it may take to stop before it is killed, in seconds. */
  stopSeconds: number;
  readyUrl: string;
  page?: ServicePlan["page"];
  ports: ServicePlan["ports"];
  processHash: ProcessHash;
  /** Hash of the configuration files that the running process has taken up. */
  filesHash: string;
}

/** How a process ended. */
export interface Exit {
  /** Unix time in milliseconds. */
  at: number;
  code?: number;
  signal?: string;
  /** It could not be started at all: the system's error. */
  error?: string;
}

/** One program of a running stack. */
export interface ProgramState {
  spec: ProgramSpec;
  /** Counts the starts asked for by `up`: tells an older version's news from the present one's. */
  generation: number;
  /** `waiting`: ended by itself and will be started again at `nextStartAt`. */
  phase: "running" | "waiting" | "stopping";
  process?: ProcessId;
  /** Unix time of the last start, in milliseconds. */
  startedAt?: number;
  /** Size of the log at the last start: what is beyond was written by the present (or last) process. */
  logFrom: number;
  /** How often it was started again after it had ended by itself. */
  restarts: number;
  /** How often it ended by itself without having been up for long in between. */
  crashes: number;
  nextStartAt?: number;
  lastExit?: Exit;
}

/** The supervisor as its state file knows it. */
export interface SupervisorId extends ProcessId {
  /** Path of the Unix socket on which it answers. */
  socket: string;
  /** Supervisors of another version are replaced (the programs run on). */
  version: string;
}

/** What the supervisor's own environment names as its service: see `markers`. */
export const supervisorMark = "supervisor";

/** Everything that is remembered of a native stack: `.obs/run/state.json`. */
export interface NativeState {
  format: 1;
  supervisor: SupervisorId;
  programs: Partial<Record<ServiceName, ProgramState>>;
}

/** Reads the state; undefined when there is none, or when the file isn't one (then nothing is known, as after a fresh clone). */
export function readState(file: string): NativeState | undefined {
  try {
    return parseState(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Parses the text of a state file; undefined when it is damaged or of another format. */
export function parseState(text: string): NativeState | undefined {
  try {
    const value = JSON.parse(text) as Partial<NativeState> | null;
    const whole =
      value?.format === 1 &&
      typeof value.supervisor?.pid === "number" &&
      typeof value.programs === "object" &&
      Object.values(value.programs ?? {}).every((program) => typeof program?.spec?.path === "string");
    return whole ? (value as NativeState) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the state so that a reader sees the old or the new one, never half of it. */
export function writeState(file: string, state: NativeState): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    writeFileSync(temporary, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** How a process ended, in words that follow the service's name. */
export function describeExit(exit: Exit | undefined): string {
  if (exit?.error !== undefined) return `could not be started (${exit.error})`;
  if (exit?.signal !== undefined) return `was ended by ${exit.signal}`;
  if (exit?.code !== undefined) return `ended with exit code ${exit.code}`;
  return "ended while nobody watched, so its exit code is not known";
}
