import { join } from "node:path";
import { releaseLock, takeLock } from "../runtime/lock.js";
import { writeSecret } from "../runtime/secrets.js";
import { inertWebhookUrl, verifyWebhookSecret } from "../services/names.js";
import { ProblemError } from "../validate/problem.js";
import type { VerifyContext } from "./context.js";
import { openWebhook, type Webhook } from "./webhook.js";

/**
 * Opens a webhook, has Alertmanager send test alerts there while `work` is done, and puts an address that leads nowhere
 * back in every case, also when aborted. Alertmanager reads the address anew for every notification.
 * Throws a ProblemError (`busy`) while another `obs verify` of this project has its own webhook in place.
 */
export async function withWebhook<T>(
  { project, runtime }: Pick<VerifyContext, "project" | "runtime">,
  work: (webhook: Webhook) => Promise<T>,
): Promise<T> {
  const lock = join(project.stateDir, "run", "verify.lock");
  const holder = takeLock(lock, "verify");
  if (holder)
    throw new ProblemError([
      {
        id: "busy",
        severity: "error",
        what: `Another \`obs verify\` is at work on this stack (process ${holder.pid}, since ${holder.since}).`,
        next: "Wait until it is done, then run this again.",
      },
    ]);
  try {
    const webhook = await openWebhook(await runtime.webhookAddress());
    try {
      await writeSecret(project, "alertmanager", verifyWebhookSecret, webhook.url);
      return await work(webhook);
    } finally {
      await writeSecret(project, "alertmanager", verifyWebhookSecret, inertWebhookUrl);
      await webhook.close();
    }
  } finally {
    releaseLock(lock);
  }
}
