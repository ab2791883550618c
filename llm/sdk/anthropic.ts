import { operationNames } from "../semconv.js";
import type { Answered, Asked } from "./call.js";
import { observe, type Wire } from "./observe.js";

/**
 * Observes a client of the package `@anthropic-ai/sdk`, and gives it back: messages, whole and streamed, become spans,
 * metrics and log lines, with tokens (those of the prompt cache, too), time to the first chunk, retries and errors. What
 * the client returns and throws stays its own. Spans that the client makes itself are turned off: a call is one span.
 */
export function observeAnthropic<T>(client: T): T {
  return observe(client, wire, "@anthropic-ai/sdk");
}

const wire: Wire = {
  adopt(client) {
    // Since 1.0 the client records each call by itself, and sends the trace's id along, where OpenTelemetry is set up.
    if (client._tracer !== undefined) client._tracer = undefined;
  },
  asked(client, { method, path, body, stream }) {
    if (method !== "post" || typeof path !== "string" || path.split("?", 1)[0] !== "/v1/messages")
      return undefined;
    const { model, messages, system } = (body ?? {}) as Record<string, unknown>;
    return {
      operation: operationNames.chat,
      provider: providers[client.constructor?.name] ?? "anthropic",
      model: typeof model === "string" ? model : undefined,
      stream: stream === true,
      instructions: system,
      input: messages,
    } satisfies Asked;
  },
  answer(answered, value, keepsContent) {
    if (typeof value === "object" && value !== null) readMessage(answered, value as Message, keepsContent);
  },
  part(answered, event, keepsContent) {
    const { type, message, delta, usage, index, content_block: block } = event as StreamEvent;
    // Most parts are pieces of text.
    if (type === "content_block_delta") {
      if (keepsContent && delta) addDelta(answered, index ?? 0, delta);
    } else if (type === "message_start") {
      if (message) readMessage(answered, message, keepsContent);
    } else if (type === "message_delta") {
      if (delta?.stop_reason) answered.finishReasons = [delta.stop_reason];
      if (usage) readUsage(answered, usage);
    } else if (type === "content_block_start" && keepsContent && block) {
      blocksOf(answered)[index ?? 0] = { ...block };
    }
  },
};

/** Other clouds have clients of their own, made from the same core. */
const providers: Readonly<Record<string, string>> = {
  AnthropicBedrock: "aws.bedrock",
  AnthropicBedrockMantle: "aws.bedrock",
  AnthropicVertex: "gcp.vertex_ai",
  AnthropicFoundry: "azure.ai.inference",
};

interface TokenUsage {
  input_tokens?: number | null;
  output_tokens?: number | null;
  cache_read_input_tokens?: number | null;
  cache_creation_input_tokens?: number | null;
  cache_creation?: { ephemeral_1h_input_tokens?: number } | null;
  output_tokens_details?: { thinking_tokens?: number } | null;
  service_tier?: string | null;
}

interface Message {
  id?: string;
  model?: string;
  stop_reason?: string | null;
  usage?: TokenUsage;
  content?: unknown;
}

interface Delta {
  stop_reason?: string | null;
  text?: string;
  thinking?: string;
  partial_json?: string;
}

interface StreamEvent {
  type: string;
  index?: number;
  message?: Message;
  content_block?: Block;
  delta?: Delta;
  usage?: TokenUsage;
}

type Block = Record<string, unknown>;

function readMessage(answered: Answered, message: Message, keepsContent: boolean): void {
  answered.id = message.id;
  answered.model = message.model;
  if (message.stop_reason) answered.finishReasons = [message.stop_reason];
  if (message.usage) readUsage(answered, message.usage);
  if (keepsContent) answered.output = Array.isArray(message.content) ? [...message.content] : message.content;
}

/** Usage of a stream comes in parts, the later ones in place of the earlier. */
function readUsage(answered: Answered, usage: TokenUsage): void {
  const before = (answered as { own?: TokenUsage }).own;
  const own: TokenUsage = { ...before };
  for (const [name, value] of Object.entries(usage))
    if (value != null) own[name as "input_tokens"] = value as number;
  Object.defineProperty(answered, "own", { value: own, configurable: true, enumerable: false });
  const read = own.cache_read_input_tokens ?? 0;
  const written = own.cache_creation_input_tokens ?? 0;
  answered.usage = {
    // By the conventions cached tokens are among the input; here they come beside it.
    input: typeof own.input_tokens === "number" ? own.input_tokens + read + written : undefined,
    output: own.output_tokens ?? undefined,
    cacheRead: read,
    cacheWrite: written,
    cacheWriteHour: own.cache_creation?.ephemeral_1h_input_tokens,
    reasoning: own.output_tokens_details?.thinking_tokens,
  };
  if (own.service_tier) answered.serviceTier = own.service_tier;
}

/** Characters of a streamed answer that are kept until it is cut for good. */
const mostKept = 20_000;

function blocksOf(answered: Answered): Block[] {
  answered.output ??= [];
  return answered.output as Block[];
}

function addDelta(answered: Answered, index: number, { text, thinking, partial_json }: Delta): void {
  const blocks = blocksOf(answered);
  blocks[index] ??= {};
  const block = blocks[index]!;
  const name = text !== undefined ? "text" : thinking !== undefined ? "thinking" : "input";
  const before = typeof block[name] === "string" ? (block[name] as string) : "";
  if (before.length < mostKept) block[name] = before + (text ?? thinking ?? partial_json ?? "");
}
