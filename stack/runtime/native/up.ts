import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Project, shownPath } from "../../project.js";
import type { ServicePlan } from "../../render/artefact.js";
import type { ServiceName } from "../../services/service.js";
import { hasErrors, type Problem, ProblemError } from "../../validate/problem.js";
import { withProjectLock } from "../lock.js";
import { findTakenPorts, portProblem } from "../ports.js";
import { markOf } from "../process.js";
import { askReady, waitUntilReady } from "../readiness.js";
import { reloadAndConfirm } from "../reload.js";
import type { Phase, UpRequest, UpResult } from "../runtime.js";
import { writeSecrets } from "../secrets.js";
import { crashLoopAfter } from "./back-off.js";
import { type SupervisorClient, SupervisorGone } from "./client.js";
import { applyFiles, type FileChange, planFiles, revertFiles } from "./config-files.js";
import { type Change, diffServices, mustStopFirst, type Running } from "./diff.js";
import { ensureSupervisor } from "./launch.js";
import { type Layout, layoutOf } from "./layout.js";
import { type Locate, locateAll } from "./locate.js";
import { ProblemMaker } from "./problems.js";
import { specOf } from "./spec.js";
import type { NativeState, ProgramSpec, ProgramState } from "./state.js";
import { ProgramWatcher } from "./watcher.js";

/** A store may have to read its whole log again after a crash; what takes longer than this many seconds is stuck. */
const readyWithin = 60;

/** After a first failure the others get this long (milliseconds) to fail too, so that one run tells of all. */
const othersMayFail = 2_000;

/** Phases that say why: those that begin something. */
const actions: ReadonlySet<Phase> = new Set(["starting", "reloading", "restarting", "stopping"]);

/** See Runtime.up. Throws a ProblemError when it could not even begin: a program is missing, another `obs` is at work. */
export async function nativeUp(project: Project, locate: Locate, request: UpRequest): Promise<UpResult> {
  const begun = performance.now();
  const layout = layoutOf(project);
  const paths = await locateAll(project, request.rendered.plans, locate);
  return withProjectLock(project, "up", async () => {
    const undo: (() => Promise<void>)[] = [];
    const problems = new ProblemMaker(project, request.secrets);
    let ranBefore = false;
    try {
      request.signal.throwIfAborted();
      const names = new Map(request.rendered.plans.map((plan) => [plan.name, plan.secrets]));
      const secrets = await writeSecrets(project, names, request.secrets);
      undo.push(() => secrets.undo());
      const client = await ensureSupervisor(layout);
      const state = await client.state();
      ranBefore = Object.keys(state.programs).length > 0;
      if (!ranBefore) undo.push(() => client.shutdown());
      const watcher = await ProgramWatcher.open(client);
      for (const program of Object.values(state.programs)) watcher.see(program);
      try {
        const work = new Up(project, layout, request, begun, paths, { client, watcher, state, problems });
        const result = await work.run();
        // What came up stays; only a stack of nothing at all needs no supervisor.
        if (!hasErrors(result.problems)) undo.length = 0;
        return result;
      } finally {
        watcher.close();
      }
    } catch (error) {
      if (request.signal.aborted) return { services: [], problems: [problems.interrupted(ranBefore)] };
      if (error instanceof SupervisorGone) return { services: [], problems: [problems.supervisorLost()] };
      throw error;
    } finally {
      for (const step of undo.reverse())
        await step().catch((error: unknown) => {
          // A supervisor that is gone has nothing left to shut down.
          if (!(error instanceof SupervisorGone)) throw error;
        });
    }
  });
}

interface Tools {
  client: SupervisorClient;
  watcher: ProgramWatcher;
  /** What ran before. */
  state: NativeState;
  problems: ProblemMaker;
}

/** One service that is to be changed, with all that the way there and back needs. */
interface Step {
  change: Change;
  plan?: ServicePlan;
  spec?: ProgramSpec;
  files: FileChange[];
  former?: ProgramState;
  /** Whether something was done to its process: then the way back must do something too. */
  touched: boolean;
}

