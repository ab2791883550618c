import { readFileSync, realpathSync, statSync } from "node:fs";
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Problem } from "../validate/problem.js";
import type { RuleSource } from "./read.js";

/** What arguments of the command line came to. */
export interface FoundFiles {
  /** Sorted by path, each file once. */
  sources: RuleSource[];
  /** Arguments that lead to nothing, files that can't be read. */
  problems: Problem[];
  /** YAML files in named folders that hold no rules. */
  skipped: number;
}

/**
 * A file of 10,000 rules has about 4 MB, what Kubernetes takes as one object at most 1.5. Reading takes some 30 times the
 * size in memory.
 */
const largest = 8 * 1024 * 1024;

/** How many files are read at the same time; more only costs memory. */
const atOnce = 16;

/** Never somebody's own rules: what was installed, what obs wrote, what is hidden. */
const ignored = /(^|[\\/])(node_modules|stack[\\/]generated|\.[^\\/]+)$/;

/**
 * Reads the files that paths, folders and glob patterns name, relative to a folder. A folder stands for all YAML files
 * in it that hold rules. One bad file is a finding, and the others are read all the same.
 */
export async function findRuleFiles(
  args: readonly string[],
  cwd: string,
  readBytes: (path: string) => Promise<Uint8Array> = readLimited,
): Promise<FoundFiles> {
  const found: FoundFiles = { sources: [], problems: [], skipped: 0 };
  const wanted = new Map<string, { named: boolean }>();
  for (const each of await Promise.all(args.map((arg) => pathsOf(arg, cwd)))) {
    if ("problem" in each) found.problems.push(each.problem);
    else
      for (const path of each.paths)
        wanted.set(path, { named: each.named || wanted.get(path)?.named === true });
  }
  const paths = [...wanted.keys()].sort();
  const seen = new Set<string>();
  for (let at = 0; at < paths.length; at += atOnce) {
    const some = await Promise.all(
      paths.slice(at, at + atOnce).map(async (path) => ({
        path,
        read: await readRuleText(path, shownFrom(cwd, path), readBytes),
        real: realPathOf(path),
      })),
    );
    for (const { path, read, real } of some) {
      // Reached by a link as well: once is enough.
      if (seen.has(real)) continue;
      seen.add(real);
      if ("problem" in read) found.problems.push(read.problem);
      else if (wanted.get(path)!.named || looksLikeRules(read.source.text)) found.sources.push(read.source);
      else found.skipped++;
    }
  }
  found.problems.push(...emptyFolders(args, cwd, found));
  found.problems = once(found.problems);
  return found;
}

/** A file may be named, and lie in a folder that is named as well. */
function once(problems: readonly Problem[]): Problem[] {
  const said = new Set<string>();
  return problems.filter(({ what, place }) => {
    const key = `${place?.file}\n${what}`;
    if (said.has(key)) return false;
    said.add(key);
    return true;
  });
}

function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

type Paths = { paths: string[]; named: boolean } | { problem: Problem };

/** What stands at a path, or the code of the error that keeps it from being known. */
function kindOf(path: string): string {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "unknown";
  }
}

async function pathsOf(arg: string, cwd: string): Promise<Paths> {
  const path = resolve(cwd, arg);
  const kind = kindOf(path);
  if (kind === "file") return { paths: [path], named: true };
  if (kind === "folder") return { paths: await yamlFilesIn(path), named: false };
  const { glob, isDynamicPattern } = await import("tinyglobby");
  if (!isDynamicPattern(arg)) return { problem: absent(arg, kind, await isLink(path)) };
  const pattern = arg.split(sep).join("/");
  const options = { cwd, absolute: true, expandDirectories: false, ignore: ["**/node_modules/**"] };
  // The library writes slashes everywhere.
  const paths = (await glob(pattern, options)).map((each) => resolve(each));
  if (paths.length > 0) return { paths, named: true };
  return {
    problem: {
      id: "empty-rule-glob",
      severity: "error",
      what: `No file matches "${arg}".`,
      next: `Patterns are relative to ${cwd}. In quotes, obs expands them; ** matches folders at any depth.`,
    },
  };
}

/**
 * YAML files in a folder, at any depth, through links, too. Links to nothing and folders that can't be looked into are
 * among them: reading them says what is wrong. (tinyglobby leaves both out without a word.)
 */
async function yamlFilesIn(folder: string, above: readonly string[] = []): Promise<string[]> {
  const real = await realpath(folder).catch(() => folder);
  // A link that leads back up.
  if (above.includes(real)) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (!entries) return [folder];
  const found = await Promise.all(
    entries.map(async (entry): Promise<string[]> => {
      const path = join(folder, entry.name);
      if (ignored.test(path)) return [];
      const isFolder =
        entry.isDirectory() ||
        (entry.isSymbolicLink() &&
          (await stat(path).then(
            (target) => target.isDirectory(),
            () => false,
          )));
      if (isFolder) return yamlFilesIn(path, [...above, real]);
      return /\.ya?ml$/i.test(entry.name) ? [path] : [];
    }),
  );
  return found.flat();
}

