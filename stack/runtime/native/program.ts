import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, statSync } from "node:fs";
import { identify, isRunning, type ProcessId, signal } from "../process.js";
import { backOff, countCrash } from "./back-off.js";
import { describeExit, type Exit, type ProgramSpec, type ProgramState } from "./state.js";
import { killRemains, stopTree, type Tree } from "./stop.js";

/** What a supervised program tells its supervisor. */
export interface ProgramListener {
  /** Something about the state changed: remember and pass it on. */
  changed(): void;
  /** A line for the supervisor's own log. */
  note(text: string): void;
}

/** How often (milliseconds) to look whether a process that another supervisor had started is still there: its end is no event for us. */
const lookAfterAdopted = 1_000;

/** One program under supervision: started, watched, started again after a crash, stopped with all it started. */
export class Program {
  private child: ChildProcess | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** One change after the other: a stop that is under way is finished before the next start. */
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly state: ProgramState,
    private readonly stateDir: string,
    private readonly listener: ProgramListener,
  ) {}

  /** A program that isn't running yet. */
  static fresh(spec: ProgramSpec, generation: number, stateDir: string, listener: ProgramListener): Program {
    return new Program(
      { spec, generation, phase: "waiting", logFrom: 0, restarts: 0, crashes: 0 },
      stateDir,
      listener,
    );
  }

  /** A program that an earlier supervisor left behind: taken over if its process still runs, else started again as after a crash. */
  static adopt(state: ProgramState, stateDir: string, listener: ProgramListener): Program {
    const program = new Program(state, stateDir, listener);
    if (state.process && isRunning(state.process)) {
      state.phase = "running";
      listener.note(`${state.spec.name}: taken over, process ${state.process.pid}`);
      program.watchAdopted(state.process);
    } else if (state.process) {
      program.ended({ at: Date.now() });
    } else {
      program.startLater();
    }
    return program;
  }

  /** Starts it, after whatever is under way. */
  start(): Promise<void> {
    return this.inTurn(async () => this.launch());
  }

  /** Stops it and all it started, after whatever is under way; it stays stopped. */
  stop(): Promise<void> {
    clearTimeout(this.timer);
    return this.inTurn(async () => {
      clearTimeout(this.timer);
      this.state.phase = "stopping";
      delete this.state.nextStartAt;
      this.listener.changed();
      const { killed } = await stopTree(this.tree(), this.state.spec.stopSeconds);
      const { name, stopSeconds } = this.state.spec;
      this.listener.note(
        `${name}: stopped${killed ? `, killed as it had not ended within ${stopSeconds} s` : ""}`,
      );
      delete this.state.process;
      this.child = undefined;
    });
  }

  /** Replaces the specification of the running process without touching it: for what it takes up while running. */
  amend(spec: ProgramSpec): void {
    this.state.spec = spec;
    this.listener.changed();
  }

  /** Sends a signal to the program itself. Says whether it was running. */
  signal(name: NodeJS.Signals): boolean {
    const { process } = this.state;
    if (!process || !isRunning(process)) return false;
    signal(process.pid, name);
    return true;
  }

  /** Leaves the process alone from now on. */
  abandon(): void {
    clearTimeout(this.timer);
    this.child?.removeAllListeners();
    this.child?.unref();
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => {});
    return done;
  }

  private tree(): Tree {
    return { leader: this.state.process, stateDir: this.stateDir, service: this.state.spec.name };
  }

  private launch(): void {
    const { spec } = this.state;
    clearTimeout(this.timer);
    delete this.state.nextStartAt;
    this.state.startedAt = Date.now();
    try {
      mkdirSync(spec.cwd, { recursive: true, mode: 0o700 });
      // The program writes to its log by itself, so that it needs nobody to read from it. Appending: see rotate.ts.
      const log = openSync(spec.log, "a", 0o600);
      this.state.logFrom = statSync(spec.log).size;
      try {
        this.child = spawn(spec.path, spec.args, {
          cwd: spec.cwd,
          env: spec.env,
          // A session and process group of its own: no terminal reaches it, and its children can be found.
          detached: true,
          stdio: ["ignore", log, log],
        });
      } finally {
        closeSync(log);
      }
    } catch (error) {
      this.ended({ at: Date.now(), error: (error as Error).message });
      return;
    }
    const { child } = this;
    const pid = child.pid;
    child.once("error", (error: NodeJS.ErrnoException) => {
      if (pid === undefined) this.ended({ at: Date.now(), error: error.code ?? error.message });
    });
    if (pid === undefined) return;
    child.once("exit", (code, signalName) => {
      if (this.child === child)
        this.ended({
          at: Date.now(),
          ...(code === null ? {} : { code }),
          ...(signalName ? { signal: signalName } : {}),
        });
    });
    // A program that ended this instant can't be identified any more; its exit event comes next.
    this.state.process = identify(pid) ?? { pid, startTime: "ended at once" };
    this.state.phase = "running";
    this.listener.note(`${spec.name}: started, process ${pid}`);
    this.listener.changed();
  }

  private watchAdopted(process: ProcessId): void {
    this.timer = setTimeout(() => {
      if (this.state.phase !== "running") return;
      if (isRunning(process)) this.watchAdopted(process);
      else this.ended({ at: Date.now() });
    }, lookAfterAdopted);
  }

  /** The process ended. Unless that was asked for, it is started again after a pause. */
  private ended(exit: Exit): void {
    const { state } = this;
    this.child = undefined;
    state.lastExit = exit;
    if (state.phase === "stopping") return;
    killRemains(this.tree());
    delete state.process;
    state.crashes = countCrash(state.crashes, exit.at - (state.startedAt ?? exit.at));
    state.phase = "waiting";
    const pause = backOff(state.crashes);
    state.nextStartAt = Date.now() + pause;
    this.listener.note(`${state.spec.name}: ${describeExit(exit)}, started again in ${pause} ms`);
    this.listener.changed();
    this.startLater();
  }

  private startLater(): void {
    clearTimeout(this.timer);
    const pause = Math.max(0, (this.state.nextStartAt ?? 0) - Date.now());
    this.timer = setTimeout(() => {
      this.inTurn(async () => {
        if (this.state.phase !== "waiting") return;
        this.state.restarts += 1;
        this.launch();
      });
    }, pause);
  }
}
