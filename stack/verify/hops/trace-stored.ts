import { seek, type VerifyContext } from "../context.js";
import { HopFailure } from "../failure.js";
import { type HopResult, lastWords } from "../run-hop.js";
import { spansOfTrace, traceStoreName } from "../trace-store.js";

/** The trace survived sampling and is in the store, every span of it. */
export async function traceStored(context: VerifyContext): Promise<HopResult<true>> {
  const { ids, rendered } = context;
  const wanted = [ids.rootSpan, ids.childSpan];
  let seen: string[] | undefined;
  const { found, lastError } = await seek(context, async (signal) => {
    seen = (await spansOfTrace(context, ids.trace, signal)) ?? seen;
    return wanted.every((id) => seen?.includes(id)) || undefined;
  });
  if (found) return { value: true, detail: `${wanted.length} spans` };
  const { backend } = rendered.facts.traces;
  const name = traceStoreName(context);
  throw new HopFailure({
    what: seen
      ? `${name} has ${seen.length} of the trace's ${wanted.length} spans.`
      : `The trace did not arrive in ${name}.`,
    why: lastWords(name, lastError) ?? "The collector had accepted it.",
    next: `Look at \`obs logs otel-collector ${backend}\`: either sampling let it go, or the collector can't hand it to ${name}.`,
    suspects: ["otel-collector", backend],
  });
}