function absent(arg: string, code: string, link: boolean): Problem {
  return {
    id: "unreadable-rule-file",
    severity: "error",
    what:
      link && code === "ENOENT"
        ? `${arg} is a link to a file that isn't there.`
        : code === "ENOENT"
          ? `There is no ${arg}.`
          : `${arg} can't be read: ${reasonOf(code)}.`,
    place: { file: arg },
  };
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}

/** Folders that led to no rules at all, though they were named for them. */
function emptyFolders(args: readonly string[], cwd: string, found: FoundFiles): Problem[] {
  const problems: Problem[] = [];
  for (const arg of args) {
    const folder = resolve(cwd, arg);
    const inside = (path: string) => path.startsWith(folder + sep);
    const isFolder = kindOf(folder) === "folder";
    if (!isFolder || found.sources.some(({ absolutePath }) => inside(absolutePath))) continue;
    if (found.problems.some(({ place }) => place && inside(resolve(cwd, place.file)))) continue;
    problems.push({
      id: "empty-rule-glob",
      severity: "error",
      what: `There is no rule file in ${arg}.`,
      why: "In a folder, obs looks for files *.yml and *.yaml with rules in them, at any depth.",
      next: "Name the files themselves if they are called otherwise.",
      place: { file: arg },
    });
  }
  return problems;
}

/** Whether a YAML file means to hold rules; a mistyped key or two don't hide that. An empty one did, maybe. */
function looksLikeRules(text: string): boolean {
  return (
    text.trim() === "" ||
    /^\s*(?:-\s+)?["']?(?:groups|alert|record)["']?\s*:/m.test(text) ||
    /kind["']?\s*:\s*["']?PrometheusRule/.test(text)
  );
}

/** Reads one file as text, or says why it can't be. `path` is absolute, `shown` what the user calls it. */
export async function readRuleText(
  path: string,
  shown: string,
  readBytes: (path: string) => Promise<Uint8Array> = readLimited,
): Promise<{ source: RuleSource } | { problem: Problem }> {
  const fault = (id: string, what: string, next?: string) => ({
    problem: { id, severity: "error" as const, what, ...(next && { next }), place: { file: shown } },
  });
  let bytes: Uint8Array;
  try {
    bytes = await readBytes(path);
  } catch (error) {
    if (error instanceof TooLarge) {
      return fault(
        "rule-file-too-large",
        `${shown} has ${Math.ceil(error.bytes / 2 ** 20)} MB; obs reads rule files up to ${largest / 2 ** 20} MB.`,
        "Split it by groups. It has not been checked.",
      );
    }
    return fault(
      "unreadable-rule-file",
      `${shown} can't be read: ${reasonOf((error as NodeJS.ErrnoException).code)}.`,
    );
  }
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff))
    return fault("rule-file-not-text", `${shown} is in UTF-16.`, "Save it in UTF-8.");
  if (bytes.includes(0)) return fault("rule-file-not-text", `${shown} is not a text file.`);
  try {
    // A byte order mark is left in front: offsets count from where the text begins.
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { source: { path: shown, absolutePath: path, text } };
  } catch {
    const { line, column } = firstInvalid(bytes);
    const found = fault(
      "rule-file-not-text",
      `${shown} is not in UTF-8.`,
      "Save it in UTF-8; the first character that isn't is at the place shown.",
    );
    return { problem: { ...found.problem, place: { file: shown, line, column } } };
  }
}

function startsWith(bytes: Uint8Array, first: number, second: number): boolean {
  return bytes[0] === first && bytes[1] === second;
}

/** Where the first byte is that is no UTF-8. */
function firstInvalid(bytes: Uint8Array): { line: number; column: number } {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const before = decoder.decode(bytes).split("\ufffd")[0]!;
  const lines = before.split("\n");
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

class TooLarge extends Error {
  constructor(readonly bytes: number) {
    super("too large");
  }
}

/**
 * Reads a file that isn't too large, and that ends: a pipe or a device has no size. Synchronously: rule files are small,
 * and each turn of the thread pool takes longer than reading one.
 */
async function readLimited(path: string): Promise<Uint8Array> {
  const info = statSync(path);
  if (info.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EACCES" });
  if (!info.isFile()) throw Object.assign(new Error("not a file"), { code: "ENOTFILE" });
  // Also what the kernel answers for, such as /proc/kmsg: reading one of them may wait for ever.
  if (info.size === 0) return new Uint8Array();
  if (info.size > largest) throw new TooLarge(info.size);
  return readFileSync(path);
}

const reasons: Record<string, string> = {
  EACCES: "you are not allowed to",
  EPERM: "you are not allowed to",
  ENOENT: "it is not there, or a link to nothing",
  EISDIR: "it is a folder",
  ELOOP: "it is a link that leads back to itself",
  ENOTFILE: "it is no ordinary file",
};

function reasonOf(code: string | undefined): string {
  return reasons[code ?? ""] ?? code ?? "the system doesn't say why";
}

/** A path as the user knows it: relative where it lies inside the folder, else absolute. */
export function shownFrom(folder: string, path: string): string {
  const inside = relative(folder, path);
  return inside.startsWith("..") || isAbsolute(inside) ? path : inside || ".";
}