class ServiceFailure extends Error {
  constructor(readonly problem: Problem) {
    super(problem.what);
  }
}

/** One `up`, from the comparison to either end. */
class Up {
  private readonly services: UpResult["services"] = [];

  constructor(
    private readonly project: Project,
    private readonly layout: Layout,
    private readonly request: UpRequest,
    private readonly begun: number,
    private readonly paths: ReadonlyMap<string, string>,
    private readonly tools: Tools,
  ) {}

  async run(): Promise<UpResult> {
    const steps = await this.compare();
    const problems = await this.portProblems(steps);
    if (problems.length > 0) return { services: [], problems };
    this.request.signal.throwIfAborted();
    try {
      await this.carryOut(steps);
      return { services: this.inOrder(), problems: [] };
    } catch (error) {
      const found = await this.problemsOf(error, steps);
      return { services: [], problems: [...found, ...(await this.putBack(steps))] };
    }
  }

  private async compare(): Promise<Step[]> {
    const { plans } = this.request.rendered;
    const { programs } = this.tools.state;
    const prepared = await Promise.all(
      plans.map(async (plan) => {
        const prefix = `${plan.name}/`;
        const files = new Map(plan.files.map(({ path, text }) => [path.slice(prefix.length), text]));
        const folder = join(this.layout.configDir, plan.name);
        return {
          plan,
          spec: await specOf(this.project, this.layout, plan, this.paths.get(plan.name)!),
          files: await planFiles(folder, files),
        };
      }),
    );
    const running = Object.values(programs).map((program): Running => {
      const { name, processHash, filesHash } = program.spec;
      const alive = program.phase === "running" && program.crashes < crashLoopAfter;
      return { name, processHash, filesHash, alive };
    });
    const changes = diffServices(
      running,
      prepared.map(({ plan, spec, files }) => ({
        ...spec,
        filesInPlace: files.length === 0,
        reload: plan.reload,
      })),
    );
    return changes.map((change): Step => {
      const former = programs[change.name];
      const found = prepared.find(({ plan }) => plan.name === change.name);
      return { change, ...(found ?? { files: [] }), ...(former ? { former } : {}), touched: false };
    });
  }

  /** Ports of what is about to be started, unless programs of this very stack hold them. */
  private async portProblems(steps: readonly Step[]): Promise<Problem[]> {
    const claims = steps
      .filter(({ change }) => change.action === "start" || change.action === "restart")
      .flatMap(({ plan, former }) =>
        plan!.ports
          .filter((port) => !isRunningWith(former, port))
          .map((port) => ({ ...port, service: plan!.name })),
      );
    const ours = new Set(Object.values(this.tools.state.programs).map(({ process }) => process?.pid));
    const taken = await findTakenPorts(claims);
    return taken
      .filter(
        ({ holders }) =>
          !holders.some(({ pid }) => ours.has(pid) || markOf(pid)?.stateDir === this.layout.stateDir),
      )
      .map((port) => portProblem(port, shownPath(this.project, this.project.configFile)));
  }

  private async carryOut(steps: readonly Step[]): Promise<void> {
    for (const { files } of steps) await applyFiles(files);
    for (const { plan } of steps)
      if (plan) await mkdir(join(this.layout.configDir, plan.name), { recursive: true, mode: 0o700 });

    const portsOf = (ports: ProgramSpec["ports"] | undefined) =>
      (ports ?? []).map(({ address, protocol }) => `${protocol} ${address}`);
    const stepOf = (name: ServiceName) => steps.find(({ change }) => change.name === name);
    const first = mustStopFirst(
      steps.map(({ change }) => change),
      (name) => portsOf(stepOf(name)?.former?.spec.ports),
      (name) => portsOf(stepOf(name)?.plan?.ports),
    );
    await Promise.all(
      steps.filter(({ change }) => first.includes(change.name)).map((step) => this.stop(step)),
    );

    await this.allOrNone(
      steps.filter(({ change }) => change.action !== "remove"),
      (step, signal) => this.bringUp(step, signal),
    );
    // Last: should anything above fail, these still run.
    await Promise.all(
      steps
        .filter(({ change }) => change.action === "remove")
        .map(async (step) => {
          if (!first.includes(step.change.name)) await this.stop(step);
          await rm(join(this.layout.configDir, step.change.name), { recursive: true, force: true });
          this.done(step, "removed");
        }),
    );
  }

