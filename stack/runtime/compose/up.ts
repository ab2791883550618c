import type { Project } from "../../project.js";
import { hasErrors, type Problem, ProblemError } from "../../validate/problem.js";
import { withProjectLock } from "../lock.js";
import type { UpRequest, UpResult } from "../runtime.js";
import { type WrittenSecrets, writeSecrets } from "../secrets.js";
import { type Applied, readApplied, secretStamps, serviceHash, writeApplied } from "./applied.js";
import { apply } from "./apply.js";
import { type Container, containersOf } from "./containers.js";
import { type Docker, DockerCallError, problemsOf, requireDocker } from "./docker.js";
import { missingImages, pullProblem } from "./images.js";
import { type ComposeModel, readComposeModel } from "./model.js";
import { isPlaced } from "./place.js";
import { refuseForeign, refuseOtherName, refuseTakenPorts } from "./preflight.js";
import { UpLog } from "./up-log.js";
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
  const log = new UpLog(request.onEvent);
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
  log: UpLog,
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
  log: UpLog,
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
        next: problem.next
          ? `${problem.next} Then run \`obs up\` again.`
          : "Mend the definition and run `obs up` again.",
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
  log: UpLog,
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
  } else {
    throw new ProblemError([notRecorded]);
  }
  for (const { name } of target.services) if (!log.failed(name)) report(name, ran ? "unchanged" : "stopped");
}

const notRecorded: Problem = {
  id: "not-put-back",
  severity: "error",
  what: "What ran before could not be put back: the record of it in .obs/run is gone.",
  why: "Containers that had not been changed yet run on; the others have the new configuration.",
};

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
    target.services.every(({ name }) => serviceHash(known, name) === serviceHash(target, name))
  );
}

function allRun(model: ComposeModel, containers: readonly Container[]): boolean {
  return model.services.every(
    ({ name, oneShot }) =>
      oneShot || containers.some(({ service, state }) => service === name && state === "running"),
  );
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
