import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { type Project, shownPath } from "../project.js";
import { drillWebhookSecret, inertWebhookUrl, verifyWebhookSecret } from "../services/names.js";
import type { Problem } from "../validate/problem.js";

/**
 * Secrets that obs makes itself, with what they hold until then. Programs read these files anew at each use, so a
 * change of one is no reason to restart anything.
 */
const selfMade: ReadonlyMap<string, string> = new Map([
  [verifyWebhookSecret, inertWebhookUrl],
  [drillWebhookSecret, inertWebhookUrl],
]);

/** Whether obs itself makes the secret of this name; nobody has to provide it. */
export function isSelfMadeSecret(name: string): boolean {
  return selfMade.has(name);
}

/** Values by name, and what was wrong with where they came from. */
export interface SecretsRead {
  values: ReadonlyMap<string, string>;
  /** Errors `missing-secret`, a warning `env-file-readable`. Never a value. */
  problems: Problem[];
}

/** Finds the values of secrets: in the environment first, then in the project's `.env`. An empty value counts as missing. */
export async function readSecrets(
  project: Project,
  names: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<SecretsRead> {
  const file = shownPath(project, project.envFile);
  const problems: Problem[] = [];
  let fromFile: NodeJS.Dict<string> = {};
  try {
    const { mode } = await stat(project.envFile);
    if (process.platform !== "win32" && (mode & 0o077) !== 0)
      problems.push({
        id: "env-file-readable",
        severity: "warning",
        what: `Other users of this machine can read ${file}, which holds secrets (mode ${(mode & 0o777).toString(8).padStart(4, "0")}).`,
        next: `Run \`chmod 600 ${file}\`.`,
        place: { file },
      });
    fromFile = parseEnv(await readFile(project.envFile, "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT")
      problems.push({
        id: "env-file-unreadable",
        severity: "error",
        what: `${file} can't be read (${code}).`,
        next: `Make it a file that you can read, with mode 0600.`,
        place: { file },
      });
  }
  const values = new Map<string, string>();
  for (const name of new Set(names)) {
    const value = env[name] || fromFile[name];
    if (value) values.set(name, value);
    else if (!isSelfMadeSecret(name))
      problems.push({
        id: "missing-secret",
        severity: "error",
        what: `The secret ${name} has no value.`,
        why: `It is neither in the environment nor in ${file}.`,
        next: `Add a line \`${name}=...\` to ${file} (mode 0600), or set it in the environment.`,
      });
  }
  return { values, problems };
}

/** Secret files as they were, to be put back when an `up` fails. */
export interface WrittenSecrets {
  /** Puts back what was there before, times of modification included. */
  undo(): Promise<void>;
}

/**
 * Writes each service's secrets to `.obs/secrets/<service>/<NAME>` and removes those that no service listed here reads any more.
 *
 * The outer folder is closed (0700); the inner ones and the files can be read by all, because the programs in containers run as
 * users of their own and see only the inner folder, mounted. A file whose content is right already isn't touched: its time of
 * modification tells whether a program must be restarted.
 * Throws Error when a value is missing: {@link readSecrets} has reported that by then.
 */
export async function writeSecrets(
  project: Project,
  namesByService: ReadonlyMap<string, readonly string[]>,
  values: ReadonlyMap<string, string>,
): Promise<WrittenSecrets> {
  const root = secretsRoot(project);
  await makeFolder(root, 0o700);
  const undos: (() => Promise<void>)[] = [];
  const undo = async () => {
    for (const step of undos.reverse()) await step();
  };
  try {
    for (const service of await namesIn(root)) {
      const wanted = new Set(namesByService.get(service));
      for (const name of await namesIn(join(root, service)))
        if (!wanted.has(name)) undos.push(await replaceFile(join(root, service, name), undefined));
      if (wanted.size === 0) await rm(join(root, service), { recursive: true, force: true });
    }
    for (const [service, names] of namesByService) {
      if (names.length > 0) await makeFolder(join(root, service), 0o755);
      for (const name of names) {
        const file = join(root, service, name);
        const value = values.get(name) ?? (await readOrUndefined(file)) ?? selfMade.get(name);
        if (value === undefined || (!values.has(name) && !isSelfMadeSecret(name)))
          throw new Error(`no value was given for the secret ${name}`);
        if ((await readOrUndefined(file)) !== value) undos.push(await replaceFile(file, value));
      }
    }
  } catch (error) {
    await undo();
    throw error;
  }
  return { undo };
}

/** Gives one secret of a service a new value; its program sees it at the next use. The service's folder must exist. */
export async function writeSecret(
  project: Project,
  service: string,
  name: string,
  value: string,
): Promise<void> {
  await replaceFile(join(secretsRoot(project), service, name), value);
}

/** Times of modification of a service's secret files, by name, in milliseconds; without those that obs makes itself. */
export async function secretTimes(
  project: Project,
  service: string,
  names: readonly string[],
): Promise<Record<string, number>> {
  const entries = names
    .filter((name) => !isSelfMadeSecret(name))
    .map(
      async (name) =>
        [name, Math.round((await stat(join(secretsRoot(project), service, name))).mtimeMs)] as const,
    );
  return Object.fromEntries(await Promise.all(entries));
}

function secretsRoot(project: Project): string {
  return join(project.stateDir, "secrets");
}

async function makeFolder(path: string, mode: number): Promise<void> {
  await mkdir(path, { recursive: true, mode });
  // The umask may have taken bits away, and an older folder may have others.
  await chmod(path, mode);
}

/** Replaces (or removes) a file in one step; the result puts the former one back. */
async function replaceFile(file: string, text: string | undefined): Promise<() => Promise<void>> {
  const before = await readOrUndefined(file);
  const times = before === undefined ? undefined : await stat(file);
  await put(file, text);
  return async () => {
    await put(file, before);
    if (times) await setTime(file, times.mtimeMs);
  };
}

async function put(file: string, text: string | undefined): Promise<void> {
  if (text === undefined) return rm(file, { force: true });
  await mkdir(join(file, ".."), { recursive: true, mode: 0o755 });
  const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  await writeFile(temporary, text, { flag: "wx", mode: 0o444 });
  await chmod(temporary, 0o444);
  await setTime(temporary, Date.now());
  await rename(temporary, file);
}

/** Times are kept in whole milliseconds: smaller parts could not be put back exactly (they travel as floating-point seconds). */
async function setTime(file: string, ms: number): Promise<void> {
  await utimes(file, Math.round(ms) / 1000, Math.round(ms) / 1000);
}

async function readOrUndefined(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
