import type { ServiceName } from "../../services/service.js";
import type { PathOnlyProgramName, ProgramName } from "../../toolchain/programs.js";
import type { Problem, Severity } from "../problem.js";
import type { Layout } from "./layout.js";

/** What a checker printed, standard output and error in the order of writing, and how it ended. */
export interface ProgramResult {
  lines: string[];
  failed: boolean;
}

/** A finding of a program before it has a place, unless the program knew one in the user's own files. */
export interface ProgramFinding {
  severity: Severity;
  what: string;
  why?: string;
  next?: string;
  output?: string[];
  place?: Problem["place"];
}

/** One real program that judges what was rendered: in one run, or in several. */
export type ProgramCheck = ProgramCheckOfOneRun | ProgramCheckOfSeveralRuns;

interface AnyProgramCheck {
  /** Its file's name, its page in docs/checks/. */
  id: string;
  program: ProgramName | PathOnlyProgramName;
  /** The command as people know it: `promtool check config`. */
  title: string;
  /** Whose configuration it judges; `overrides.<owner>` is merged into that. */
  owner: ServiceName | "compose";
  /** Most of the environment is kept from it, unless it says otherwise. */
  wholeEnvironment?: boolean;
  /** A further check of the same program, run when this one found no error. */
  followedBy?: ProgramCheck;
}

/** A check whose command line is known beforehand. */
export interface ProgramCheckOfOneRun extends AnyProgramCheck {
  /** Command line; undefined where there is nothing for it to judge. */
  args(layout: Layout): string[] | undefined | Promise<string[] | undefined>;
  /** For a program that doesn't end by itself: a line that says it has started. It is stopped then, and has passed. */
  startedWhen?: RegExp;
  /** What its output means. Called after failure and success alike. */
  findings(result: ProgramResult, layout: Layout): ProgramFinding[];
}

/** A check that runs its program as often as it needs. */
export interface ProgramCheckOfSeveralRuns extends AnyProgramCheck {
  judge(run: RunOnce, layout: Layout): Promise<ProgramFinding[] | Unable>;
}

/** Runs the program once with a command line. */
export type RunOnce = (args: readonly string[]) => Promise<ProgramResult | Unable>;

/** Why a program could not judge. */
export interface Unable {
  unable: string;
}
