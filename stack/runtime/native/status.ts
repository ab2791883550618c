import type { Project } from "../../project.js";
import type { Problem } from "../../validate/problem.js";
import { isRunning, markedProcesses } from "../process.js";
import { askReady } from "../readiness.js";
import type { ServiceStatus, StackStatus } from "../runtime.js";
import { findSupervision, type Supervision } from "./client.js";
import { layoutOf } from "./layout.js";
import { describeExit, type ProgramState, supervisorMark } from "./state.js";
import { lastLines } from "./tail.js";

/** A program that is not ready is called starting for this long (milliseconds) after its start, then not ready. */
const startsFor = 60_000;

const shownLines = 5;

/** See Runtime.status. Changes nothing and waits for nobody. */
export async function nativeStatus(project: Project): Promise<StackStatus> {
  const layout = layoutOf(project);
  const supervision = await findSupervision(layout);
  const programs = Object.values(supervision.state?.programs ?? {});
  const services = await Promise.all(
    programs.map((program) => statusOf(program, supervision.kind === "there")),
  );
  const running = services.some(({ pid }) => pid !== undefined);
  return {
    runtime: "native",
    running,
    services,
    problems: problemsOf(supervision, services, layout.stateDir),
  };
}

async function statusOf(program: ProgramState, supervised: boolean): Promise<ServiceStatus> {
  const { spec, process } = program;
  const alive = process !== undefined && isRunning(process);
  const base = {
    name: spec.name,
    restarts: program.restarts,
    ...(spec.page ? { url: spec.page.url } : {}),
  };
  const lastLog = () => lastLines(spec.log, shownLines, { from: program.logFrom });
  if (!alive) return { ...base, ...endedState(program, supervised), lastLog: lastLog() };

  const up = Date.now() - (program.startedAt ?? Date.now());
  const common = { ...base, pid: process.pid, uptimeSeconds: Math.round(up / 1000) };
  if (program.phase === "stopping")
    return { ...common, state: "not-ready", reason: "It is being stopped.", lastLog: lastLog() };
  const answer = await askReady(spec.readyUrl);
  if (answer.ready) return { ...common, state: "ready" };
  return {
    ...common,
    state: up < startsFor ? "starting" : "not-ready",
    reason: `It ${answer.reason}.`,
    lastLog: lastLog(),
  };
}

function endedState(
  { phase, crashes, nextStartAt, lastExit, process }: ProgramState,
  supervised: boolean,
): Pick<ServiceStatus, "state" | "reason"> {
  if (!supervised)
    return phase === "running" || process
      ? { state: "crashed", reason: "It ended while no supervisor watched it." }
      : { state: "stopped", reason: `It ${describeExit(lastExit)}; nobody starts it again.` };
  // The supervisor hears of it in this instant.
  if (phase === "running") return { state: "crashed", reason: "It has just ended." };
  if (phase === "stopping") return { state: "stopped", reason: "It is being stopped." };
  const seconds = Math.max(0, Math.ceil(((nextStartAt ?? Date.now()) - Date.now()) / 1000));
  const times = crashes > 1 ? `, ${crashes} times in a row` : "";
  return { state: "crashed", reason: `It ${describeExit(lastExit)}${times}; started again in ${seconds} s.` };
}

function problemsOf(
  supervision: Supervision,
  services: readonly ServiceStatus[],
  stateDir: string,
): Problem[] {
  const running = services.filter(({ pid }) => pid !== undefined).length;
  if (supervision.kind === "none") {
    const strays = markedProcesses(stateDir).filter(({ service }) => service !== supervisorMark);
    if (strays.length === 0) return [];
    return [
      {
        id: "state-lost",
        severity: "warning",
        what: `${strays.length} processes of this stack run, but its state file is gone.`,
        next: "Run `obs down`: it finds and stops them.",
      },
    ];
  }
  if (supervision.kind === "there") return [];
  return [
    {
      id: supervision.kind === "gone" ? "supervisor-gone" : "supervisor-unreachable",
      severity: "warning",
      what:
        supervision.kind === "gone"
          ? `The supervisor is gone; ${running === 0 ? "none" : running} of its ${services.length} programs ${running === 1 ? "runs" : "run"} on without it.`
          : `The supervisor (process ${supervision.state.supervisor.pid}) doesn't answer.`,
      why: "Nobody starts a crashed program again or keeps the logs small meanwhile.",
      next: "Run `obs up`: a new supervisor takes over what runs. Or stop everything with `obs down`.",
    },
  ];
}
