import { AskError } from "../ask.js";
import type { VerifyContext } from "../context.js";
import { HopFailure } from "../failure.js";
import { type SignalName, sendOtlp } from "../otlp-client.js";
import type { HopResult } from "../run-hop.js";

/** The collector accepts a signal at the endpoint that applications send to. */
export async function accepted(
  context: VerifyContext,
  signal: SignalName,
  payload: object,
): Promise<HopResult<true>> {
  try {
    await sendOtlp(context, signal, payload);
    return { value: true };
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
    throw new HopFailure({
      what: `The collector did not accept ${signal} over OTLP/HTTP.`,
      why: `otel-collector ${error.message}.`,
      next: "Look at `obs status` and `obs logs otel-collector`.",
      suspects: ["otel-collector"],
    });
  }
}
