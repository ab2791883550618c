import type { Project } from "../../project.js";
import { serviceNames } from "../../services/names.js";
import { askReady } from "../readiness.js";
import type { ServiceStatus, StackStatus } from "../runtime.js";
import { type Applied, type AppliedService, readApplied } from "./applied.js";
import { belongsTo, type Container, containersOf, lastLog } from "./containers.js";
import { type Docker, dockerFor } from "./docker.js";
import { dockerState } from "./docker-state.js";
import { projectName } from "./project-name.js";
import { crashReason } from "./wait-for-services.js";

/** So long after its start (in ms) a service that isn't ready is called starting. */
const startingFor = 60_000;

/** See Runtime.status. */
export async function composeStatus(project: Project): Promise<StackStatus> {
  const status: StackStatus = { runtime: "compose", running: false, services: [], problems: [] };
  const name = await projectName(project);
  const applied = await readApplied(project);
  if (name === undefined) return status;
  const state = await dockerState();
  // Where nothing was brought up, a missing Docker is no finding about this stack.
  if (!state.ok) return applied ? { ...status, problems: [state.problem] } : status;
  const docker = dockerFor(project, state.compose);
  const containers = await containersOf(docker, name);
  if (!(await belongsTo(project, containers))) return status;
  const services = await Promise.all(
    membersOf(applied, containers).map((service) =>
      statusOf(
        docker,
        service,
        containers.find((container) => container.service === service.name),
      ),
    ),
  );
  return { ...status, running: containers.some(({ state }) => state === "running"), services };
}

/** What should be there; without a record of it, what is. */
function membersOf(
  applied: Applied | undefined,
  containers: readonly Container[],
): Pick<AppliedService, "name" | "page">[] | AppliedService[] {
  if (applied) return applied.services;
  return serviceNames
    .filter((name) => containers.some(({ service }) => service === name))
    .map((name) => ({ name }));
}

async function statusOf(
  docker: Docker,
  { name, page, ready }: Pick<AppliedService, "name" | "page"> & Partial<AppliedService>,
  container: Container | undefined,
): Promise<ServiceStatus> {
  const base = { name, restarts: container?.restarts ?? 0, ...(page ? { url: page.url } : {}) };
  if (!container) return { ...base, state: "stopped", reason: "It has no container." };
  const known = { ...base, container: container.name };
  if (container.state === "restarting" || (container.state === "exited" && container.exitCode !== 0)) {
    return {
      ...known,
      state: "crashed",
      reason: crashReason(container),
      lastLog: await lastLog(docker, container),
    };
  }
  if (container.state !== "running")
    return {
      ...known,
      state: "stopped",
      reason: "Its container does not run.",
      lastLog: await lastLog(docker, container),
    };
  const uptime = Date.now() - container.startedAt;
  const running = { ...known, uptimeSeconds: Math.max(0, Math.round(uptime / 1000)) };
  const answer = ready
    ? await askReady(ready.url)
    : { ready: false, reason: "can't be asked: run `obs up` once" };
  if (answer.ready) return { ...running, state: "ready" };
  return {
    ...running,
    state: uptime < startingFor ? "starting" : "not-ready",
    reason: `It ${answer.reason}.`,
    lastLog: await lastLog(docker, container),
  };
}
