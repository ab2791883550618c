import { answerTo, inPieces } from "./answer.js";
import { modelFor, timing } from "./behaviour.js";
import type { RateLimit } from "./limits.js";
import type { Asked, Protocol, Refusal, Reply, StreamEvent } from "./protocol.js";
import { idFrom } from "./random.js";
import { tokensIn } from "./text.js";

/** Messages, as api.anthropic.com answers (https://docs.anthropic.com/en/api/messages). */
export const anthropic: Protocol = {
  speaks: (path) => /^\/v1\/messages(?:\/count_tokens)?$/.test(path),
  account: ({ headers }) => {
    const key = headers["x-api-key"] ?? headers.authorization;
    if (headers["anthropic-version"] === undefined) return anthropic.refuse(400);
    return typeof key !== "string" || key.includes("sk-invalid") ? anthropic.refuse(401) : key;
  },
  reply: (asked) => {
    const { path, body } = asked;
    if (typeof body?.model !== "string") return invalid("model: Field required");
    if (body.model.startsWith("unknown")) return anthropic.refuse(404);
    if (!Array.isArray(body.messages) || body.messages.length === 0)
      return invalid("messages: at least one message is required");
    if (path.endsWith("/count_tokens"))
      return { delay: 0.02, tokens: 0, body: { input_tokens: promptTokens(body) } };
    return messages(asked);
  },
  refuse: (status, code) => ({ status, body: failure(code ?? typeOf(status), wordsFor(status)) }),
  streamError: { event: "error", data: failure("overloaded_error", wordsFor(529)), after: 0 },
  headers: (random, allowance, now) => ({
    "request-id": idFrom(random, "req_"),
    "anthropic-organization-id": "00000000-0000-4000-8000-000000000000",
    ...(allowance && {
      ...limitHeaders("requests", "requests", allowance, now),
      ...limitHeaders("tokens", "tokens", allowance, now),
      ...limitHeaders("input-tokens", "tokens", allowance, now),
      ...limitHeaders("output-tokens", "tokens", allowance, now),
    }),
  }),
};

function limitHeaders(
  name: string,
  kind: keyof RateLimit,
  { limit, remaining, reset }: Record<"limit" | "remaining" | "reset", RateLimit>,
  now: number,
): Record<string, string> {
  return {
    [`anthropic-ratelimit-${name}-limit`]: String(limit[kind]),
    [`anthropic-ratelimit-${name}-remaining`]: String(remaining[kind]),
    [`anthropic-ratelimit-${name}-reset`]: new Date(now + reset[kind] * 1000).toISOString(),
  };
}

function typeOf(status: number): string {
  const types: Record<number, string> = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
    529: "overloaded_error",
  };
  return types[status] ?? (status < 500 ? "invalid_request_error" : "api_error");
}

function wordsFor(status: number): string {
  if (status === 401) return "invalid x-api-key";
  if (status === 404) return "model: not found";
  if (status === 429) return "This request would exceed your organization's rate limit.";
  if (status === 503 || status === 529) return "Overloaded";
  return status < 500 ? "The request is not valid." : "Internal server error";
}

function failure(type: string, message: string): object {
  return { type: "error", error: { type, message }, request_id: null };
}

function invalid(message: string): Refusal {
  return { status: 400, body: failure("invalid_request_error", message) };
}

interface Prompt {
  system?: unknown;
  tools?: unknown;
  messages: { role: string; content: unknown }[];
}

function promptTokens({ system, tools, messages }: Prompt): number {
  return tokensIn(system) + tokensIn(tools) + messages.reduce((sum, each) => sum + tokensIn(each), 3);
}

/** Tokens up to the last part that asks for a cache; read from there when that beginning is known, else written. */
function cachedTokens({ body, cache }: Asked): { read: number; written: number; forAnHour?: boolean } {
  const parts: unknown[] = [body.tools ?? [], body.system ?? "", ...body.messages];
  const last = parts.findLastIndex((part) => JSON.stringify(part).includes('"cache_control"'));
  if (last < 0) return { read: 0, written: 0 };
  const beginning = parts.slice(0, last + 1);
  const tokens = beginning.reduce((sum: number, each) => sum + tokensIn(each), 0);
  // Shorter ones aren't cached, whatever is asked for.
  if (tokens < 1024) return { read: 0, written: 0 };
  if (cache.knows(body.model, beginning)) return { read: tokens, written: 0 };
  return { read: 0, written: tokens, forAnHour: JSON.stringify(parts[last]).includes('"ttl":"1h"') };
}

function messages(asked: Asked): Reply | Refusal {
  const { body, random, incident } = asked;
  if (typeof body.max_tokens !== "number") return invalid("max_tokens: Field required");
  const model = modelFor(body.model);
  const pace = timing(model, incident, random);
  const all = promptTokens(body);
  if (all > 200_000) return invalid(`prompt is too long: ${all} tokens > 200000 maximum`);
  const { read, written, forAnHour } = cachedTokens(asked);
  const last = body.messages.at(-1).content;
  const answer = answerTo(
    {
      model,
      incident,
      maxTokens: body.max_tokens,
      tools: (body.tools ?? []).map((tool: { name: string; input_schema: unknown }) => ({
        name: tool.name,
        schema: tool.input_schema,
      })),
      callTool:
        body.tool_choice?.type !== "none" &&
        !(Array.isArray(last) && last.some((block: { type: string }) => block.type === "tool_result")),
    },
    random,
  );
  const usage = {
    // Only what neither came from a cache nor went into one.
    input_tokens: Math.max(1, all - read - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    cache_creation: {
      ephemeral_5m_input_tokens: forAnHour ? 0 : written,
      ephemeral_1h_input_tokens: forAnHour ? written : 0,
    },
    output_tokens: answer.outputTokens,
    service_tier: "standard",
  };
  const block = answer.tool
    ? {
        type: "tool_use",
        id: idFrom(random, "toolu_"),
        name: answer.tool.name,
        input: JSON.parse(answer.tool.arguments),
      }
    : { type: "text", text: answer.pieces.join("") };
  const reason = { stop: "end_turn", length: "max_tokens", tool: "tool_use" }[answer.finish];
  const message = {
    id: idFrom(random, "msg_"),
    type: "message",
    role: "assistant",
    model: body.model,
    content: [block],
    stop_reason: reason,
    stop_sequence: null,
    usage,
  };
  const tokens = all + answer.outputTokens;
  if (!body.stream) return { delay: pace.first + answer.outputTokens * pace.each, tokens, body: message };
  const event = (type: string, data: object, after = 0): StreamEvent => ({
    event: type,
    data: { type, ...data },
    after,
  });
  const deltas = answer.tool
    ? inPieces(answer.tool.arguments).map((partial_json) => ({ type: "input_json_delta", partial_json }))
    : answer.pieces.map((text) => ({ type: "text_delta", text }));
  return {
    delay: pace.first + answer.reasoningTokens * pace.each,
    tokens,
    events: [
      event("message_start", {
        message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
      }),
      event("content_block_start", {
        index: 0,
        content_block: answer.tool ? { ...block, input: {} } : { type: "text", text: "" },
      }),
      event("ping", {}),
      ...deltas.map((delta) => event("content_block_delta", { index: 0, delta }, pace.each)),
      event("content_block_stop", { index: 0 }),
      event("message_delta", {
        delta: { stop_reason: reason, stop_sequence: null },
        usage: { output_tokens: answer.outputTokens },
      }),
      event("message_stop", {}),
    ],
  };
}
