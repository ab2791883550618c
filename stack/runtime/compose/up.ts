import { type Project, shownPath } from "../../project.js";
import type { ServiceName } from "../../services/service.js";
import { hasErrors, type Problem, ProblemError } from "../../validate/problem.js";
import { withProjectLock } from "../lock.js";
import { findTakenPorts, portProblem } from "../ports.js";
import type { Phase, UpRequest, UpResult } from "../runtime.js";
import { type WrittenSecrets, writeSecrets } from "../secrets.js";
import { type Applied, artefactStamp, readApplied, secretStamps, writeApplied } from "./applied.js";
import { type Action, apply } from "./apply.js";
import { belongsTo, type Container, containersOf } from "./containers.js";
import { type Docker, DockerCallError, problemsOf, requireDocker } from "./docker.js";
import { missingImages, pullProblem } from "./images.js";
import { type ComposeModel, readComposeModel } from "./model.js";
import { isPlaced } from "./place.js";
import { waitForServices } from "./wait-for-services.js";

/** See Runtime.up. Throws a ProblemError when it could not even begin: no Docker, ports taken, another `obs` at work. */
export async function composeUp(project: Project, request: UpRequest): Promise<UpResult> {
  const docker = await requireDocker(project);
  try {
    return await withProjectLock(project, "up", () => bringUp(docker, project, request));
  } catch (error) {
    if (request.signal.aborted) return { services: [], problems: [interrupted("Nothing was changed.")] };
    throw error;
  }
}

async function bringUp(docker: Docker, project: Project, request: UpRequest): Promise<UpResult> {
  const { rendered, signal } = request;
  const model = readComposeModel(rendered.composeFile ?? "");
  const known = await readApplied(project);
  const before = await containersOf(docker, model.name, { signal });
  await refuseForeign(project, before);
  await refuseOtherName(docker, model.name, known);
  await refuseTakenPorts(project, request, model, before);

  const names = new Map(rendered.plans.map((plan) => [plan.name, plan.secrets]));
  const secrets = await writeSecrets(project, names, request.secrets);
  const log = new Log(request.onEvent);
  try {
    const target = await targetOf(project, model, request);
    if (known && isSame(known, target) && allRun(model, before) && (await isPlaced(project, target)))
      return await confirm(docker, target, request, log);
    return await change(docker, project, { target, known, before, model, secrets }, request, log);
  } catch (error) {
    // Nothing of the running stack has been touched so far but its secrets.
    await secrets.undo();
    throw error;
  }
}

/** Nothing to change: asks all services whether they are ready. */
async function confirm(
  docker: Docker,
  target: Applied,
  { signal, detach }: UpRequest,
  log: Log,
): Promise<UpResult> {
  if (detach) for (const { name } of target.services) log.end(name, "unchanged");
  const waitedFor = detach ? [] : target.services;
  const problems = await waitForServices(docker, target.name, waitedFor, {
    signal,
    onReady: (name) => log.end(name, "unchanged"),
    onFailed: (name, why) => log.end(name, "failed", why),
  });
  return log.result(new Map(target.services.map(({ name }) => [name, "unchanged"])), problems);
}

interface Change {
  target: Applied;
  known: Applied | undefined;
  before: readonly Container[];
  model: ComposeModel;
  secrets: WrittenSecrets;
}

/** Brings the stack to `target`; whatever goes wrong on the way, what ran before runs afterwards. */
async function change(
  docker: Docker,
  project: Project,
  { target, known, before, model, secrets }: Change,
  { signal, detach }: UpRequest,
  log: Log,
): Promise<UpResult> {
  const report = log.report;
  try {
    for (const { name } of target.services) report(name, "preparing");
    const { actions, problems } = await apply(docker, project, target, { before, known }, { signal, report });
    if (!hasErrors(problems) && !detach) {
      for (const { name } of target.services) if (actions.get(name) !== "unchanged") report(name, "waiting");
      const found = await waitForServices(docker, target.name, target.services, {
        signal,
        onReady: (name) => log.end(name, actions.get(name) === "unchanged" ? "unchanged" : "ready"),
        onFailed: (name, why) => log.end(name, "failed", why),
      });
      problems.push(...found);
    }
    if (!hasErrors(problems)) {
      await writeApplied(project, target);
      return log.result(actions, problems);
    }
    return log.result(new Map(), [...problems, ...(await putBack())]);
  } catch (error) {
    const problems = signal.aborted
      ? [interrupted(before.length > 0 ? "What ran before runs on as it was." : "Nothing was left running.")]
      : await failureProblems(docker, model, error);
    return log.result(new Map(), [...problems, ...(await putBack())]);
  }

  async function putBack(): Promise<Problem[]> {
    try {
      await secrets.undo();
      await restore(docker, project, target, known, before, log);
      return [];
    } catch (error) {
      return problemsOf(error, "What ran before could not be put back.").map((problem) => ({
        ...problem,
        next: `${problem.next ?? ""} Then run \`obs up\` again.`.trim(),
      }));
    }
  }
}

