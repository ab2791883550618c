import { join } from "node:path";
import { releaseLock, takeLock } from "../runtime/lock.js";
import { writeSecret } from "../runtime/secrets.js";
import { inertWebhookUrl } from "../services/names.js";
import { ProblemError } from "../validate/problem.js";
import type { VerifyContext } from "./context.js";
import { openWebhook, type Webhook } from "./webhook.js";

/** Who has alerts sent to a webhook of its own, and the secret that holds its address. */
export interface WebhookPurpose {
  verb: string;
  secret: string;
}

/**
 * Opens a webhook, has Alertmanager send the alerts of a purpose there while `work` is done, and puts an address that leads nowhere
 * back in every case, also when aborted. Alertmanager reads the address anew for every notification.
 * Throws a ProblemError (`busy`) while another one of the same purpose in this project has its own webhook in place.
 */
export async function withWebhook<T>(
  { project, runtime }: Pick<VerifyContext, "project" | "runtime">,
  { verb, secret }: WebhookPurpose,
  work: (webhook: Webhook) => Promise<T>,
): Promise<T> {
  const lock = join(project.stateDir, "run", `${verb}.lock`);
  const holder = takeLock(lock, verb);
  if (holder)
    throw new ProblemError([
      {
        id: "busy",
        severity: "error",
        what: `Another \`obs ${verb}\` is at work on this stack (process ${holder.pid}, since ${holder.since}).`,
        next: "Wait until it is done, then run this again.",
      },
    ]);
  try {
    const webhook = await openWebhook(await runtime.webhookAddress());
    try {
      await writeSecret(project, "alertmanager", secret, webhook.url);
      return await work(webhook);
    } finally {
      await writeSecret(project, "alertmanager", secret, inertWebhookUrl);
      await webhook.close();
    }
  } finally {
    releaseLock(lock);
  }
}
