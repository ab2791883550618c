import type { Project } from "../../project.js";
import { serviceNames } from "../../services/names.js";
import type { ServiceName } from "../../services/service.js";
import type { Problem } from "../../validate/problem.js";
import { withProjectLock } from "../lock.js";
import type { RuntimeEvent } from "../runtime.js";
import { forgetApplied, readApplied } from "./applied.js";
import { progressTeller } from "./apply.js";
import { belongsTo, containersOf } from "./containers.js";
import { type Docker, problemsOf, requireDocker } from "./docker.js";
import { dockerState } from "./docker-state.js";
import { projectName } from "./project-name.js";

/** See Runtime.down. */
export async function composeDown(
  project: Project,
  options: { volumes: boolean; signal: AbortSignal; onEvent: (event: RuntimeEvent) => void },
): Promise<{ stopped: ServiceName[]; problems: Problem[] }> {
  const nothing = { stopped: [], problems: [] };
  const name = await projectName(project);
  if (name === undefined) return nothing;
  // Without an engine nothing runs; only data or a stack that was up is a reason to complain.
  const applied = await readApplied(project);
  if (!applied && !options.volumes && !(await dockerState()).ok) return nothing;
  const docker = await requireDocker(project);
  try {
    return await withProjectLock(project, "down", () => takeDown(docker, project, name, options));
  } catch (error) {
    if (options.signal.aborted) return { stopped: [], problems: [interrupted] };
    throw error;
  }
}

async function takeDown(
  docker: Docker,
  project: Project,
  name: string,
  { volumes, signal, onEvent }: Parameters<typeof composeDown>[1],
): Promise<{ stopped: ServiceName[]; problems: Problem[] }> {
  const begun = Date.now();
  const report = (service: ServiceName, phase: RuntimeEvent["phase"]) =>
    onEvent({ service, phase, ms: Date.now() - begun });
  const containers = await containersOf(docker, name, { signal });
  if (containers.length > 0 && !(await belongsTo(project, containers))) {
    // Another clone's stack of the same name isn't ours to end, nor are its volumes.
    return { stopped: [], problems: [foreign(containers[0]!.folder)] };
  }
  const problems: Problem[] = [];
  try {
    // By the labels of what is there: the Compose file may have changed since, or be broken.
    await docker.compose({ name, file: false }, ["down", "--remove-orphans"], {
      signal,
      onProgress: progressTeller(name, report),
    });
  } catch (error) {
    if (signal.aborted) throw error;
    return { stopped: [], problems: problemsOf(error, "Docker could not stop the stack.") };
  }
  // Compose leaves a network in peace that others use, and says nothing.
  const inUse = containers.length > 0 ? await usersOfNetwork(docker, `${name}-telemetry`) : [];
  if (inUse.length > 0) problems.push(networkInUse(`${name}-telemetry`, inUse));
  if (volumes) await removeVolumes(docker, name, signal);
  await forgetApplied(project);
  const stopped = serviceNames.filter((service) =>
    containers.some((container) => container.service === service && container.state !== "exited"),
  );
  for (const service of stopped) report(service, "stopped");
  return { stopped: [...stopped], problems };
}

/** All volumes of the project, those of services that have left the definition included. */
async function removeVolumes(docker: Docker, name: string, signal: AbortSignal): Promise<void> {
  const filter = `label=com.docker.compose.project=${name}`;
  const listed = await docker.docker(["volume", "ls", "--quiet", "--filter", filter], { signal });
  const volumes = listed.split("\n").filter((volume) => volume !== "");
  if (volumes.length > 0) await docker.docker(["volume", "rm", ...volumes], { signal });
}

async function usersOfNetwork(docker: Docker, network: string): Promise<string[]> {
  try {
    const json = await docker.docker(["network", "inspect", network]);
    const [found] = JSON.parse(json) as { Containers?: Record<string, { Name: string }> | null }[];
    return Object.values(found?.Containers ?? {}).map(({ Name }) => Name);
  } catch {
    return [];
  }
}

function networkInUse(network: string, users: string[]): Problem {
  return {
    id: "network-in-use",
    severity: "warning",
    what: `The network ${network} stays: ${users.join(", ")} ${users.length === 1 ? "is" : "are"} still connected to it.`,
    next: "Stop what uses it and run `obs down` again, or leave it for the next `obs up`.",
  };
}

const interrupted: Problem = {
  id: "interrupted",
  severity: "error",
  what: "Interrupted before all was stopped.",
  next: "Run `obs down` again.",
};

function foreign(folder: string): Problem {
  return {
    id: "name-taken",
    severity: "error",
    what: `The stack of this name was started from ${folder}, not from here.`,
    next: "Run `obs down` there.",
  };
}
