import type { AttributeValue, Span } from "../../llm/call.js";
import { freshCall } from "./llm-spans.js";

const day = 86_400_000;

/**
 * Calls of models, agents and tools, good and bad, so that the ledger has something for every series it can have; and a
 * few on each of the last days, so that today can be held against them. They cost something with {@link playedMoney}.
 */
export function playedCalls(): Span[] {
  const call = (
    attributes: Record<string, AttributeValue> = {},
    rest: Partial<Omit<Span, "resource">> = {},
  ) => freshCall({ feature: "played", team: "played", "user.id": "played", ...attributes }, rest);
  const run = (operation: string, failed: boolean) =>
    call(
      {
        "gen_ai.operation.name": operation,
        "gen_ai.agent.name": "played",
        ...(operation === "execute_tool" && { "gen_ai.tool.name": "played" }),
        ...(failed && { "error.type": "timeout" }),
      },
      { failed },
    );
  const earlier = Array.from({ length: 10 }, (_, at) => {
    const startMs = Date.now() - (at + 1) * day;
    return call({}, { startMs, endMs: startMs + 400 });
  });
  return [
    call({
      "gen_ai.agent.name": "played",
      "gen_ai.usage.cache_read.input_tokens": 10,
      "gen_ai.usage.cache_creation.input_tokens": 10,
      "gen_ai.usage.reasoning.output_tokens": 10,
      "gen_ai.response.time_to_first_chunk": 0.2,
    }),
    call({ "error.type": "timeout" }, { failed: true }),
    call({ "gen_ai.request.model": "nobody-knows-it" }),
    ...["invoke_agent", "execute_tool"].flatMap((operation) => [run(operation, false), run(operation, true)]),
    ...earlier,
  ];
}

/** Prices and a budget for {@link playedCalls}. */
export const playedMoney = {
  prices: [{ model: "own-model", input: "1", output: "2" }],
  budgets: { played: { team: "played", monthlyUsd: "1" } },
};
