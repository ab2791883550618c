import { shownPath } from "../project.js";
import type { RenderInput } from "../render/render.js";
import type { Rendered } from "../render/rendered.js";
import type { CheckContext, MissingSecrets } from "./check.js";
import { checks } from "./checks.js";
import { type Problem, sortProblems } from "./problem.js";
import { type NotRun, type ProgramRequest, runPrograms } from "./programs.js";

export type { NotRun } from "./programs.js";

/** What is to be validated, and how. */
export interface ValidateRequest {
  input: RenderInput;
  /** What `render(input)` gave. */
  rendered: Rendered;
  /** Default: warning. */
  missingSecrets?: MissingSecrets;
  /** Aborting it ends the programs and removes what was written; the promise then rejects with its reason. */
  signal?: AbortSignal;
  /** Looks an upstream program up; replaced in tests. */
  find?: ProgramRequest["find"];
}

/** What validation found. */
export interface Validation {
  /** Sorted. */
  problems: Problem[];
  /** Real programs that judged, as people know the commands. */
  ran: string[];
  /** Real programs that could not judge, and why: they never count as passed. */
  notRun: NotRun[];
}

/**
 * Validates what was rendered: the checks of obs and the real programs, at the same time.
 * A rule file that obs itself found faulty is not reported once more by promtool.
 */
export async function validateStack(request: ValidateRequest): Promise<Validation> {
  const context = await checkContext(request);
  const [own, verdict] = await Promise.all([
    Promise.all(checks.map((check) => check.run(context))),
    runPrograms({ ...request, definitionFile: context.definitionFile }),
  ]);
  const problems = own.flat();
  const faulty = new Set(
    problems.filter(({ id }) => id === "rule-file-syntax").map(({ place }) => place?.file),
  );
  return {
    ran: verdict.ran,
    notRun: verdict.notRun,
    problems: sortProblems([
      ...problems,
      ...verdict.problems.filter(({ place }) => !faulty.has(place?.file)),
    ]),
  };
}

async function checkContext({
  input,
  rendered,
  missingSecrets = "warning",
}: ValidateRequest): Promise<CheckContext> {
  const { load } = await import("js-yaml");
  const parsed = new Map<string, unknown>();
  const read = (name: string, text: string | undefined): unknown => {
    if (!parsed.has(name)) {
      try {
        parsed.set(name, text === undefined ? undefined : load(text));
      } catch {
        // The check yaml-reread says so.
        parsed.set(name, undefined);
      }
    }
    return parsed.get(name);
  };
  return {
    input,
    rendered,
    definitionFile: shownPath(input.project, input.project.configFile),
    read: (path) => read(path, rendered.artefacts.find((artefact) => artefact.path === path)?.text),
    readCompose: () => read("docker-compose.yml", rendered.composeFile),
    missingSecrets,
  };
}
