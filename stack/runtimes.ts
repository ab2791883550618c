import type { Project } from "./project.js";
import type { Runtime, StackStatus } from "./runtime/runtime.js";
import { ProblemError } from "./validate/problem.js";

export type RuntimeName = Runtime["name"];

/** A runtime, and how the project's stack is there. */
export interface Surveyed {
  runtime: Runtime;
  status: StackStatus;
}

/** The runtime of a name. */
export async function runtimeNamed(name: RuntimeName, project: Project): Promise<Runtime> {
  if (name === "native") return (await import("./runtime/native/index.js")).nativeRuntime(project);
  return (await import("./runtime/compose/index.js")).composeRuntime(project);
}

/** Asks every runtime how the project's stack is there: that is how the one that runs it is found. */
export async function surveyRuntimes(project: Project): Promise<Surveyed[]> {
  const names: RuntimeName[] = ["native", "compose"];
  return Promise.all(
    names.map(async (name) => {
      const runtime = await runtimeNamed(name, project);
      return { runtime, status: await runtime.status() };
    }),
  );
}

/** The one that runs the stack; else the one that should, because its last `up` was never followed by a `down`. */
export function currentRuntime(surveyed: readonly Surveyed[]): Surveyed | undefined {
  return (
    surveyed.find(({ status }) => status.running) ??
    surveyed.find(({ status }) => status.services.length > 0 || status.problems.length > 0)
  );
}

/** A runtime for `up`, and why it is this one, in a few words. */
export interface Choice {
  runtime: Runtime;
  why: string;
}

/**
 * Chooses where to run: as asked; else where the stack runs already; else Compose where a Docker engine answers; else
 * native. Throws a ProblemError when the other runtime of the project has the stack running.
 */
export async function chooseRuntime(
  project: Project,
  surveyed: readonly Surveyed[],
  wanted: RuntimeName | undefined,
): Promise<Choice> {
  const running = surveyed.find(({ status }) => status.running)?.runtime;
  if (running && wanted && running.name !== wanted)
    throw new ProblemError([otherRuntimeRuns(running.name, wanted)]);
  if (wanted) return { runtime: await runtimeNamed(wanted, project), why: "as you asked" };
  if (running) return { runtime: running, why: "it runs there already" };
  const { dockerState } = await import("./runtime/compose/docker-state.js");
  const docker = await dockerState();
  return docker.ok
    ? {
        runtime: await runtimeNamed("compose", project),
        why: `Docker ${docker.engine} and Compose ${docker.compose.version} are here`,
      }
    : { runtime: await runtimeNamed("native", project), why: lowerFirst(docker.problem.what) };
}

function otherRuntimeRuns(running: RuntimeName, wanted: RuntimeName) {
  const where = { compose: "under Docker Compose", native: "as local processes" };
  return {
    id: "other-runtime-up",
    severity: "error",
    what: `This stack runs ${where[running]} already.`,
    why: `Started ${where[wanted]} as well, both would want the same ports.`,
    next: `Run \`obs down\` first (its data stays where it is), or \`obs up\` without --runtime.`,
  } as const;
}

/** As the second half of a sentence; names such as "Docker" keep their capital. */
function lowerFirst(sentence: string): string {
  const text = sentence.replace(/\.$/, "");
  return /^(The|No|There|It|This)\b/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** Those that `down` concerns: where something runs or should; with `volumes` also where data may lie. */
export async function involvedInDown(surveyed: readonly Surveyed[], volumes: boolean): Promise<Surveyed[]> {
  const concerned = await Promise.all(
    surveyed.map(async ({ runtime, status }) => {
      if (status.running || status.services.length > 0 || status.problems.length > 0) return true;
      if (!volumes) return false;
      if (runtime.name === "native") return true;
      // Without an engine there are no volumes to remove either.
      const { dockerState } = await import("./runtime/compose/docker-state.js");
      return (await dockerState()).ok;
    }),
  );
  return surveyed.filter((_, at) => concerned[at]);
}
