import { homedir } from "node:os";
import pc from "picocolors";
import type { ProgramStatus, ToolchainStatus } from "../../stack/toolchain/status.js";
import { columns } from "./table.js";

/** How the state of the toolchain is printed. `home`: the folder shown as `~`; default the user's. */
export interface ToolchainStatusOptions {
  color: boolean;
  home?: string;
}

/** The programs as a table, and below it what to do where some are missing. */
export function formatToolchainStatus(
  { cacheDir, programs, otherBuilds }: ToolchainStatus,
  { color, home = homedir() }: ToolchainStatusOptions,
): string {
  const colors = pc.createColors(color);
  const atHome = (path: string) => (path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path);
  const paint = { cache: colors.green, path: colors.green, missing: colors.yellow };
  const head = ["program", "version", "for", "from", "size", "where"].map((title) => colors.dim(title));
  const rows = programs.map((program) => [
    program.name,
    program.version,
    { run: "the stack", validate: "checks", test: "tests" }[program.purpose],
    paint[program.from](from(program)),
    program.bytes === undefined ? "" : megabytes(program.bytes),
    where(program, atHome),
  ]);
  const lines = columns([head, ...rows], { indent: 0, gap: 2, right: [4] }).split("\n");
  const missing = programs.filter((program) => isNeeded(program) && program.from === "missing");
  if (missing.length > 0) {
    lines.push("", `${missing.length} to build: run \`obs toolchain install\`.`);
  }
  if (otherBuilds.folders > 0) {
    lines.push(
      "",
      `Builds of other versions: ${otherBuilds.folders} in ${atHome(cacheDir)}, ${megabytes(otherBuilds.bytes)}.`,
      "They can be deleted when no stack runs from them.",
    );
  }
  return lines.join("\n");
}

/** Whether running or checking a stack takes this program, and obs can build it. */
export function isNeeded(program: ProgramStatus): boolean {
  return program.buildable && program.purpose !== "test";
}

function from(program: ProgramStatus): string {
  if (program.from === "cache") return "built";
  if (program.from === "path") return "PATH";
  return program.buildable ? "to build" : "not found";
}

function where({ path, otherVersions, buildable }: ProgramStatus, atHome: (path: string) => string): string {
  if (path !== undefined) return atHome(path);
  const others = otherVersions.map(
    (other) => `${atHome(other.path)} is ${other.version ?? "of unknown version"}`,
  );
  return [...others, ...(buildable ? [] : ["only used from PATH, in this version"])].join("; ");
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