  /** Runs all at once. After a first failure the others have a moment to fail too, then they are broken off. */
  private async allOrNone(
    steps: readonly Step[],
    work: (step: Step, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const failed = new AbortController();
    const signal = AbortSignal.any([this.request.signal, failed.signal]);
    const results = await Promise.allSettled(
      steps.map((step) =>
        work(step, signal).catch(async (error: unknown) => {
          if (!signal.aborted) {
            this.tell(step, "failed");
            void delay(othersMayFail, undefined, { ref: false }).then(() =>
              failed.abort(new Error("another service failed")),
            );
          }
          throw error;
        }),
      ),
    );
    this.request.signal.throwIfAborted();
    const errors = results.flatMap((result) =>
      result.status === "rejected" ? [result.reason as unknown] : [],
    );
    const unexpected = errors.find(
      (error) => !(error instanceof ServiceFailure) && error !== failed.signal.reason,
    );
    if (unexpected !== undefined) throw unexpected;
    const failures = errors.filter((error) => error instanceof ServiceFailure);
    if (failures.length > 0) throw new ProblemError(failures.map(({ problem }) => problem));
  }

  private async bringUp(step: Step, signal: AbortSignal): Promise<void> {
    const { change, former } = step;
    const plan = step.plan!;
    const spec = step.spec!;
    const { client } = this.tools;
    switch (change.action) {
      case "unchanged":
        if (JSON.stringify(spec) !== JSON.stringify(former!.spec)) await client.amend(spec);
        if (!this.request.detach && !(await askReady(spec.readyUrl, { signal })).ready) {
          this.tell(step, "waiting");
          await this.untilReady(spec, former!, signal);
        }
        return this.done(step, "unchanged");
      case "reload":
        this.tell(step, "reloading");
        step.touched = true;
        await this.reload(plan, spec, former!, signal);
        await client.amend(spec);
        return this.done(step, "reloaded");
      default: {
        const restart = former !== undefined && change.action === "restart";
        this.tell(step, restart ? "restarting" : "starting");
        step.touched = true;
        const state = await client.put(spec);
        this.tools.watcher.see(state);
        signal.throwIfAborted();
        this.tell(step, "waiting");
        await this.untilReady(spec, state, signal);
        return this.done(step, restart ? "restarted" : "started");
      }
    }
  }

  /** Waits until the service is ready, unless nobody wants to wait; throws a ServiceFailure when it keeps crashing or takes too long. */
  private async untilReady(spec: ProgramSpec, state: ProgramState, signal: AbortSignal): Promise<void> {
    if (this.request.detach) return;
    const { watcher, problems } = this.tools;
    const over = new AbortController();
    const both = AbortSignal.any([signal, over.signal]);
    const crashed = watcher.until(
      spec.name,
      state.generation,
      ({ crashes }) => crashes >= crashLoopAfter,
      both,
    );
    const ready = waitUntilReady(spec.readyUrl, { timeoutMs: readyWithin * 1000, signal: both });
    try {
      const first = await Promise.race([ready, crashed]);
      if (!("ready" in first)) throw new ServiceFailure(problems.crashed(first));
      if (!first.ready)
        throw new ServiceFailure(problems.notReady(spec, state.logFrom, readyWithin, first.reason));
    } finally {
      over.abort();
      await Promise.allSettled([ready, crashed]);
    }
  }

  /** Has a running program take up its new files; throws a ServiceFailure when it refuses them. */
  private async reload(
    plan: ServicePlan,
    spec: ProgramSpec,
    state: ProgramState,
    signal: AbortSignal,
  ): Promise<void> {
    const { client, problems } = this.tools;
    const { size: logFrom } = await stat(spec.log);
    const ask = () => client.hangup(spec.name);
    if (!plan.reloadMetrics) await ask();
    else if ((await reloadAndConfirm(plan.reloadMetrics, ask, { signal })) === "refused")
      throw new ServiceFailure(problems.reloadRefused(spec, logFrom));
    await this.untilReady(spec, state, signal);
  }

  private async stop(step: Step): Promise<void> {
    this.tell(step, "stopping");
    step.touched = true;
    await this.tools.client.remove(step.change.name);
    this.tell(step, "stopped");
  }

  private async problemsOf(error: unknown, steps: readonly Step[]): Promise<Problem[]> {
    const { problems } = this.tools;
    if (this.request.signal.aborted) return [problems.interrupted(steps.some(({ former }) => former))];
    if (error instanceof ProblemError) return error.problems;
    if (error instanceof SupervisorGone) return [problems.supervisorLost()];
    // A bug or a broken disk: told by the catch in cli/, but not before what ran before runs again.
    await this.putBack(steps);
    throw error;
  }

  /**
   * The way back: former files, former processes; what was not there before goes. Not disturbed by a further abort.
   * Returns what could not be put back.
   */
  private async putBack(steps: readonly Step[]): Promise<Problem[]> {
    const { problems } = this.tools;
    for (const { files } of steps) await revertFiles(files);
    const touched = steps.filter((step) => step.touched);
    if (touched.length === 0) return [];
    // Our supervisor may have been what failed: a new one takes over what runs.
    const client = await ensureSupervisor(this.layout);
    const found = await Promise.all(
      touched.map(async (step): Promise<Problem[]> => {
        const { change, former, plan } = step;
        step.touched = false;
        try {
          if (!former) {
            this.tell(step, "stopping");
            await client.remove(change.name);
            this.tell(step, "stopped");
            await rm(join(this.layout.configDir, change.name), { recursive: true, force: true });
            return [];
          }
          if (change.action === "reload") {
            if (plan?.reloadMetrics)
              await reloadAndConfirm(plan.reloadMetrics, () => client.hangup(change.name));
            else await client.hangup(change.name);
            await client.amend(former.spec);
            return [];
          }
          this.tell(step, "restarting", "back to the former version");
          await client.put(former.spec);
          // What was broken before needs no waiting for.
          if (former.phase !== "running") return [];
          const answer = await waitUntilReady(former.spec.readyUrl, { timeoutMs: readyWithin * 1000 });
          if (answer.ready) return [];
          return [problems.notPutBack(change.name, `It ${answer.reason}.`)];
        } catch (error) {
          return [problems.notPutBack(change.name, (error as Error).message)];
        }
      }),
    );
    return found.flat();
  }

  private tell({ change }: Step, phase: Phase, detail = actions.has(phase) ? change.why : undefined): void {
    this.request.onEvent({
      service: change.name,
      phase,
      ms: this.ms(),
      ...(detail === undefined ? {} : { detail }),
    });
  }

  private done(step: Step, action: UpResult["services"][number]["action"]): void {
    const { name } = step.change;
    this.services.push({ name, action, ms: this.ms() });
    if (action === "unchanged") this.tell(step, "unchanged");
    else if (action !== "removed" && !this.request.detach) this.tell(step, "ready");
  }

  private ms(): number {
    return Math.round(performance.now() - this.begun);
  }

  /** In the order of the plan, whichever came up first. */
  private inOrder(): UpResult["services"] {
    const order = this.request.rendered.plans.map(({ name }) => name);
    const rank = (name: ServiceName) => (order.includes(name) ? order.indexOf(name) : order.length);
    return this.services.sort((a, b) => rank(a.name) - rank(b.name));
  }
}

/** Whether the running version of a service holds this port already; it gives it up before the new one starts. */
function isRunningWith(former: ProgramState | undefined, port: ProgramSpec["ports"][number]): boolean {
  return (
    former?.phase === "running" &&
    former.spec.ports.some(({ address, protocol }) => address === port.address && protocol === port.protocol)
  );
}
