import type { VerifyContext } from "../context.js";
import { HopFailure } from "../failure.js";
import type { HopResult } from "../run-hop.js";
import { postTestAlert, type TestAlert } from "../test-alert.js";
import type { Webhook } from "../webhook.js";

/** Alertmanager tells the webhook that the test alert is over. */
export async function alertResolved(
  context: VerifyContext,
  alert: TestAlert,
  webhook: Webhook,
): Promise<HopResult<true>> {
  await postTestAlert(context, alert, "resolved");
  const arrived = await webhook.waitFor(
    ({ status, labels }) => status === "resolved" && alert.is(labels),
    context,
  );
  if (arrived) return { value: true };
  throw new HopFailure({
    what: "Alertmanager did not tell that the test alert was resolved.",
    why: "It had delivered the alert itself.",
    next: "Look at `obs logs alertmanager`, and whether `overrides.alertmanager` changes `send_resolved` of obs-verify.",
    suspects: ["alertmanager"],
  });
}