/** Undoes a change, undisturbed by a further Ctrl-C: the former stack as it was, or none where there was none. */
async function restore(
  docker: Docker,
  project: Project,
  target: Applied,
  known: Applied | undefined,
  before: readonly Container[],
  log: Log,
): Promise<void> {
  const unbreakable = true;
  const report = log.report;
  const ran = before.some(({ state }) => state === "running");
  if (!ran) {
    for (const { name } of target.services) report(name, "stopping");
    await docker.compose({ name: target.name, file: true }, ["down", "--remove-orphans"], { unbreakable });
  } else if (known) {
    const now = await containersOf(docker, target.name, { unbreakable });
    const former = { ...known, secrets: await restoredStamps(project, known) };
    const { problems } = await apply(
      docker,
      project,
      former,
      { before: now, known: target },
      { unbreakable, report },
    );
    if (hasErrors(problems)) throw new ProblemError(problems);
  }
  for (const { name } of target.services) if (!log.failed(name)) report(name, ran ? "unchanged" : "stopped");
}

async function restoredStamps(project: Project, known: Applied): Promise<Record<string, string>> {
  const plans = known.services.map(({ name, secrets }) => ({ name, secrets }));
  return secretStamps(project, plans);
}

async function targetOf(project: Project, model: ComposeModel, { rendered }: UpRequest): Promise<Applied> {
  return {
    version: 1,
    name: model.name,
    composeFile: rendered.composeFile ?? "",
    artefacts: rendered.artefacts,
    secrets: await secretStamps(project, rendered.plans),
    services: rendered.plans.map(({ name, secrets, ready, page, reload, reloadMetrics }) => ({
      name,
      secrets,
      ready,
      page,
      reload,
      reloadMetrics,
    })),
  };
}

function isSame(known: Applied, target: Applied): boolean {
  return (
    known.composeFile === target.composeFile &&
    JSON.stringify(known.secrets) === JSON.stringify(target.secrets) &&
    JSON.stringify(known.services) === JSON.stringify(target.services) &&
    known.artefacts.length === target.artefacts.length &&
    target.services.every(
      ({ name }) => artefactStamp(known.artefacts, name) === artefactStamp(target.artefacts, name),
    )
  );
}

function allRun(model: ComposeModel, containers: readonly Container[]): boolean {
  return model.services.every(
    ({ name, oneShot }) =>
      oneShot || containers.some(({ service, state }) => service === name && state === "running"),
  );
}

/** Two clones of one project have the same name, and Compose would take the containers of one for the other's. */
async function refuseForeign(project: Project, containers: readonly Container[]): Promise<void> {
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
async function refuseOtherName(docker: Docker, name: string, known: Applied | undefined): Promise<void> {
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
async function refuseTakenPorts(
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

/** Names the images when it is them that are missing. */
async function failureProblems(docker: Docker, model: ComposeModel, error: unknown): Promise<Problem[]> {
  if (error instanceof DockerCallError) {
    const missing = await missingImages(docker, model).catch(() => []);
    if (missing.length > 0) return [pullProblem(missing, error.output)];
  }
  return problemsOf(error, "Docker could not bring the stack up.");
}

function interrupted(why: string): Problem {
  return {
    id: "interrupted",
    severity: "error",
    what: "Interrupted before the stack was up.",
    why,
    next: "Run `obs up` again.",
  };
}

/** Tells what happens to each service, and how long it took. */
class Log {
  private readonly begun = Date.now();
  private readonly ended = new Map<ServiceName, number>();
  private readonly failures = new Set<ServiceName>();

  constructor(private readonly onEvent: UpRequest["onEvent"]) {}

  readonly report = (service: ServiceName, phase: Phase, detail?: string): void => {
    const ms = Date.now() - this.begun;
    if (phase === "failed") this.failures.add(service);
    this.onEvent({ service, phase, ms, ...(detail === undefined ? {} : { detail }) });
  };

  end(service: ServiceName, phase: "ready" | "unchanged" | "failed", detail?: string): void {
    this.ended.set(service, Date.now() - this.begun);
    this.report(service, phase, detail);
  }

  failed(service: ServiceName): boolean {
    return this.failures.has(service);
  }

  result(actions: ReadonlyMap<ServiceName, Action>, problems: Problem[]): UpResult {
    const now = Date.now() - this.begun;
    return {
      services: [...actions].map(([name, action]) => ({ name, action, ms: this.ended.get(name) ?? now })),
      problems,
    };
  }
}
