import {
  type InstallOptions,
  type InstallProgress,
  type InstallResult,
  installPrograms,
} from "../../stack/toolchain/install.js";
import { type ProgramName, programs } from "../../stack/toolchain/programs.js";

/** Where progress goes, and whether it may be redrawn in place. */
export interface ProgressOptions extends Omit<InstallOptions, "onProgress"> {
  /** `live`: a spinner and running time for each program, for terminals; `lines`: a line for each step, for logs. */
  style: "live" | "lines";
  /** Receives the lines, without newline. Unused when live, which draws on standard output. */
  print: (line: string) => void;
}

/** Installs programs (see `installPrograms`) and shows how each is getting on. */
export function installWithProgress(
  names: readonly ProgramName[],
  options: ProgressOptions,
): Promise<InstallResult> {
  return options.style === "live" ? installLive(names, options) : installInLines(names, options);
}

/** What a program is at, in a few words: `loki 3.7.8: compiling, 312 packages, 41 s`. */
export function describeProgress({ program, phase, elapsedMs, count }: InstallProgress): string {
  const seconds = `${Math.round(elapsedMs / 1000)} s`;
  const steps = {
    waiting: elapsedMs > 0 ? "waiting for another obs that builds it" : "waiting for its turn",
    downloading: `downloading sources, ${count ?? 0} modules, ${seconds}`,
    building: count ? `compiling, ${count} packages, ${seconds}` : `compiling, ${seconds}`,
    done: `built in ${seconds}`,
    cached: "there already",
    failed: `failed after ${seconds}`,
    skipped: "not built",
  };
  return `${program} ${programs[program].version}: ${steps[phase]}`;
}

const finalPhases = new Set(["done", "cached", "failed", "skipped"]);

function installInLines(
  names: readonly ProgramName[],
  { print, signal, env }: ProgressOptions,
): Promise<InstallResult> {
  const shown = new Map<ProgramName, string>();
  return installPrograms(names, {
    signal,
    env,
    onProgress: (progress) => {
      const { program, phase, elapsedMs } = progress;
      if (shown.get(program) === phase || (phase === "waiting" && elapsedMs === 0)) return;
      // Go says soon whether it has anything to fetch or to compile.
      if (phase === "building" && progress.count === undefined) return;
      shown.set(program, phase);
      const text = finalPhases.has(phase) || phase === "waiting" ? describeProgress(progress) : undefined;
      print(text ?? `${program} ${programs[program].version}: ${phase}`);
    },
  });
}

async function installLive(
  names: readonly ProgramName[],
  { signal, env }: ProgressOptions,
): Promise<InstallResult> {
  const { Listr } = await import("listr2");
  const rows = names.map((name) => new Row(name));
  const list = new Listr(
    rows.map((row) => ({
      title: row.text(),
      task: async (_, task) => {
        const ticker = setInterval(() => {
          task.title = row.text();
        }, 250);
        const { phase } = await row.ended;
        clearInterval(ticker);
        task.title = row.text();
        if (phase === "failed") throw new Error(row.text());
        if (phase === "skipped") task.skip(row.text());
      },
    })),
    {
      concurrent: true,
      exitOnError: false,
      // The command decides what an interrupt means.
      registerSignalListeners: false,
      renderer: "default",
      rendererOptions: { showErrorMessage: false, collapseSkips: true, suffixSkips: false },
    },
  );
  const drawing = list.run();
  const result = await installPrograms(names, {
    signal,
    env,
    onProgress: (progress) => rows.find((row) => row.name === progress.program)?.update(progress),
  });
  // Whatever an interrupt left open.
  for (const row of rows) row.end();
  await drawing;
  return result;
}

/** One program on the screen. */
class Row {
  readonly ended: Promise<InstallProgress>;
  private latest: InstallProgress;
  private at = performance.now();
  private resolve!: (last: InstallProgress) => void;

  constructor(readonly name: ProgramName) {
    this.latest = { program: name, phase: "waiting", elapsedMs: 0 };
    this.ended = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  update(progress: InstallProgress): void {
    this.latest = progress;
    this.at = performance.now();
    if (finalPhases.has(progress.phase)) this.resolve(progress);
  }

  end(): void {
    if (!finalPhases.has(this.latest.phase)) this.update({ ...this.latest, phase: "skipped" });
  }

  /** The last known step, with the time that has run since. */
  text(): string {
    const { phase, elapsedMs } = this.latest;
    const running = phase === "building" || phase === "downloading";
    const since = running ? performance.now() - this.at : 0;
    return describeProgress({ ...this.latest, elapsedMs: elapsedMs + since });
  }
}
