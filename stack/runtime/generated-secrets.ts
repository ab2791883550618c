import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import writeFileAtomic from "write-file-atomic";
import type { Project } from "../project.js";
import { generatedSecrets } from "../services/names.js";
import { readSecrets } from "./secrets.js";

/** 192 random bits, in letters that need no quoting anywhere. */
export function randomSecret(): string {
  return randomBytes(24).toString("base64url");
}

/**
 * Makes up those of the named secrets that have no value and that only the stack itself has to know, and keeps them in
 * the project's `.env` (0600 when it is new). Returns the names of those it made.
 */
export async function generateSecrets(project: Project, names: readonly string[]): Promise<string[]> {
  const own = names.filter((name) => generatedSecrets.includes(name));
  const { values } = await readSecrets(project, own);
  const missing = own.filter((name) => !values.has(name));
  if (missing.length === 0) return [];
  const before = await readFile(project.envFile, "utf8").catch((error) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const mode = before === undefined ? 0o600 : (await stat(project.envFile)).mode & 0o777;
  const lines = missing.map((name) => `${name}=${randomSecret()}\n`).join("");
  const kept =
    before === undefined || before === "" || before.endsWith("\n") ? (before ?? "") : `${before}\n`;
  await writeFileAtomic(project.envFile, kept + lines, { mode });
  return missing;
}
