import { withDeadline } from "../deadline.js";
import type { Problem } from "../validate/problem.js";
import type { VerifyContext } from "./context.js";

/** Warns of services that sample before they send: the ledger sees a part of their calls only. */
export async function samplingSenders(context: VerifyContext): Promise<Problem[]> {
  if (!context.stack.llm.ledger.enabled) return [];
  const { ledgerAccess, withLedger } = await import("../../llm/costs/ledger.js");
  const { arrivedNames, sampledProblem } = await import("../../llm/names.js");
  const senders = await withDeadline(5_000, context.signal, async (signal) => {
    const { url } = await ledgerAccess(context.project, context.stack, "reader");
    return withLedger(url, { role: "reader", signal }, (client) => arrivedNames(client));
  }).catch(() => {
    // That the ledger can't be asked is what the hops say.
    context.signal.throwIfAborted();
    return [];
  });
  return senders.flatMap(({ service, keptPercent }) =>
    keptPercent === null ? [] : [sampledProblem(service, keptPercent)],
  );
}
