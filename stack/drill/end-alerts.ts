import type { Stack } from "../define.js";
import { localAddress } from "../render/address.js";
import { drillLabel } from "../services/names.js";
import { askJson } from "../verify/ask.js";
import type { Webhook } from "../verify/webhook.js";

/** How long all of it may take, in ms; what isn't done by then is left to Alertmanager. */
const limitMs = 10_000;

interface HeldAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  status: { state: "active" | "suppressed" | "unprocessed" };
}

/**
 * Ends whatever alerts of drills Alertmanager still has, and lets the webhook hear of it before it closes: others of the same
 * rules (a dead man's switch), those of an interrupted drill, those of one that was killed. Otherwise Alertmanager would
 * go on trying to tell an address where nobody listens, and its alert about failing notifications would tell people.
 */
export async function endAlerts(stack: Stack, webhook: Webhook): Promise<void> {
  const url = `http://${localAddress(stack, "alertmanager")}/api/v2/alerts`;
  // Not the drill's own signal: after Ctrl-C this is to be done all the same.
  const signal = AbortSignal.timeout(limitMs);
  try {
    const held = await askJson<HeldAlert[]>(
      `${url}?filter=${encodeURIComponent(`${drillLabel}!=""`)}`,
      signal,
    );
    if (!held || held.length === 0) return;
    const endsAt = new Date().toISOString();
    await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(
        held.map(({ labels, annotations, startsAt }) => ({ labels, annotations, startsAt, endsAt })),
      ),
      signal,
    });
    await Promise.all(
      // Of what a silence holds back, nobody hears.
      held
        .filter(({ status }) => status.state !== "suppressed")
        .map(({ labels }) =>
          webhook.waitFor((alert) => alert.status === "resolved" && isSame(alert.labels, labels), {
            signal,
            limitMs,
          }),
        ),
    );
  } catch {
    // An Alertmanager that is away has been told of, or will be: by the drill itself, or by `obs status`.
  }
}

function isSame(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
