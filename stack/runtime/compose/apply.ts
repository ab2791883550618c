import type { Project } from "../../project.js";
import { serviceNames } from "../../services/names.js";
import type { ServiceName } from "../../services/service.js";
import type { Problem } from "../../validate/problem.js";
import { reloadAndConfirm } from "../reload.js";
import type { Phase, UpResult } from "../runtime.js";
import { type Applied, serviceHash } from "./applied.js";
import { type Container, containersOf, lastLog } from "./containers.js";
import type { Docker } from "./docker.js";
import { place, placePrograms } from "./place.js";
import { readProgress } from "./progress.js";

/** What was done with a service. */
export type Action = UpResult["services"][number]["action"];

/** How the work is done. */
export interface ApplyOptions {
  signal?: AbortSignal;
  /** See CallOptions: for putting back what ran before. */
  unbreakable?: boolean;
  report: (service: ServiceName, phase: Phase, detail?: string) => void;
}

/**
 * Brings the containers to what `target` says, touching only those that differ from it: Compose makes those anew whose
 * definition changed, programs that can are told to read their files again, those with new secrets are restarted.
 * `before` are the containers there were; `known` is what they last read, undefined when nobody knows.
 */
export async function apply(
  docker: Docker,
  project: Project,
  target: Applied,
  { before, known }: { before: readonly Container[]; known: Applied | undefined },
  options: ApplyOptions,
): Promise<{ actions: Map<ServiceName, Action>; problems: Problem[] }> {
  const { report, signal, unbreakable } = options;
  const calls = { signal, unbreakable };
  const compose = { name: target.name, file: true };
  await placePrograms(
    project,
    target.services.map(({ name }) => name),
  );
  await place(project, target);
  const tell = progressTeller(target.name, report);
  await docker.compose(compose, ["up", "--detach", "--remove-orphans"], { ...calls, onProgress: tell });

  const after = await containersOf(docker, target.name, calls);
  const actions = new Map<ServiceName, Action>();
  for (const { name } of target.services) actions.set(name, actionOf(name, before, after));
  for (const name of serviceNames)
    if (!actions.has(name) && before.some(({ service }) => service === name)) actions.set(name, "removed");

  const same = target.services.filter(({ name }) => actions.get(name) === "unchanged");
  const withNewSecrets = same.filter(({ name }) => known?.secrets[name] !== target.secrets[name]);
  if (withNewSecrets.length > 0) {
    const names = withNewSecrets.map(({ name }) => name);
    for (const name of names) {
      report(name, "restarting", "its secrets changed");
      actions.set(name, "restarted");
    }
    await docker.compose(compose, ["restart", ...names], calls);
  }

  const problems: Problem[] = [];
  for (const service of same) {
    if (service.reload !== "SIGHUP" || actions.get(service.name) !== "unchanged") continue;
    const { name, reloadMetrics } = service;
    if (known && serviceHash(known, name) === serviceHash(target, name)) continue;
    report(name, "reloading");
    actions.set(name, "reloaded");
    const askedAt = Date.now();
    const ask = async () => {
      await docker.compose(compose, ["kill", "--signal", "SIGHUP", name], calls);
    };
    if (!reloadMetrics) await ask();
    else if ((await reloadAndConfirm(reloadMetrics, ask, { signal })) === "refused") {
      const container = after.find((candidate) => candidate.service === name);
      report(name, "failed", "refused its new configuration");
      problems.push({
        id: "reload-refused",
        severity: "error",
        what: `${name} refused its new configuration.`,
        why: "It goes on with the one it had.",
        next: "Its last lines below say what it can't work with.",
        output: container ? await lastLog(docker, container, { since: askedAt }) : [],
      });
    }
  }
  return { actions, problems };
}

function actionOf(name: ServiceName, before: readonly Container[], after: readonly Container[]): Action {
  const old = before.find(({ service }) => service === name);
  const now = after.find(({ service }) => service === name);
  if (!old || old.state === "exited" || old.state === "created") return "started";
  return now && now.id === old.id && now.startedAt === old.startedAt ? "unchanged" : "restarted";
}

/** Turns Compose's progress into events of the stack's services; what concerns no single one of them is left out. */
export function progressTeller(project: string, report: ApplyOptions["report"]): (line: string) => void {
  // While a container is replaced its name has the old one's id in front.
  const containerName = new RegExp(`^(?:[0-9a-f]+_)?${project}-(.+)-\\d+$`);
  return (line) => {
    const progress = readProgress(line);
    if (!progress) return;
    const name = progress.kind === "image" ? progress.of : containerName.exec(progress.of)?.[1];
    const service = serviceNames.find((known) => known === name);
    // Compose says "started" of a container whose program has yet to come up: what follows is for the caller to tell.
    if (service && progress.phase !== "stopped") report(service, progress.phase, progress.detail);
  };
}
