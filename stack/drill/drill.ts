import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { RulePack } from "../alerting/define-rules.js";
import { packFile, wantedGroups } from "../alerting/render-pack.js";
import { unknownAlert } from "../alerting/unknown-alert.js";
import type { RenderInput } from "../render/render.js";
import type { Runtime } from "../runtime/runtime.js";
import { drillWebhookSecret } from "../services/names.js";
import { type Problem, ProblemError } from "../validate/problem.js";
import type { Hop } from "../verify/hop.js";
import { hopLimitMs } from "../verify/poll.js";
import { HopRun } from "../verify/run-hop.js";
import { withWebhook } from "../verify/with-webhook.js";
import { drillAlert, drillFolder } from "./alert-drill.js";
import { endAlerts } from "./end-alerts.js";
import { type Exercise, exerciseOf } from "./exercise.js";
import { requireDrillsApart } from "./preflight.js";

/** What to drill, and who listens. */
export interface DrillRequest {
  /** What the stack that runs was rendered from. */
  input: RenderInput;
  runtime: Runtime;
  exercises: readonly Exercise[];
  /** Aborting it ends every program of the drill and leaves nothing behind; the promise rejects with its reason. */
  signal: AbortSignal;
  /** Told when a hop begins and when it ends. */
  onHop: (hop: Hop) => void;
  /** How long one hop may take, in ms; 30 s unless given. */
  limitMs?: number;
}

/** What a drill came to. */
export interface DrillResult {
  hops: Hop[];
  problems: Problem[];
}

/**
 * The alerts that a drill is to follow: those named, or every critical one, or with `all` every one that can be.
 * Throws a ProblemError for names of no alert, and for alerts without a case in which they fire.
 */
export function chooseExercises(
  { stack, facts }: Pick<RenderInput, "stack" | "facts">,
  { names, all }: { names: readonly string[]; all: boolean },
): Exercise[] {
  const rules = stack.alerting.packs.flatMap((pack) =>
    wantedGroups(pack, { stack, facts }).flatMap((group) =>
      group.rules.flatMap((rule) => (rule.kind === "alert" ? [{ rule, group, pack }] : [])),
    ),
  );
  const known = [...new Set(rules.map(({ rule }) => rule.name))];
  const otherwise =
    known.length > 0
      ? `There are: ${known.join(", ")}.`
      : "Drills are for the alerts of alerting.packs, whose cases say what makes them fire.";
  const problems = names
    .filter((name) => !known.includes(name))
    .map((name) => unknownAlert(name, known, otherwise));
  const chosen = rules.filter(({ rule }) =>
    names.length > 0 ? names.includes(rule.name) : all || rule.severity === "critical",
  );
  const exercises = chosen.map((each) => {
    const { rule, pack } = each;
    const unique = rules.filter((other) => other.rule.name === rule.name).length === 1;
    return {
      rule,
      exercise: exerciseOf({ ...each, title: unique ? rule.name : `${rule.name} (${pack.name})` }),
    };
  });
  if (names.length > 0)
    problems.push(
      ...exercises
        .filter(({ exercise }) => !exercise)
        .map(
          ({ rule }): Problem => ({
            id: "drill-without-case",
            severity: "error",
            what: `${rule.name} has no case in which it fires.`,
            next: 'Add one of kind "fires": a drill writes its series.',
          }),
        ),
    );
  if (problems.length > 0) throw new ProblemError(problems, 2);
  return exercises.flatMap(({ exercise }) => exercise ?? []);
}

/**
 * Follows alerts through the running stack: a Prometheus of the drill's own, one for each alert, evaluates the unmodified
 * rules over series that breach them and tells the running Alertmanager, which keeps them from people and tells a webhook of
 * the drill. The stack's own Prometheus sees none of it.
 * Throws a ProblemError where Alertmanager does not keep drills apart, or another drill is at work.
 */
export async function runDrill(request: DrillRequest): Promise<DrillResult> {
  const { input, runtime, exercises, signal, onHop, limitMs = hopLimitMs } = request;
  const { project, stack } = input;
  const id = `drill-${randomBytes(3).toString("hex")}`;
  const context = { stack, runtime, signal, limitMs };
  const run = new HopRun(context, onHop, "drill");
  const runDir = join(project.stateDir, "run");
  await requireDrillsApart(context);
  await withWebhook({ project, runtime }, { verb: "drill", secret: drillWebhookSecret }, async (webhook) => {
    await removeLeftovers(runDir);
    await mkdir(runDir, { recursive: true, mode: 0o700 });
    const waiting = [...exercises.entries()];
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [index, exercise] = next;
        const file = packFile(evaluatedAtOnce(exercise.pack), input);
        const folder = drillFolder(runDir, id, index);
        try {
          await mkdir(folder, { mode: 0o700 });
          // A value of its own keeps it apart from the other alerts of the drill as well.
          await drillAlert({ ...context, id: `${id}-${index}` }, run, { exercise, file, folder, webhook });
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      }
    };
    const workers = Array.from({ length: Math.min(exercises.length, availableParallelism()) }, worker);
    // All of them have cleaned up before the webhook is closed, also where one has failed.
    const ends = await Promise.allSettled(workers);
    await endAlerts(stack, webhook);
    signal.throwIfAborted();
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  });
  return { hops: run.hops, problems: run.hops.flatMap(({ problem }) => problem ?? []) };
}

/**
 * The same rules, evaluated as often as the drill's Prometheus does by itself: to wait five minutes for the next evaluation of
 * a group proves nothing more.
 */
function evaluatedAtOnce(pack: RulePack): RulePack {
  return { ...pack, groups: pack.groups.map(({ interval: _, ...group }) => group) };
}

/** Folders of a drill that was killed; its programs ended with it. */
async function removeLeftovers(runDir: string): Promise<void> {
  const names = await readdir(runDir).catch(() => []);
  await Promise.all(
    names
      .filter((name) => /^drill-[0-9a-f]+-\d+$/.test(name))
      .map((name) => rm(join(runDir, name), { recursive: true, force: true })),
  );
}
