import { ProblemError } from "../../validate/problem.js";
import { seek, type VerifyContext } from "../context.js";
import { HopFailure } from "../failure.js";
import { verifyService } from "../payload.js";
import type { HopResult } from "../run-hop.js";

interface Row {
  cost_usd: string | null;
  tokens: string | null;
  calls: string;
}

/** The call is a row of the ledger, at the price that the ledger has for it. The value: how many of its kind there are. */
export async function callBilled(context: VerifyContext): Promise<HopResult<number>> {
  const { ledgerAccess, withLedger } = await import("../../../llm/costs/ledger.js");
  let row: Row | undefined;
  const { found, lastError } = await seek(context, async (signal) => {
    const { url } = await ledgerAccess(context.project, context.stack, "reader");
    row = await withLedger(url, { role: "reader", signal }, async (client) => {
      const { rows } = await client.query<Row>(
        `SELECT cost_usd, total_tokens AS tokens,
           (SELECT sum(calls) FROM llm_usage_daily WHERE provider = $3) AS calls
         FROM llm_usage WHERE trace_id = $1 AND span_id = $2`,
        [context.ids.trace, context.ids.childSpan, verifyService],
      );
      return rows[0];
    });
    return row;
  });
  if (found && Number(found.cost_usd ?? Number.NaN) === 0 && found.tokens === "2")
    return { value: Number(found.calls) };
  throw new HopFailure({
    what: row
      ? "The model call is in the ledger, but not with the tokens and the price that it has."
      : "The model call did not arrive in the ledger.",
    why: row ? `It has ${row.tokens} tokens and costs ${row.cost_usd}.` : whyNot(lastError),
    next: "Look at `obs status` and `obs logs llm-ledger otel-collector`.",
    suspects: ["llm-ledger", "postgres", "otel-collector"],
  });
}

function whyNot(error: unknown): string {
  if (error instanceof ProblemError) return error.problems.map(({ what, why }) => why ?? what).join(" ");
  return error instanceof Error ? `${error.message}.` : "The collector had accepted it.";
}
