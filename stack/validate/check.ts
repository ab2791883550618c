import type { RenderInput } from "../render/render.js";
import type { Rendered } from "../render/rendered.js";
import type { Place, Problem } from "./problem.js";

/** All that a check may look at: the definition, and what was rendered from it. Checks change nothing. */
export interface CheckContext {
  input: RenderInput;
  rendered: Rendered;
  /** Path of the definition as the user knows it, `obs.config.ts`. */
  definitionFile: string;
  /** What an independent reader makes of a YAML artefact; undefined where there is none or it is not readable. */
  read(path: string): unknown;
  /** The same for docker-compose.yml. */
  readCompose(): unknown;
  missingSecrets: MissingSecrets;
}

/**
 * How bad it is when a secret has no value: `up` can't start without it (error); elsewhere, in CI say, it may rightly
 * be absent (warning).
 */
export type MissingSecrets = "error" | "warning";

/** One check: its id is its file's name, its page in docs/checks/ and its folder in test/cases/. */
export interface Check {
  id: string;
  run(context: CheckContext): Problem[] | Promise<Problem[]>;
}

/** A key of the definition as a place. */
export function atKey(context: CheckContext, keyPath: string): Place {
  return { file: context.definitionFile, keyPath };
}
