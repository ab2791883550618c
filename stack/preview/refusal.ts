import type { ErrorAnswer } from "../../dashboards/preview/api.js";

/** Thrown where a request isn't answered as it was meant; becomes an {@link ErrorAnswer}. */
export class Refusal extends Error {
  override name = "Refusal";
  constructor(
    readonly status: number,
    readonly what: string,
    readonly next?: string,
  ) {
    super(what);
  }

  get answer(): ErrorAnswer {
    const { status, what, next } = this;
    return { error: { status, what, ...(next !== undefined && { next }) } };
  }
}
