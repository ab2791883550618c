import type { RenderInput } from "../render/render.js";
import { render } from "../render/render.js";
import type { Rendered } from "../render/rendered.js";
import type { ServiceName } from "../services/service.js";
import { findOnPath, findProgram } from "../toolchain/find.js";
import {
  isProgramName,
  type PathOnlyProgramName,
  type ProgramName,
  pathOnlyPrograms,
} from "../toolchain/programs.js";
import { keyPath } from "./key-path.js";
import { hasErrors, type Place, type Problem, sortProblems } from "./problem.js";
import { amtoolCheckConfig } from "./programs/amtool-check-config.js";
import { amtoolTemplateRender } from "./programs/amtool-template-render.js";
import { composeConfig } from "./programs/compose-config.js";
import { type Layout, layOut } from "./programs/layout.js";
import { lokiVerifyConfig } from "./programs/loki-verify-config.js";
import { otelcolValidate } from "./programs/otelcol-validate.js";
import { overrideKeys } from "./programs/override-place.js";
import type { ProgramCheck, ProgramFinding, Unable } from "./programs/program-check.js";
import { promtoolCheckConfig } from "./programs/promtool-check-config.js";
import { runProgram } from "./programs/run-program.js";
import { tempoConfigVerify } from "./programs/tempo-config-verify.js";

/** The real programs that judge what was rendered. */
export const programChecks: readonly ProgramCheck[] = [
  otelcolValidate,
  promtoolCheckConfig,
  amtoolCheckConfig,
  amtoolTemplateRender,
  lokiVerifyConfig,
  tempoConfigVerify,
  composeConfig,
];

/** A checker that could not judge; it never counts as passed. */
export interface NotRun {
  /** The command as people know it: `promtool check config`. */
  checker: string;
  why: string;
}

/** What the real programs said. */
export interface ProgramVerdict {
  problems: Problem[];
  ran: string[];
  notRun: NotRun[];
}

/** Where the pinned version of a program is; undefined where it isn't on this machine. */
export type FindProgram = (name: ProgramName | PathOnlyProgramName) => Promise<{ path: string } | undefined>;

export interface ProgramRequest {
  input: RenderInput;
  rendered: Rendered;
  /** Path of the definition as the user knows it. */
  definitionFile: string;
  signal?: AbortSignal;
  /** Looks a program up; replaced in tests. */
  find?: FindProgram;
}

/**
 * Has the upstream programs judge what was rendered, all at once, in a temporary folder that is gone afterwards.
 * Where one refuses a configuration with an override in it, it is asked again without, to tell whose fault it is.
 */
export async function runPrograms(request: ProgramRequest): Promise<ProgramVerdict> {
  const { input, rendered } = request;
  const wanted = programChecks.filter(({ owner }) =>
    owner === "compose"
      ? rendered.composeFile !== undefined
      : rendered.plans.some(({ name }) => name === owner),
  );
  const found = await Promise.all(
    wanted.map(async (check) => ({
      check,
      path: (await (request.find ?? find)(check.program))?.path,
    })),
  );
  const atHand = found.flatMap(({ check, path }) => (path === undefined ? [] : [{ check, path }]));
  const verdict: ProgramVerdict = {
    problems: [],
    ran: [],
    notRun: found
      .filter(({ path }) => path === undefined)
      .map(({ check }) => ({ checker: check.title, why: absence(check.program) })),
  };
  if (atHand.length === 0) return verdict;
  const layout = await layOut(input, rendered, ownersOf(atHand.map(({ check }) => check)));
  try {
    // All of them have ended before the folder goes, also when one was aborted.
    const results = await Promise.allSettled(atHand.map((each) => judge(request, each, layout)));
    for (const [at, settled] of results.entries()) {
      if (settled.status === "rejected") throw settled.reason;
      const result = settled.value;
      const { title } = atHand[at]!.check;
      if ("unable" in result) verdict.notRun.push({ checker: title, why: result.unable });
      else {
        verdict.ran.push(title, ...result.alsoRan);
        verdict.problems.push(...result.problems);
      }
    }
  } finally {
    await layout.remove();
  }
  return { ...verdict, problems: sortProblems(verdict.problems) };
}

const find: FindProgram = (name) => (isProgramName(name) ? findProgram(name) : findOnPath(name));

function absence(program: ProgramCheck["program"]): string {
  return isProgramName(program)
    ? `${program} is not installed`
    : `${program} ${pathOnlyPrograms[program].version} is not on PATH`;
}

interface Judge {
  check: ProgramCheck;
  path: string;
}

type Outcome = { findings: ProgramFinding[] } | Unable;

/** The verdict of one check, and of those that follow it while nothing is wrong. */
async function judge(
  request: ProgramRequest,
  { check, path }: Judge,
  layout: Layout,
): Promise<{ problems: Problem[]; alsoRan: string[] } | { unable: string }> {
  const first = await judgeOne(request, { check, path }, layout);
  if ("unable" in first || !check.followedBy || hasErrors(first.problems)) {
    return "unable" in first ? first : { ...first, alsoRan: [] };
  }
  const next = await judge(request, { check: check.followedBy, path }, layout);
  if ("unable" in next) return next;
  return {
    problems: [...first.problems, ...next.problems],
    alsoRan: [check.followedBy.title, ...next.alsoRan],
  };
}

