import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import * as publicApi from "../index.js";
import { type Project, shownPath } from "../project.js";
import type { Place, Problem } from "../validate/problem.js";
import { didYouMean } from "../validate/suggest.js";
import { translated } from "./evaluate.js";
import { NeverSettles } from "./guest.js";

/** A position in a file of the user; line and column from 1. */
interface Position {
  file: string;
  line: number;
  column: number;
}

/**
 * The finding for an error that loading `obs.config.ts`, or another file of the project, ended with: a syntax error, an import that leads nowhere, or
 * whatever the user's code threw, placed at the innermost line of the user's own code. No stack trace.
 */
export async function configErrorProblem(
  project: Project,
  error: unknown,
  evaluated = project.configFile,
): Promise<Problem> {
  const file = shownPath(project, evaluated);
  if (error instanceof NeverSettles) {
    return {
      id: "config-throws",
      severity: "error",
      what: `${file} waits for something that never comes.`,
      next: "Look for an `await` of a promise that nobody resolves.",
      place: { file },
    };
  }
  return (
    syntaxProblem(project, error) ??
    importProblem(project, error) ??
    (await thrownProblem(project, error)) ?? {
      id: "config-throws",
      severity: "error",
      what: `${file} threw ${describedThrown(error)}.`,
      place: { file },
    }
  );
}

/** The translator's message: `ParseError: Unexpected token, expected ","  \n /path/file.ts:5:2` (column from 0). */
function syntaxProblem(project: Project, error: unknown): Problem | undefined {
  const match = /^ParseError: ([^\n]*?)\s*\n\s*(\S.*):(\d+):(\d+)\s*$/.exec(messageOf(error));
  if (!match) return undefined;
  const [, message = "", file = "", line, column] = match;
  const place = { file: shownPath(project, file), line: Number(line), column: Number(column) + 1 };
  const rest = (sourceOf(file)?.split("\n") ?? [""]).slice(place.line - 1).join("\n");
  return {
    id: "config-syntax",
    severity: "error",
    what:
      rest.slice(place.column - 1).trim() === ""
        ? "This is not TypeScript: the file ends too early."
        : `This is not TypeScript: ${uncapital(message).replace(/\.$/, "")}.`,
    next: "Look for a bracket, quote or comma that is missing here or just before.",
    place,
  };
}

function importProblem(project: Project, error: unknown): Problem | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  const data = /^Unknown file extension "\.\w+" for (.+)$/.exec(messageOf(error))?.[1];
  if (data !== undefined && code === "ERR_UNKNOWN_FILE_EXTENSION") {
    return {
      id: "config-import",
      severity: "error",
      what: `${shownPath(project, data)} can't be imported: it is not code.`,
      next: "Read it with readFileSync of node:fs, and parse its text.",
      place: placeOfImport(project, project.configFile, data),
    };
  }
  const wanted = /^Cannot find (?:module|package) '([^']+)'/.exec(messageOf(error))?.[1];
  if (wanted === undefined || (code !== "MODULE_NOT_FOUND" && code !== "ERR_MODULE_NOT_FOUND"))
    return undefined;
  const importer = framesOf(project, error)[0]?.file ?? project.configFile;
  const isFile = wanted.startsWith(".") || wanted.startsWith("/");
  return {
    id: "config-import",
    severity: "error",
    what: `"${wanted}" can't be imported: there is no such ${isFile ? "file" : "package"}.`,
    next: isFile
      ? "Check the path; it is relative to the importing file."
      : `Install it in the project: npm install ${packageOf(wanted)}`,
    place: placeOfImport(project, importer, wanted),
  };
}

