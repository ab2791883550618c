import type { SeriesWorld } from "../catalog/world.js";
import type { Place, Problem, Severity } from "../validate/problem.js";
import type { Located, RuleFile, Span } from "./model.js";
import type { RuleSettings } from "./settings.js";
import type { Surroundings } from "./surroundings.js";

/** All that a check of rules may look at. Checks change nothing. */
export interface RuleCheckContext {
  /** Every file of this run; a check across files looks at all of them. */
  files: readonly RuleFile[];
  settings: RuleSettings;
  /** Folder that relative paths in annotations may begin at, absolute: the project's, else the working directory. */
  root: string;
  /** Whether there is a file (or folder) at an absolute path. */
  exists(path: string): boolean;
  /** Which series there are in the project's stack; undefined for files of nobody's: any metric may be known there. */
  series?: SeriesWorld;
  /** What else is known of the project's stack; undefined for files of nobody's. */
  surroundings?: Surroundings;
}

/** One check of rules: its id is its file's name in checks/, its page in docs/checks/ and its cases' name. */
export interface RuleCheck {
  id: string;
  /** Of its findings, unless one says otherwise. */
  severity: Severity;
  run(context: RuleCheckContext): Problem[];
}

/** A value's beginning, or the character `offset` of it, as a place. */
export function placeIn(file: RuleFile, value: Located<unknown>, offset = 0): Place {
  return { file: file.path, ...value.positionOf(offset) };
}

/** An offset of the file's text, or the beginning of a span, as a place. */
export function placeAt(file: RuleFile, at: number | Span): Place {
  return { file: file.path, ...file.positionAt(typeof at === "number" ? at : at.start) };
}
