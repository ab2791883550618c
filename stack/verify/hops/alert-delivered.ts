import type { VerifyContext } from "../context.js";
import { HopFailure } from "../failure.js";
import type { HopResult } from "../run-hop.js";
import { postTestAlert, type TestAlert } from "../test-alert.js";
import type { Webhook } from "../webhook.js";

/** Alertmanager takes a test alert and delivers it to the webhook. */
export async function alertDelivered(
  context: VerifyContext,
  alert: TestAlert,
  webhook: Webhook,
): Promise<HopResult<true>> {
  await postTestAlert(context, alert, "firing");
  const arrived = await webhook.waitFor(
    ({ status, labels }) => status === "firing" && alert.is(labels),
    context,
  );
  if (arrived) return { value: true };
  throw new HopFailure({
    what: "Alertmanager took the test alert but did not deliver it.",
    why: `Nothing came to the webhook at ${new URL(webhook.url).host} within ${context.limitMs / 1000} s.`,
    next: "Look at `obs logs alertmanager`, and whether `overrides.alertmanager` replaces the route to obs-verify or a firewall is between.",
    suspects: ["alertmanager"],
  });
}
