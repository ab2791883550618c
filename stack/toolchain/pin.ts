import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.js";
import { type Program, type ProgramName, programs } from "./programs.js";

/** Folder that holds the Go modules, one folder each. */
export const modulesDir = join(packageRoot, "stack", "toolchain");

/** Operating system and processor in Go's words. */
export interface GoPlatform {
  os: string;
  arch: string;
}

/** The machine this process runs on. */
export const hostPlatform: GoPlatform = {
  os: process.platform === "win32" ? "windows" : process.platform,
  arch: { x64: "amd64", ia32: "386" }[process.arch as string] ?? process.arch,
};

/** Flags for Go's linker: no symbol tables, and the version that the program prints. */
export function linkerFlags(program: Program): string {
  const stamps = Object.entries(program.stamps).map(([variable, value]) => ` -X ${variable}=${value}`);
  return `-s -w${stamps.join("")}`;
}

/**
 * Twelve hex digits that stand for everything that decides what a program's binary contains: pinned modules, our sources,
 * build flags, platform. The Go version is left out on purpose: a security release of Go must not make every user rebuild.
 */
export function pinHash(
  name: ProgramName,
  platform: GoPlatform = hostPlatform,
  modules = modulesDir,
): string {
  const program: Program = programs[name];
  const recipe = [
    sourcesDigest(join(modules, program.folder)),
    program.package,
    program.tags.join(","),
    linkerFlags(program),
    platform.os,
    platform.arch,
  ];
  return createHash("sha256").update(recipe.join("\n")).digest("hex").slice(0, 12);
}

// Several programs share a folder, and every command asks: read each folder once per process.
const digests = new Map<string, string>();

function sourcesDigest(folder: string): string {
  const known = digests.get(folder);
  if (known !== undefined) return known;
  const hash = createHash("sha256");
  const files = readdirSync(folder).filter((file) => /^go\.(mod|sum)$|\.go$/.test(file));
  for (const file of files.sort()) {
    const content = readFileSync(join(folder, file));
    hash.update(`${file} ${content.length}\n`).update(content);
  }
  const digest = hash.digest("hex");
  digests.set(folder, digest);
  return digest;
}
