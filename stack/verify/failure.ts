import type { ServiceName } from "../services/service.js";

/** Why a hop failed, in the user's words; thrown by hops, turned into a Problem by `runHop`. */
export class HopFailure extends Error {
  override name = "HopFailure";
  constructor(
    readonly finding: {
      /** What happened, in one sentence. */
      what: string;
      why?: string;
      next: string;
      /** Services whose last warnings and errors may tell the cause. */
      suspects: ServiceName[];
    },
  ) {
    super(finding.what);
  }
}
