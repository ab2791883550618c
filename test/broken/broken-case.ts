import type { Severity } from "../../stack/validate/problem.js";

/** One edit that breaks test/broken/base, and what `obs validate` has to say about it. */
export interface BrokenCase {
  /** What somebody did wrong, as a sentence. */
  title: string;
  /** Edited file of the base; `env` is what becomes `.env`. */
  file: string;
  /** Stands in that file exactly once. */
  find: string;
  replace: string;
  expect: Expectation;
  /** Only a real upstream program sees it: run with them, in test/e2e. */
  needsPrograms?: true;
}

/** A finding and where it must point: at a key of the definition, at a character of a file, or at all of it. */
export type Expectation = { id: string; severity: Severity } & (
  | { keyPath: string }
  | { wholeFile: true }
  | {
      /**
       * Text that stands exactly once in the broken file; the place is its beginning, or where the sign ‸ stands in it.
       */
      at: string;
      /** Default: the edited file. */
      file?: string;
    }
);