async function judgeOne(
  request: ProgramRequest,
  { check, path }: Judge,
  layout: Layout,
): Promise<{ problems: Problem[] } | { unable: string }> {
  const outcome = await ask(request, { check, path }, layout);
  if ("unable" in outcome) return outcome;
  const override = request.input.stack.overrides[overrideKey(check)];
  const unplaced = outcome.findings.filter(isUnplacedError);
  if (override === undefined || unplaced.length === 0)
    return {
      problems: outcome.findings.map((finding) => ({
        ...problemOf(request, check, finding),
        ...(override !== undefined && !finding.place && warningPlace(request, check, override, finding)),
      })),
    };

  const bare = await askWithoutOverride(request, { check, path });
  if ("unable" in bare) return bare;
  const bareOutputs = new Set(bare.findings.map(complaint));
  const blamed = unplaced.filter((finding) => !bareOutputs.has(complaint(finding)));
  return {
    problems: [
      // What is wrong without the override is wrong with it too, and was maybe not reached the first time.
      ...mergeFindings(
        outcome.findings.filter((each) => !isUnplacedError(each)),
        bare.findings,
      ).map((finding) => problemOf(request, check, finding)),
      ...blamed.map((finding) => ({
        ...problemOf(request, check, finding),
        ...blame(check, bare.findings.some(isUnplacedError)),
        // What the program's own words suggest says more.
        ...(finding.next !== undefined && { next: finding.next }),
        place: overridePlace(request, check, override, finding),
      })),
    ],
  };
}

function isUnplacedError({ place, severity }: ProgramFinding): boolean {
  return place === undefined && severity === "error";
}

/** What is complained of. Which of its pipelines the collector names first is chance: its maps have no order. */
function complaint({ output = [] }: ProgramFinding): string {
  return output.join("\n").replaceAll(/in pipeline "[^"]*"/g, "in a pipeline");
}

function mergeFindings(first: ProgramFinding[], second: ProgramFinding[]): ProgramFinding[] {
  const known = new Set(first.map((finding) => JSON.stringify(finding)));
  return [...first, ...second.filter((finding) => !known.has(JSON.stringify(finding)))];
}

function problemOf(request: ProgramRequest, check: ProgramCheck, finding: ProgramFinding): Problem {
  return { id: check.id, ...finding, place: finding.place ?? { file: request.definitionFile } };
}

async function ask(request: ProgramRequest, { check, path }: Judge, layout: Layout): Promise<Outcome> {
  let runs = 0;
  const run = (args: readonly string[], startedWhen?: RegExp) =>
    runProgram(path, args, {
      outputFile: layout.outputFile(`${check.id}-${++runs}`),
      env: environment(request.rendered, check),
      ...(startedWhen && { startedWhen }),
      ...(request.signal && { signal: request.signal }),
    });
  if ("judge" in check) {
    const findings = await check.judge(run, layout);
    return "unable" in findings ? findings : { findings };
  }
  const args = await check.args(layout);
  if (args === undefined) return { findings: [] };
  const result = await run(args, check.startedWhen);
  return "unable" in result ? result : { findings: check.findings(result, layout) };
}

/** What the program says about the same configuration when the user's override is left out. */
async function askWithoutOverride(request: ProgramRequest, judge: Judge): Promise<Outcome> {
  const { stack } = request.input;
  const overrides = { ...stack.overrides, [overrideKey(judge.check)]: undefined };
  const input = { ...request.input, stack: { ...stack, overrides } };
  const layout = await layOut(input, render(input), ownersOf([judge.check]));
  try {
    return await ask(request, judge, layout);
  } finally {
    await layout.remove();
  }
}

function blame({ owner }: ProgramCheck, alsoWithout: boolean): Pick<Problem, "why" | "next"> {
  return {
    why: alsoWithout
      ? `Without overrides.${owner} this is not said: the override adds to what is wrong.`
      : `Without overrides.${owner} it is accepted: the override breaks it.`,
    next: `Mend overrides.${owner}. It is merged over what obs renders: objects key by key, lists as a whole.`,
  };
}

/** The key of the override that the program complains about, as deep as its message tells; else the override. */
function overridePlace(
  { rendered, definitionFile }: ProgramRequest,
  { owner }: ProgramCheck,
  override: unknown,
  { output = [] }: ProgramFinding,
): Place {
  const generated =
    owner === "compose"
      ? rendered.composeFile
      : rendered.artefacts.find(({ path }) => path === `${owner}/${owner}.yml`)?.text;
  // Which pipelines the collector was building when it came upon it says nothing.
  const message = output.join("\n").replaceAll(/failed to build pipelines|in pipeline "[^"]*"/g, "");
  const keys = overrideKeys(override, message, generated);
  return { file: definitionFile, keyPath: keyPath(["overrides", owner, ...keys]) };
}

/** The key of the override that a warning is about, where its words tell. */
function warningPlace(
  { definitionFile }: ProgramRequest,
  { owner }: ProgramCheck,
  override: unknown,
  { what }: ProgramFinding,
): { place: Place } | undefined {
  const keys = overrideKeys(override, what, undefined);
  return keys.length === 0
    ? undefined
    : { place: { file: definitionFile, keyPath: keyPath(["overrides", owner, ...keys]) } };
}

type OverrideKey = keyof RenderInput["stack"]["overrides"];

function overrideKey({ owner }: ProgramCheck): OverrideKey {
  return owner as OverrideKey;
}

function ownersOf(checks: readonly ProgramCheck[]): ServiceName[] {
  return checks.flatMap(({ owner }) => (owner === "compose" ? [] : [owner]));
}

/** A checker gets what it needs to run and what its program will be given, not the secrets of whoever calls obs. */
function environment(rendered: Rendered, { owner, wholeEnvironment }: ProgramCheck): NodeJS.ProcessEnv {
  if (wholeEnvironment) return process.env;
  const own = rendered.plans.find(({ name }) => name === owner)?.env ?? {};
  const kept = ["PATH", "HOME", "TMPDIR", "SYSTEMROOT"].flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  return { ...Object.fromEntries(kept), ...own };
}
