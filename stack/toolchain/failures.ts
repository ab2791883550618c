import { homedir } from "node:os";
import type { Problem } from "../validate/problem.js";
import type { ProgramName } from "./programs.js";

/** How many of the last lines of a failed build are shown. */
const shownLines = 20;
/** The same where every package meets the same obstacle and says so. */
const fewLines = 3;

const useDocker = "Or use Docker, which needs no build: `obs up --runtime compose`.";
const again = "What has been compiled so far is kept: run `obs toolchain install` again to go on.";

/** Kinds of failure that every other build would meet as well, so that it is no use to start one. */
const hopeless = new Set(["toolchain-no-space", "toolchain-registry-unreachable", "toolchain-not-writable"]);

/** Whether a failure is the machine's and not one program's. */
export function concernsAllBuilds(problem: Problem): boolean {
  return hopeless.has(problem.id);
}

/** There is no Go on PATH, or it doesn't answer. `version`: the lowest that would do. */
export function goMissing(version: string): Problem {
  return {
    id: "go-missing",
    severity: "error",
    what: "Go is not installed, or not on PATH.",
    why: "Without Docker, obs builds the programs of the stack from their pinned sources, which takes Go.",
    next: `Install Go ${version} or newer from https://go.dev/dl or your package manager. ${useDocker}`,
  };
}

/** The Go on PATH is older than a pinned module allows. */
export function goTooOld(go: { path: string; version: string }, version: string): Problem {
  return {
    id: "go-too-old",
    severity: "error",
    what: `Go ${go.version} is too old: the pinned programs need Go ${version} or newer.`,
    why: `The Go in use is ${go.path}.`,
    next: `Install Go ${version} or newer from https://go.dev/dl or your package manager. ${useDocker}`,
  };
}

/** The disk is full, or is sure to be before the build ends. Sizes in bytes. */
export function noSpace(folder: string, space?: { free: number; needed: number }): Problem {
  return {
    id: "toolchain-no-space",
    severity: "error",
    what: space
      ? `Not enough disk space at ${atHome(folder)}: ${inGigabytes(space.free)} free, at least ${inGigabytes(space.needed)} needed.`
      : "The disk ran full during the build.",
    why: space
      ? undefined
      : `obs builds in ${atHome(folder)}; Go keeps modules and compiled packages in its own caches.`,
    next: `Free some space (\`go clean -cache\` empties Go's build cache) and run \`obs toolchain install\` again. ${useDocker}`,
  };
}

/** Enough for warm caches, not for cold ones. Sizes in bytes. */
export function littleSpace(folder: string, space: { free: number; needed: number }): Problem {
  return {
    id: "toolchain-little-space",
    severity: "warning",
    what: `The disk may run full: ${inGigabytes(space.free)} free at ${atHome(folder)}.`,
    why: `A first build of what is missing takes up to ${inGigabytes(space.needed)}, most of it in Go's caches.`,
    next: `\`go clean -cache -modcache\` frees that space again once the programs are built. ${useDocker}`,
  };
}

/** The cache folder can't be written. */
export function notWritable(folder: string, message: string): Problem {
  return {
    id: "toolchain-not-writable",
    severity: "error",
    what: `The folder of built programs can't be written: ${atHome(folder)}.`,
    why: message,
    next: `Make it writable, or set XDG_CACHE_HOME to a folder that is. ${useDocker}`,
  };
}

/** A binary came out of the build but doesn't run, or says it is another version. */
export function unusable(
  name: ProgramName,
  expected: string,
  answered: string | undefined,
  folder: string,
): Problem {
  return {
    id: "toolchain-program-unusable",
    severity: "error",
    what: answered
      ? `${name} was built, but says it is version ${answered} instead of ${expected}.`
      : `${name} was built, but doesn't start.`,
    why: answered
      ? undefined
      : `${atHome(folder)} may lie on a file system that forbids running programs (noexec).`,
    next: `Set XDG_CACHE_HOME to a folder elsewhere and run \`obs toolchain install\` again. ${useDocker}`,
  };
}

/** Reads the cause of a failed build out of what Go printed. `folder`: where the build took place. */
export function buildFailure(name: ProgramName, output: readonly string[], folder: string): Problem {
  const text = output.join("\n");
  const shown = output
    .filter((line) => line.trim() !== "")
    .slice(-shownLines)
    .map(withoutPasswords);
  const required = /requires go >= (\S+)/.exec(text)?.[1];
  if (/no space left on device|disk quota exceeded/i.test(text))
    return { ...noSpace(folder), output: shown.slice(-fewLines) };
  if (/checksum mismatch|SECURITY ERROR/.test(text)) {
    return {
      id: "toolchain-checksum-mismatch",
      severity: "error",
      what: `The downloaded sources of ${name} are not the pinned ones.`,
      why: "Their checksum differs from go.sum: a damaged download or module cache, or a proxy that serves something else.",
      next: `Run \`go clean -modcache\`, check the GOPROXY setting, then \`obs toolchain install ${name}\`. ${useDocker}`,
      output: shown,
    };
  }
  if (required !== undefined) {
    return {
      id: "go-too-old",
      severity: "error",
      what: `Go is too old to build ${name}: it needs Go ${required} or newer.`,
      next: `Install Go ${required} or newer from https://go.dev/dl or your package manager. ${useDocker}`,
      output: shown,
    };
  }
  if (unreachable.test(text)) {
    return {
      id: "toolchain-registry-unreachable",
      severity: "error",
      what: "The pinned sources could not be downloaded.",
      why: "The Go module proxy didn't answer or refused.",
      next: `Check the network and the GOPROXY setting (\`go env GOPROXY\`), then run \`obs toolchain install\` again. ${useDocker}`,
      output: shown.slice(-fewLines),
    };
  }
  if (/signal: killed|cannot allocate memory|out of memory/.test(text)) {
    return {
      id: "toolchain-out-of-memory",
      severity: "error",
      what: `The build of ${name} was killed, most likely for lack of memory.`,
      next: `Close other programs, or build with fewer compilers at once (\`GOFLAGS=-p=1\`). ${again} ${useDocker}`,
      output: shown,
    };
  }
  return {
    id: "toolchain-build-failed",
    severity: "error",
    what: `${name} could not be built.`,
    why: "The sources and their versions are pinned, so the cause is most likely in this machine's Go or its settings.",
    next: `Read the lines below; \`go env\` shows the settings in force. An official Go from https://go.dev/dl often helps. ${useDocker}`,
    output: shown,
  };
}

const unreachable =
  /dial tcp|no such host|connection re(?:fused|set)|i\/o timeout|TLS handshake|x509: |proxyconnect|network is unreachable|module lookup disabled by GOPROXY|(?:reading|Get) "?https?:\/\/\S+"?: (?:[45]\d\d|EOF|unexpected|context deadline)/i;

/** A download address may carry a login; what is printed must not. */
function withoutPasswords(line: string): string {
  return line.replace(/(https?:\/\/)[^\s/@]+@/g, "$1***@");
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function atHome(path: string): string {
  const home = homedir();
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
