import { createHash } from "node:crypto";
import { realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Project } from "../../project.js";
import type { Artefact, ServicePlan } from "../../render/artefact.js";
import { markers } from "../process.js";
import { secretTimes } from "../secrets.js";
import { baseEnvironment } from "./environment.js";
import { type Layout, logFileOf } from "./layout.js";
import type { ProgramSpec } from "./state.js";

/** What the supervisor needs to start a service. Its secret files must have been written: their times are part of the hash. */
export async function specOf(
  project: Project,
  layout: Layout,
  plan: ServicePlan,
  path: string,
): Promise<ProgramSpec> {
  const binary = await realpath(path);
  const { size, mtimeMs } = await stat(binary);
  return {
    name: plan.name,
    ...(plan.script === undefined
      ? { path, args: plan.args }
      : { path: "/bin/sh", args: [plan.script, path, ...plan.args] }),
    env: {
      ...baseEnvironment(),
      ...plan.env,
      [markers.stack]: layout.stateDir,
      [markers.service]: plan.name,
    },
    cwd: join(layout.dataDir, plan.name),
    log: logFileOf(layout, plan.name),
    stopSeconds: plan.stopSeconds,
    readyUrl: plan.ready.url,
    ...(plan.page ? { page: plan.page } : {}),
    ports: plan.ports,
    processHash: {
      // A rebuilt or upgraded program lies elsewhere, or differs in size or time.
      program: hash([binary, size, mtimeMs]),
      arguments: hash(plan.args),
      // Only what the plan says: that the person logged in with another locale is no reason to restart anything.
      environment: hash(plan.env),
      secrets: hash(await secretTimes(project, plan.name, plan.secrets)),
    },
    filesHash: hashFiles(plan.files),
  };
}

/** Hash of configuration files: of their paths and bytes, in whatever order they come. */
export function hashFiles(files: readonly Pick<Artefact, "path" | "text">[]): string {
  return hash(files.map(({ path, text }) => [path, text]).sort(([a], [b]) => (a! < b! ? -1 : 1)));
}

function hash(value: unknown): string {
  return createHash("sha256").update(stable(value)).digest("hex").slice(0, 16);
}

/** JSON with the keys of objects in order. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
