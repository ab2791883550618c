import { withDeadline } from "../deadline.js";
import { verifyLabel } from "../services/names.js";
import { AskError, explain, said } from "./ask.js";
import { urlOf, type VerifyContext } from "./context.js";
import { HopFailure } from "./failure.js";
import type { VerifyIds } from "./ids.js";

/** The alert that is sent through Alertmanager; nobody's route but the first, its own, matches it. */
export interface TestAlert {
  labels: Record<string, string>;
  startsAt: Date;
  /** Whether labels in a notification are this alert's. */
  is(labels: Record<string, string>): boolean;
}

/** After this long (ms) it ends by itself, should whoever sent it die. */
const lifetimeMs = 120_000;

/** The test alert of one run. */
export function testAlert({ run }: VerifyIds): TestAlert {
  return {
    labels: { alertname: "ObsVerify", [verifyLabel]: run },
    startsAt: new Date(),
    is: (labels) => labels[verifyLabel] === run,
  };
}

/** Posts it to Alertmanager, as Prometheus does; throws HopFailure when it isn't taken. */
export async function postTestAlert(
  context: VerifyContext,
  { labels, startsAt }: TestAlert,
  state: "firing" | "resolved",
  signal: AbortSignal = context.signal,
): Promise<void> {
  const url = urlOf(context, "alertmanager", "/api/v2/alerts");
  const endsAt = new Date(Date.now() + (state === "firing" ? lifetimeMs : 0));
  try {
    await withDeadline(10_000, signal, async (within) => {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify([
          {
            labels,
            annotations: { summary: "A test by `obs verify`: nothing is wrong." },
            startsAt: startsAt.toISOString(),
            endsAt: endsAt.toISOString(),
          },
        ]),
        signal: within,
      });
      const text = await response.text();
      if (!response.ok) throw new AskError(`answers ${response.status}${said(text)} at ${url}`);
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new HopFailure({
      what: "Alertmanager did not take the test alert.",
      why: `alertmanager ${error instanceof AskError ? error.message : explain(error, url)}.`,
      next: "Look at `obs status` and `obs logs alertmanager`.",
      suspects: ["alertmanager"],
    });
  }
}
