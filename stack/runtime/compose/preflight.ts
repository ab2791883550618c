import { type Project, shownPath } from "../../project.js";
import { ProblemError } from "../../validate/problem.js";
import { findTakenPorts, portProblem } from "../ports.js";
import type { UpRequest } from "../runtime.js";
import type { Applied } from "./applied.js";
import { belongsTo, type Container, containersOf } from "./containers.js";
import type { Docker } from "./docker.js";
import type { ComposeModel } from "./model.js";

/** Two clones of one project have the same name, and Compose would take the containers of one for the other's. */
export async function refuseForeign(project: Project, containers: readonly Container[]): Promise<void> {
  if (await belongsTo(project, containers)) return;
  throw new ProblemError([
    {
      id: "name-taken",
      severity: "error",
      what: `A stack of the same name is there already, from ${containers[0]?.folder}.`,
      why: "Docker tells stacks apart by their names.",
      next: "Give this one another `name`, or run `obs down` there first.",
      place: { file: shownPath(project, project.configFile), keyPath: "name" },
    },
  ]);
}

/** Renaming a stack would leave the former one running on the same ports, with the data in its volumes. */
export async function refuseOtherName(
  docker: Docker,
  name: string,
  known: Applied | undefined,
): Promise<void> {
  if (!known || known.name === name) return;
  const running = (await containersOf(docker, known.name)).filter(({ state }) => state === "running");
  if (running.length === 0) return;
  throw new ProblemError([
    {
      id: "stack-renamed",
      severity: "error",
      what: `This project runs under its former name ${known.name}.`,
      why: `Its data lies in volumes of that name; a stack named ${name} begins with empty ones.`,
      next: "Run `obs down` first, or keep the name.",
    },
  ]);
}

/** Throws a ProblemError when somebody else has a port that the stack publishes. */
export async function refuseTakenPorts(
  project: Project,
  { rendered }: UpRequest,
  model: ComposeModel,
  before: readonly Container[],
): Promise<void> {
  const published = new Set(model.services.flatMap((service) => service.published));
  const own = new Set(
    before
      .filter(({ state }) => state === "running" || state === "restarting")
      .flatMap((container) => container.published.map(portAndProtocol)),
  );
  const claims = rendered.plans.flatMap(({ name: service, ports }) =>
    ports
      .map((port) => ({ service, ...port, key: `${port.address}/${port.protocol}` }))
      .filter(({ key }) => published.has(key) && !own.has(portAndProtocol(key))),
  );
  // The engine opens the ports, as root: that this process may not is no news.
  const taken = (await findTakenPorts(claims)).filter(({ code }) => code !== "EACCES");
  const configFile = shownPath(project, project.configFile);
  if (taken.length > 0) throw new ProblemError(taken.map((port) => portProblem(port, configFile)));
}

/** `9090/tcp` of `127.0.0.1:9090/tcp`: a port of ours stays ours when its address changes. */
function portAndProtocol(published: string): string {
  return published.slice(published.lastIndexOf(":") + 1);
}
