import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { Project } from "../../project.js";
import type { Artefact, ServicePlan } from "../../render/artefact.js";
import { configHash } from "../../render/config-hash.js";
import type { ServiceName } from "../../services/service.js";
import { secretTimes } from "../secrets.js";

/** What was last brought up, kept in `.obs/run/compose.json`: whole, so that a failed change can be put back. */
export interface Applied {
  /** Of this record's form; another one is not understood and counts as nothing known. */
  version: 1;
  /** Name of the Compose project. */
  name: string;
  composeFile: string;
  artefacts: Artefact[];
  /** Per service, a stamp of its secret files that changes when they are written anew; never their values. */
  secrets: Record<string, string>;
  services: AppliedService[];
}

/** How a service of the stack is asked about once it runs. */
export type AppliedService = Pick<
  ServicePlan,
  "name" | "secrets" | "ready" | "page" | "reload" | "reloadMetrics"
>;

function recordFile(project: Project): string {
  return join(project.stateDir, "run", "compose.json");
}

/** The record, or undefined when nothing is up (or what was written can't be understood). */
export async function readApplied(project: Project): Promise<Applied | undefined> {
  try {
    const record = JSON.parse(await readFile(recordFile(project), "utf8")) as Applied;
    return record.version === 1 ? record : undefined;
  } catch {
    return undefined;
  }
}

export async function writeApplied(project: Project, applied: Applied): Promise<void> {
  await mkdir(dirname(recordFile(project)), { recursive: true });
  await writeFileAtomic(recordFile(project), JSON.stringify(applied), { mode: 0o600 });
}

export async function forgetApplied(project: Project): Promise<void> {
  await rm(recordFile(project), { force: true });
}

/** Hash of what a service is configured by. */
export function serviceHash({ artefacts }: Pick<Applied, "artefacts">, service: ServiceName): string {
  return configHash(artefacts.filter(({ owner }) => owner === service));
}

/** Stamps of the secret files of each service that has any, by when they were written. */
export async function secretStamps(
  project: Project,
  plans: readonly Pick<ServicePlan, "name" | "secrets">[],
): Promise<Record<string, string>> {
  const stamps = plans.map(
    async ({ name, secrets }) => [name, await secretTimes(project, name, secrets)] as const,
  );
  return Object.fromEntries(
    (await Promise.all(stamps))
      .filter(([, times]) => Object.keys(times).length > 0)
      .map(([name, times]) => [name, JSON.stringify(times)]),
  );
}
