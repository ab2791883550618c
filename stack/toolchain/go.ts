import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findExecutables } from "./executables.js";
import { hostPlatform, linkerFlags, modulesDir } from "./pin.js";
import type { Program } from "./programs.js";

/** The Go installation that builds. */
export interface Go {
  path: string;
  /** Version without the leading `go`, e.g. `1.26.8`. */
  version: string;
  /** Folders where it keeps compiled packages and downloaded modules. */
  buildCache: string;
  moduleCache: string;
}

/** What a run of `go build` is at: fetching modules, or compiling packages, with the number of them so far. */
export type GoProgress = { phase: "downloading" | "building"; count: number };

export interface GoBuildOptions {
  /** Where the binary is to be written. */
  output: string;
  /** Folder for Go's own temporary files; removed by the caller, also after a crash. */
  scratch: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  onProgress: (progress: GoProgress) => void;
}

/** How long, in milliseconds, an interrupted Go gets to stop by itself. */
const grace = 3_000;

/** The Go on PATH, or undefined when there is none or it doesn't work. */
export async function inspectGo(env: NodeJS.ProcessEnv): Promise<Go | undefined> {
  const [path] = findExecutables(["go"], env);
  if (path === undefined) return undefined;
  const { execa } = await import("execa");
  const { stdout } = await execa(path, ["env", "-json", "GOVERSION", "GOCACHE", "GOMODCACHE"], {
    env: goEnvironment(env),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: 10_000,
  });
  try {
    const answer = JSON.parse(stdout ?? "") as Record<string, string>;
    const version = /^go(\d+\.\d+(?:\.\d+)?)/.exec(answer.GOVERSION ?? "")?.[1];
    if (version === undefined) return undefined;
    return { path, version, buildCache: answer.GOCACHE ?? "", moduleCache: answer.GOMODCACHE ?? "" };
  } catch {
    return undefined;
  }
}

/** The lowest Go version that can build a program, from its go.mod, e.g. `1.26.5`. */
export async function requiredGoVersion(program: Program): Promise<string> {
  const text = await readFile(join(modulesDir, program.folder, "go.mod"), "utf8");
  return /^go (\S+)$/m.exec(text)?.[1] ?? "1.24.0";
}

/** Orders versions like 1.9 and 1.26.5: negative when `a` is older than `b`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  for (let part = 0; part < 3; part++) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * The user's environment with what a build must not inherit: another platform to compile for, a C compiler, a workspace
 * around the module, or a Go that Go would download. Proxy, caches and other settings stay the user's.
 */
export function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    CGO_ENABLED: "0",
    GOTOOLCHAIN: "local",
    GO111MODULE: "on",
    GOWORK: "off",
    GOOS: hostPlatform.os,
    GOARCH: hostPlatform.arch,
  };
}

/**
 * Builds one program. Resolves to Go's exit code and the lines it printed, progress left out. On abort Go and all its
 * children are stopped, and it rejects with the signal's reason.
 */
export async function goBuild(
  go: Go,
  program: Program,
  options: GoBuildOptions,
): Promise<{ exitCode: number; output: string[] }> {
  options.signal?.throwIfAborted();
  const { execa } = await import("execa");
  const subprocess = execa(go.path, buildArguments(program, options.output), {
    cwd: join(modulesDir, program.folder),
    env: { ...goEnvironment(options.env), GOTMPDIR: options.scratch },
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    stdout: "ignore",
    buffer: false,
    // A process group of its own, so that compilers and linkers can be stopped along with it.
    detached: process.platform !== "win32",
  });
  const ended = subprocess.then(() => {});
  const stop = () => void stopGroup(subprocess.pid, ended);
  options.signal?.addEventListener("abort", stop, { once: true });
  const output: string[] = [];
  let downloads = 0;
  let packages = 0;
  try {
    for await (const line of subprocess.iterable({ from: "stderr" })) {
      if (line.startsWith("go: downloading "))
        options.onProgress({ phase: "downloading", count: ++downloads });
      else if (isPackageName(line)) options.onProgress({ phase: "building", count: ++packages });
      else output.push(line);
    }
  } finally {
    await ended;
    options.signal?.removeEventListener("abort", stop);
  }
  const { exitCode } = await subprocess;
  options.signal?.throwIfAborted();
  return { exitCode: exitCode ?? -1, output };
}

function buildArguments(program: Program, output: string): string[] {
  return [
    "build",
    // Prints each package as it is compiled: the only progress Go shows.
    "-v",
    "-trimpath",
    "-mod=readonly",
    // No commit of the user's repository in the binary, and no need for git.
    "-buildvcs=false",
    "-tags",
    program.tags.join(","),
    "-ldflags",
    linkerFlags(program),
    "-o",
    output,
    program.package,
  ];
}

// What -v prints is one bare import path a line; messages have a colon, a space or a # in them.
function isPackageName(line: string): boolean {
  return /^[\w./~+-]+$/.test(line);
}

async function stopGroup(pid: number | undefined, ended: Promise<void>): Promise<void> {
  if (pid === undefined) return;
  // On an interrupt, Go removes its temporary files; it and its children are killed if they don't end soon.
  signalGroup(pid, "SIGINT");
  await Promise.race([ended, sleep(grace, undefined, { ref: false })]);
  signalGroup(pid, "SIGKILL");
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // Already gone.
  }
}