/** Where a file names a module: the opening quote. Errors themselves tell it only within the translated code. */
function placeOfImport(project: Project, importer: string, wanted: string): Place {
  const place: Place = { file: shownPath(project, importer) };
  const lines = sourceOf(importer)?.split("\n") ?? [];
  const isPath = wanted.startsWith("/");
  for (const [at, line] of lines.entries()) {
    for (const { index, 2: named = "" } of line.matchAll(/(["'])(.+?)\1/g)) {
      const same = named === wanted || (isPath && resolve(dirname(importer), named) === wanted);
      if (same && /\b(import|from|require)\b/.test(line))
        return { ...place, line: at + 1, column: index + 1 };
    }
  }
  return place;
}

async function thrownProblem(project: Project, error: unknown): Promise<Problem | undefined> {
  const frames = framesOf(project, error);
  const inner = frames[0];
  if (!inner) return undefined;
  const [position, caller] = await Promise.all([
    originalPosition(project, inner),
    frames.find(({ file }) => file === project.configFile && file !== inner.file),
  ]);
  const missing = missingExport(error);
  return {
    id: "config-throws",
    severity: "error",
    what: missing
      ? `obs-stack exports no "${missing}".`
      : `${shownPath(project, inner.file)} threw ${describedThrown(error)}.`,
    ...(caller && { why: `It was reached from ${shownPath(project, caller.file)}:${caller.line}.` }),
    ...(missing && { next: nextForMissing(missing) }),
    place: { file: shownPath(project, position.file), line: position.line, column: position.column },
  };
}

/** An import of a name that this package doesn't have is undefined, and shows when it is called. */
function missingExport(error: unknown): string | undefined {
  const name = /^\(0 , _obsStack\.(\w+)\) is not a function$/.exec(messageOf(error))?.[1];
  return name !== undefined && !(name in publicApi) ? name : undefined;
}

function nextForMissing(name: string): string {
  const meant = didYouMean(name, Object.keys(publicApi));
  return meant ? `Did you mean "${meant}"?` : `It exports ${Object.keys(publicApi).join(", ")}.`;
}

/** The stack frames that lie in the user's own files, innermost first; positions are those of the translated code. */
function framesOf(project: Project, error: unknown): Position[] {
  const stack = (error as { stack?: unknown } | null)?.stack;
  if (typeof stack !== "string") return [];
  return stack.split("\n").flatMap((line) => {
    const match = /(?:\(|at (?:async )?)((?:file:\/\/)?\/[^()]*):(\d+):(\d+)\)?$/.exec(line);
    if (!match) return [];
    const [, where = "", row, column] = match;
    const file = where.startsWith("file://") ? fileURLToPath(where) : where;
    return isUsers(project, file) ? [{ file, line: Number(row), column: Number(column) }] : [];
  });
}

function isUsers(project: Project, file: string): boolean {
  const inside = relative(project.root, file);
  return !inside.startsWith("..") && !inside.split(sep).includes("node_modules") && existsSync(file);
}

/**
 * Where a position of the translated code stands in the user's source. Lines are the same; columns are not, and the
 * first line has the translator's wrapper in front. Without a mapping the line alone is right enough.
 */
async function originalPosition(project: Project, position: Position): Promise<Position> {
  const source = sourceOf(position.file);
  if (source === undefined || !/\.[cm]?[jt]sx?$/.test(position.file)) return position;
  try {
    const code = await translated(project, position.file, source);
    const encoded = /\/\/# sourceMappingURL=data:application\/json[^,]*,(\S+)\s*$/.exec(code)?.[1];
    if (!encoded) return { ...position, column: 1 };
    const map = new SourceMap(JSON.parse(Buffer.from(encoded, "base64").toString("utf8")));
    const column = position.column - 1 - (position.line === 1 ? wrapper.length : 0);
    const entry = map.findEntry(position.line - 1, Math.max(0, column));
    if ("originalLine" in entry && entry.originalLine + 1 === position.line)
      return { ...position, column: entry.originalColumn + 1 };
  } catch {
    // The file changed since: the line will do.
  }
  return { ...position, column: 1 };
}

/** What jiti puts in front of translated code before it runs it. */
const wrapper =
  "(async function (exports, require, module, __filename, __dirname, jitiImport, jitiESMResolve) { ";

function sourceOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** `TypeError: x is not a function`, as one line; translation shows through in `(0 , _module.name)`. */
function describedThrown(error: unknown): string {
  if (error === undefined) return "undefined";
  const message = messageOf(error);
  if (message === "" && !isError(error)) return "something that is not an error";
  const name = isError(error) ? String((error as Error).name) : "";
  const text = message
    .replaceAll(/\(0 , _\w+\.(\w+)\)/g, "$1")
    .split("\n", 1)[0]!
    .trim()
    .replace(/\.$/, "");
  return name && name !== "Error" ? `${name}: ${text}` : isError(error) ? `an error: ${text}` : `"${text}"`;
}

/** Errors of the user's code may come from another realm, so `instanceof` doesn't know them. */
function isError(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { message?: unknown }).message === "string"
  );
}

function messageOf(error: unknown): string {
  if (typeof error === "string") return error;
  return isError(error) ? (error as Error).message : "";
}

function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function uncapital(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
