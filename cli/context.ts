import type { Command } from "commander";
import type { Project } from "../stack/project.js";
import type { Problem } from "../stack/validate/problem.js";
import { wantsColor } from "./color.js";
import { interruptSignal } from "./interrupt.js";

/** What `cli/main.ts` exits with. 0: fine; 1: findings; 2: could not run. */
export type ExitCode = 0 | 1 | 2;

/** What every action is given: the surroundings of one run of the command line. */
export interface Context {
  /** Aborted by Ctrl-C; an action stops cleanly then, and main exits with 130. */
  signal: AbortSignal;
  /** The project of the working directory or of `--config`. Throws a ProblemError where there is none. */
  project(): Promise<Project>;
  /** A line (or several) of the result, to stdout. */
  print(text: string): void;
  /** A line about what is going on, to stderr: it never spoils what a machine reads. */
  note(text: string): void;
  /** Prints findings to stderr as text. */
  report(problems: readonly Problem[]): Promise<void>;
  /** Whether stdout, or stderr, gets colours. */
  color: { stdout: boolean; stderr: boolean };
  /** Whether a person sits at both ends: questions may be asked, lines redrawn. */
  interactive: boolean;
  /** Columns to write in. */
  width: number;
}

/** The options that every command takes. */
export interface GlobalOptions {
  config?: string;
}

/**
 * Wraps the action of a command: `program.command("verb").action(action(async (context, options) => { ... }))`.
 * It gets the context, the options, then the arguments; what it returns is the exit code.
 * It imports what it needs inside, so that `obs --help` loads none of it.
 */
export function action<Options, Args extends unknown[] = []>(
  body: (context: Context, options: Options, ...args: Args) => Promise<ExitCode>,
): (...received: unknown[]) => Promise<void> {
  return async (...received) => {
    const command = received.at(-1) as Command;
    const options = received.at(-2) as Options;
    const args = received.slice(0, -2) as Args;
    const code = await body(makeContext(command.optsWithGlobals<GlobalOptions>()), options, ...args);
    process.exitCode = code;
  };
}

function makeContext({ config }: GlobalOptions): Context {
  const color = { stdout: wantsColor(process.stdout), stderr: wantsColor(process.stderr) };
  let project: Project | undefined;
  return {
    signal: interruptSignal(),
    async project() {
      const { findProject } = await import("../stack/project.js");
      project ??= findProject(process.cwd(), config);
      return project;
    },
    print: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    async report(problems) {
      const { reportProblems } = await import("./report.js");
      await reportProblems(problems, project?.root);
    },
    color,
    interactive: process.stdin.isTTY === true && process.stdout.isTTY === true && !process.env.CI,
    width: Math.min(process.stdout.columns ?? 100, 120),
  };
}
