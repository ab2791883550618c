import { execa } from "execa";
import { findExecutables } from "../../toolchain/executables.js";
import { findInCache } from "../../toolchain/find.js";
import { programs } from "../../toolchain/programs.js";
import { askVersion } from "../../toolchain/version.js";
import type { Problem } from "../../validate/problem.js";
import { type DockerFailure, dockerProblem, recognise } from "./docker-problem.js";

/** How Compose is called on this machine: as a plugin of the client, or as a program of its own. */
export interface ComposeCommand {
  file: string;
  /** Arguments before Compose's own. */
  args: string[];
  version: string;
}

/** A Docker that can run the stack. */
export interface DockerReady {
  ok: true;
  /** Version of the engine. */
  engine: string;
  compose: ComposeCommand;
}

/** What there is of Docker on this machine, or what is missing and how to get it. */
export type DockerState = DockerReady | { ok: false; reason: DockerFailure; problem: Problem };

/** An engine answers within milliseconds; one that takes this long (in ms) hangs. */
const usualPatience = 3000;

/**
 * Finds out whether a Docker engine answers and Compose v2 is at hand. Takes some 50 ms, `patience` when the engine
 * hangs. `env` says where to look (PATH, DOCKER_HOST, the toolchain's cache).
 */
export async function dockerState(
  env: NodeJS.ProcessEnv = process.env,
  patience = usualPatience,
): Promise<DockerState> {
  const ask: Ask = (args) => askDocker(args, env, patience);
  const [engine, plugin] = await Promise.all([askEngine(ask), askPlugin(ask)]);
  if (typeof engine !== "string") return failed(engine.reason, engine.output);
  const compose = plugin ?? (await standaloneCompose(env));
  if (!compose) return failed("compose-absent");
  if (major(compose.version) < 2) return failed("compose-v1", [compose.version]);
  return { ok: true, engine, compose };
}

function failed(reason: DockerFailure, output: string[] = []): DockerState {
  return { ok: false, reason, problem: dockerProblem(reason, output) };
}

/** The engine's version, or why there is none. */
async function askEngine(ask: Ask): Promise<string | { reason: DockerFailure; output: string[] }> {
  const result = await ask(["version", "--format", "{{json .}}"]);
  if (result.code === "ENOENT" || result.code === "EACCES") return { reason: "docker-absent", output: [] };
  if (result.timedOut) return { reason: "docker-hangs", output: [] };
  const version = engineVersion(result.stdout);
  if (version !== undefined) return version;
  const output = result.stderr.split("\n").filter((line) => line.trim() !== "");
  return { reason: recognise(result.stderr) ?? "docker-fails", output };
}

function engineVersion(json: string): string | undefined {
  try {
    const answer = JSON.parse(json) as { Server?: { Version?: string } | null };
    return answer.Server?.Version;
  } catch {
    return undefined;
  }
}

async function askPlugin(ask: Ask): Promise<ComposeCommand | undefined> {
  const { stdout, failed } = await ask(["compose", "version", "--short"]);
  const version = versionIn(stdout);
  return failed || version === undefined ? undefined : { file: "docker", args: ["compose"], version };
}

/** The toolchain's Compose, else whatever is on PATH: the newest, so that a v1 is named only where it is all there is. */
async function standaloneCompose(env: NodeJS.ProcessEnv): Promise<ComposeCommand | undefined> {
  const built = findInCache("docker-compose", env);
  if (built) return { file: built.path, args: [], version: built.version };
  const paths = findExecutables(["docker-compose"], env);
  const found = await Promise.all(
    paths.map(async (file): Promise<ComposeCommand[]> => {
      const version = await askVersion(file, programs["docker-compose"], env);
      return version === undefined ? [] : [{ file, args: [], version }];
    }),
  );
  return found.flat().sort((a, b) => major(b.version) - major(a.version))[0];
}

type Ask = (args: string[]) => ReturnType<typeof askDocker>;

async function askDocker(args: string[], env: NodeJS.ProcessEnv, patience: number) {
  return execa("docker", args, {
    env,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: patience,
    // What hangs on a dead socket may not listen to a polite signal either.
    killSignal: "SIGKILL",
  });
}

/** `2.40.3` in `v2.40.3` or `2.40.3-desktop.1`; undefined in what isn't a version. */
export function versionIn(text: string): string | undefined {
  return /\bv?(\d+\.\d+(?:\.\d+)?)/.exec(text)?.[1];
}

function major(version: string): number {
  return Number.parseInt(version, 10);
}
