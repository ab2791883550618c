import { AskError } from "./ask.js";
import type { VerifyContext } from "./context.js";
import { complaintsOf } from "./evidence.js";
import { HopFailure } from "./failure.js";
import type { Hop } from "./hop.js";

/** What a hop hands on: words for its line, and what the hops behind it build on. */
export interface HopResult<T> {
  detail?: string;
  value: T;
}

/** A hop under way, and what it came to; undefined when it failed or was skipped. */
export interface StartedHop<T> {
  title: string;
  result: Promise<{ value: T } | undefined>;
}

/** Runs hops, tells of each when it begins and ends, and keeps them in the order in which they were begun. */
export class HopRun {
  readonly hops: Hop[] = [];

  constructor(
    private readonly context: Pick<VerifyContext, "runtime" | "signal">,
    private readonly onHop: (hop: Hop) => void,
    /** In front of a hop's id in the ids of findings. */
    private readonly prefix = "verify",
  ) {}

  /**
   * Begins a hop once those that it builds on have passed; skips it when one hasn't. Failing is no rejection, being
   * aborted is: then the result rejects with the signal's reason.
   */
  start<T>(
    id: string,
    title: string,
    needs: StartedHop<unknown>[],
    work: () => Promise<HopResult<T>>,
  ): StartedHop<T> {
    const hop: Hop = { id, title, state: "running", ms: 0 };
    this.hops.push(hop);
    const result = this.run(hop, needs, work);
    // Whoever waits for all hops sees the rejection; until then it must not count as unhandled.
    result.catch(() => {});
    return { title, result };
  }

  private async run<T>(
    hop: Hop,
    needs: StartedHop<unknown>[],
    work: () => Promise<HopResult<T>>,
  ): Promise<{ value: T } | undefined> {
    for (const need of needs) {
      if (await need.result) continue;
      Object.assign(hop, { state: "skipped", detail: `builds on "${need.title}"` } satisfies Partial<Hop>);
      this.onHop({ ...hop });
      return undefined;
    }
    this.context.signal.throwIfAborted();
    this.onHop({ ...hop });
    const begun = performance.now();
    const took = () => Math.round(performance.now() - begun);
    try {
      const { detail, value } = await work();
      Object.assign(hop, { state: "passed", ms: took(), ...(detail !== undefined && { detail }) });
      this.onHop({ ...hop });
      return { value };
    } catch (error) {
      this.context.signal.throwIfAborted();
      if (!(error instanceof HopFailure)) throw error;
      const { what, why, next, suspects } = error.finding;
      const ms = took();
      const output = await complaintsOf(this.context.runtime, suspects, this.context.signal);
      Object.assign(hop, {
        state: "failed",
        ms,
        detail: what,
        problem: {
          // A hop may be about one of several subjects: `pending:ServiceDown`.
          id: `${this.prefix}-${hop.id.split(":")[0]}`,
          severity: "error",
          what,
          why,
          next,
          ...(output.length > 0 && { output }),
        },
      } satisfies Partial<Hop>);
      this.onHop({ ...hop });
      return undefined;
    }
  }
}

/** Words for an error of the last try, to be the `why` of a finding. */
export function lastWords(program: string, error: unknown): string | undefined {
  if (error === undefined) return undefined;
  return `${program} ${error instanceof AskError ? error.message : `couldn't be asked: ${(error as Error).message}`}.`;
}
