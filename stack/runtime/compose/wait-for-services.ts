import { setTimeout as delay } from "node:timers/promises";
import type { ServiceName } from "../../services/service.js";
import type { Problem } from "../../validate/problem.js";
import { askReady } from "../readiness.js";
import type { AppliedService } from "./applied.js";
import { type Container, containersOf, lastLog } from "./containers.js";
import type { Docker } from "./docker.js";

/** How long a service may take to become ready, in ms: Loki replays its log, Grafana migrates its database. */
export const readyWithin = 120_000;

/**
 * Starts by Docker after which a service counts as crash-looping. One or two are forgiven: a program may end because
 * another isn't there yet. Docker waits 0.1 s, 0.2 s, 0.4 s ... between them, so this is told within two seconds.
 */
const crashesForgiven = 2;

/** Between two looks, in ms: at the addresses, which is cheap, and at the containers. */
const lookAtAddresses = 100;
const lookAtContainers = 500;

/**
 * Waits until all of these services are ready. Resolves early, with a Problem for each that is not, when one of them
 * crash-loops or `readyWithin` has passed. Rejects when aborted or when the engine goes away.
 */
export async function waitForServices(
  docker: Docker,
  project: string,
  services: readonly AppliedService[],
  {
    signal,
    onReady,
    onFailed,
  }: {
    signal: AbortSignal;
    onReady: (service: ServiceName) => void;
    onFailed: (service: ServiceName, why: string) => void;
  },
): Promise<Problem[]> {
  const waiting = new Map(services.map((service) => [service.name, service]));
  const reasons = new Map<ServiceName, string>();
  const restartsBefore = new Map<string, number>();
  const end = Date.now() + readyWithin;
  let nextLook = 0;
  for (;;) {
    const asked = [...waiting.values()].map(async ({ name, ready }) => {
      const answer = await askReady(ready.url, { signal });
      if (answer.ready) {
        waiting.delete(name);
        onReady(name);
      } else if (answer.reason) reasons.set(name, `It ${answer.reason}.`);
    });
    await Promise.all(asked);
    signal.throwIfAborted();
    if (waiting.size === 0) return [];
    if (Date.now() >= nextLook) {
      const containers = await containersOf(docker, project, { signal });
      for (const { id, restarts } of containers)
        if (!restartsBefore.has(id)) restartsBefore.set(id, restarts);
      const crashed = containers.filter(
        (container) =>
          waiting.has(container.service as ServiceName) &&
          (container.state === "exited" ||
            container.restarts - restartsBefore.get(container.id)! > crashesForgiven),
      );
      if (crashed.length > 0) {
        for (const { service } of crashed) onFailed(service as ServiceName, "does not stay up");
        return Promise.all(crashed.map((container) => crashProblem(docker, container)));
      }
      nextLook = Date.now() + lookAtContainers;
    }
    if (Date.now() > end) {
      const containers = await containersOf(docker, project, { signal });
      for (const name of waiting.keys()) onFailed(name, "did not get ready");
      return Promise.all(
        [...waiting.keys()].map((name) => unreadyProblem(docker, name, reasons.get(name), containers)),
      );
    }
    await delay(lookAtAddresses, undefined, { signal });
  }
}

/** Why a container doesn't stay up, in a sentence. */
export function crashReason(container: Container): string {
  if (container.outOfMemory) return "It was ended because it used more memory than it may.";
  return `It ended by itself with exit code ${container.exitCode}${container.restarts > 0 ? `, ${container.restarts} times` : ""}.`;
}

async function crashProblem(docker: Docker, container: Container): Promise<Problem> {
  const output = await lastLog(docker, container);
  return {
    id: "service-crashes",
    severity: "error",
    what: `${container.service} does not stay up.`,
    why: crashReason(container),
    next: container.outOfMemory
      ? `Give it more: \`overrides: { compose: { services: { "${container.service}": { mem_limit: "2g" } } } }\`.`
      : "Its last lines below say what it can't work with.",
    output,
  };
}

async function unreadyProblem(
  docker: Docker,
  name: ServiceName,
  reason: string | undefined,
  containers: readonly Container[],
): Promise<Problem> {
  const container = containers.find(({ service }) => service === name);
  return {
    id: "service-not-ready",
    severity: "error",
    what: `${name} was not ready within ${readyWithin / 1000} s.`,
    ...(reason ? { why: reason } : {}),
    next: `Look at its log: \`obs logs ${name}\`.`,
    ...(container ? { output: await lastLog(docker, container) } : {}),
  };
}
