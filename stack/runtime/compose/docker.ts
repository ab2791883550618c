import { devNull } from "node:os";
import { ExecaError, execa } from "execa";
import type { Project } from "../../project.js";
import { type Problem, ProblemError } from "../../validate/problem.js";
import { dockerProblem, recognise } from "./docker-problem.js";
import { type ComposeCommand, dockerState } from "./docker-state.js";

/** How one call of Docker is made. */
export interface CallOptions {
  signal?: AbortSignal;
  /** Called with each line of its error output, where Compose tells its progress. */
  onProgress?: (line: string) => void;
  /** Called with each line of its output, which is then not kept. */
  onLine?: (line: string) => void;
  /** Goes on when this process ends or its terminal sends Ctrl-C: for work that must not be left half done. */
  unbreakable?: boolean;
}

/** A call of Docker that failed for another reason than the engine being away. */
export class DockerCallError extends Error {
  override name = "DockerCallError";
  constructor(
    readonly call: string,
    /** What it printed, without progress lines. */
    readonly output: string[],
  ) {
    super(`${call} failed: ${output.at(-1) ?? "it said nothing"}`);
  }
}

/** Docker, for one project. All calls throw a ProblemError when the engine is away, else a DockerCallError. */
export interface Docker {
  /** Runs `docker ARGS` and returns what it printed. */
  docker(args: string[], options?: CallOptions): Promise<string>;
  /** Runs `docker compose ARGS` for a Compose project; `file` false goes by the labels of its containers alone. */
  compose(project: { name: string; file: boolean }, args: string[], options?: CallOptions): Promise<string>;
}

/** The Docker of this machine. Throws a ProblemError (exit code 2) that says what is missing. */
export async function requireDocker(project: Project): Promise<Docker> {
  const state = await dockerState();
  if (!state.ok) throw new ProblemError([state.problem], 2);
  return dockerFor(project, state.compose);
}

/** Docker as {@link dockerState} found it. */
export function dockerFor(project: Project, command: ComposeCommand): Docker {
  return {
    docker: (args, options) => call(`docker ${args[0]}`, "docker", args, project.root, options),
    compose: ({ name, file }, args, options) =>
      call(
        `docker compose ${args[0]}`,
        command.file,
        [
          ...command.args,
          "--ansi",
          "never",
          // `.env` holds the stack's secrets, in a syntax that Compose reads differently (or not at all).
          "--env-file",
          devNull,
          "--project-name",
          name,
          ...(file ? ["--project-directory", project.root, "--file", project.composeFile] : []),
          ...args,
        ],
        // Without a file Compose would look for one in the folder it runs in, and in those above.
        file ? project.root : "/",
        options,
      ),
  };
}

async function call(
  name: string,
  file: string,
  args: string[],
  cwd: string,
  options: CallOptions = {},
): Promise<string> {
  const { signal, onProgress, onLine, unbreakable = false } = options;
  const child = execa(file, args, {
    cwd,
    // The user's own choice of progress would not be understood.
    env: { COMPOSE_PROGRESS: "plain" },
    stdin: "ignore",
    detached: unbreakable,
    cleanup: !unbreakable,
    ...(signal ? { cancelSignal: signal } : {}),
    // Interrupted, Compose ends what it has begun with the engine; only then is it killed.
    forceKillAfterDelay: 10_000,
    ...(onLine ? { stdout: handOver(onLine) } : {}),
    ...(onProgress ? { stderr: watch(onProgress) } : {}),
  });
  try {
    const { stdout } = await child;
    return typeof stdout === "string" ? stdout : "";
  } catch (error) {
    if (!(error instanceof ExecaError) || error.isCanceled) throw error;
    throw explain(name, error);
  }
}

function watch(onLine: (line: string) => void) {
  return function* (line: unknown) {
    onLine(String(line));
    yield line;
  };
}

/** Like {@link watch}, but nothing is kept: logs may go on for ever. */
function handOver(onLine: (line: string) => void) {
  // biome-ignore lint/correctness/useYield: a transform that gives nothing on.
  return function* (line: unknown) {
    onLine(String(line));
  };
}

function explain(name: string, error: ExecaError): Error {
  const text = typeof error.stderr === "string" ? error.stderr : "";
  const output = text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "" && !isProgress(line));
  const reason = error.code === "ENOENT" ? "docker-absent" : recognise(text);
  if (reason) return new ProblemError([dockerProblem(reason, output)], 2);
  return new DockerCallError(name, output);
}

/** ` Network shop_stack  Created`, ` loki Pulling`: of interest while it happens, not in a message about what failed. */
function isProgress(line: string): boolean {
  return /^ ((Container|Network|Volume|Image)|\S+ +(Pulling|Pulled|Interrupted|Skipped)\b)/.test(line);
}

/** Makes a Problem of whatever a call of Docker threw; anything else is thrown on. */
export function problemsOf(error: unknown, what: string): Problem[] {
  if (error instanceof ProblemError) return error.problems;
  if (error instanceof DockerCallError)
    return [{ id: "docker-refused", severity: "error", what, why: "Docker said:", output: error.output }];
  throw error;
}
