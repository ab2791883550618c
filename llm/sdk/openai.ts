import { operationNames } from "../semconv.js";
import type { Answered, Asked } from "./call.js";
import { type Client, observe, type RequestOptions, type Wire } from "./observe.js";

/** Which operation each path is; all others call no model, or none that is counted here. */
const operations: Readonly<Record<string, string>> = {
  "/chat/completions": operationNames.chat,
  "/responses": operationNames.chat,
  "/completions": operationNames.textCompletion,
  "/embeddings": operationNames.embeddings,
};

/** Who answers behind an address: many speak this protocol. */
const hosts: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\.)openai\.azure\.com$|\.cognitiveservices\.azure\.com$/, "azure.ai.openai"],
  [/\.services\.ai\.azure\.com$|\.inference\.ai\.azure\.com$/, "azure.ai.inference"],
  [/(?:^|\.)deepseek\.com$/, "deepseek"],
  [/(?:^|\.)groq\.com$/, "groq"],
  [/(?:^|\.)mistral\.ai$/, "mistral_ai"],
  [/(?:^|\.)perplexity\.ai$/, "perplexity"],
  [/(?:^|\.)x\.ai$/, "x_ai"],
  [/(?:^|\.)cohere\.(?:ai|com)$/, "cohere"],
  [/^generativelanguage\.googleapis\.com$/, "gcp.gemini"],
  [/aiplatform\.googleapis\.com$/, "gcp.vertex_ai"],
  [/\.amazonaws\.com$/, "aws.bedrock"],
];

/**
 * Observes a client of the package `openai`, and gives it back: chat completions, responses, completions and embeddings
 * become spans, metrics and log lines, with tokens, time to the first chunk, retries and errors. What the client
 * returns and throws stays its own. Streamed chat completions are asked for their usage; the chunk that brings it is
 * kept from applications that didn't ask, and `stream_options: { include_usage: false }` leaves the request as it is.
 */
export function observeOpenAI<T>(client: T): T {
  return observe(client, wire, "openai");
}

const wire: Wire = {
  asked(client, { method, path, body, stream }) {
    if (method !== "post" || typeof path !== "string") return undefined;
    const operation = operations[path.split("?", 1)[0]!];
    if (operation === undefined) return undefined;
    const { model, messages, input, prompt, instructions } = (body ?? {}) as Record<string, unknown>;
    return {
      operation,
      provider: providerOf(client),
      model: typeof model === "string" ? model : undefined,
      stream: stream === true,
      instructions,
      input: messages ?? input ?? prompt,
    } satisfies Asked;
  },
  prepare(options) {
    const body = options.body as { stream_options?: { include_usage?: boolean } | null } | undefined;
    if (!/^\/(?:chat\/)?completions$/.test(options.path!) || typeof body !== "object" || body === null)
      return { options, hidesUsage: false };
    if (body.stream_options?.include_usage !== undefined) return { options, hidesUsage: false };
    const stream_options = { ...body.stream_options, include_usage: true };
    return { options: { ...options, body: { ...body, stream_options } } as RequestOptions, hidesUsage: true };
  },
  answer(answered, value, keepsContent) {
    readObject(answered, value as Answer, keepsContent);
  },
  part(answered, chunk, keepsContent) {
    const { type, response, choices } = chunk as Chunk;
    if (choices) {
      readChunk(answered, chunk as Chunk, keepsContent);
    } else if (response && type !== "response.in_progress") {
      readObject(answered, response, keepsContent);
    }
  },
  isOnlyUsage: (chunk) => {
    const { choices, usage } = chunk as Chunk;
    return choices?.length === 0 && usage != null;
  },
};

function providerOf(client: Client): string {
  if (client.constructor?.name === "AzureOpenAI") return "azure.ai.openai";
  const address = String(client.baseURL);
  const before = lastProviders.get(client);
  if (before?.address === address) return before.provider;
  const provider = providerAt(address);
  lastProviders.set(client, { address, provider });
  return provider;
}

/** To take an address apart costs a call as much as its span does, and a client's hardly ever changes. */
const lastProviders = new WeakMap<Client, { address: string; provider: string }>();

function providerAt(address: string): string {
  try {
    const { hostname } = new URL(address);
    return hosts.find(([pattern]) => pattern.test(hostname))?.[1] ?? "openai";
  } catch {
    return "openai";
  }
}

interface TokenUsage {
  prompt_tokens?: number;
  completion_tokens?: number;
  prompt_tokens_details?: { cached_tokens?: number; audio_tokens?: number } | null;
  completion_tokens_details?: { reasoning_tokens?: number; audio_tokens?: number } | null;
  input_tokens?: number;
  output_tokens?: number;
  input_tokens_details?: { cached_tokens?: number } | null;
  output_tokens_details?: { reasoning_tokens?: number } | null;
}

interface Answer {
  id?: string;
  model?: string;
  service_tier?: string | null;
  usage?: TokenUsage | null;
  choices?: { finish_reason?: string | null; message?: unknown; text?: unknown }[];
  status?: string;
  incomplete_details?: { reason?: string } | null;
  output?: unknown;
}

interface Chunk {
  type?: string;
  response?: Answer;
  id?: string;
  model?: string;
  service_tier?: string | null;
  usage?: TokenUsage | null;
  choices?: { index: number; finish_reason?: string | null; delta?: Delta; text?: string }[];
}

interface Delta {
  content?: string | null;
  tool_calls?: { index: number; id?: string; function?: { name?: string; arguments?: string } }[];
}

function readObject(answered: Answered, value: Answer | null | undefined, keepsContent: boolean): void {
  if (typeof value !== "object" || value === null) return;
  readHead(answered, value);
  const { choices, status, incomplete_details, output } = value;
  if (choices) {
    answered.finishReasons = choices.map((each) => each.finish_reason ?? "").filter(Boolean);
    if (keepsContent) answered.output = choices.map((each) => each.message ?? each.text);
  } else if (status !== undefined) {
    // Of the same kind as those of chat completions: a response says only that it is complete.
    const calls = Array.isArray(output) && output.some((item) => item?.type === "function_call");
    const reason = incomplete_details?.reason;
    if (reason !== undefined) answered.finishReasons = [reason === "max_output_tokens" ? "length" : reason];
    else if (status === "completed") answered.finishReasons = [calls ? "tool_calls" : "stop"];
    else if (status !== "in_progress" && status !== "queued") answered.finishReasons = [status];
    if (keepsContent) answered.output = output;
  }
}

function readHead(answered: Answered, { id, model, service_tier, usage }: Answer | Chunk): void {
  if (id !== undefined) answered.id = id;
  if (model !== undefined) answered.model = model;
  if (typeof service_tier === "string") answered.serviceTier = service_tier;
  if (usage) answered.usage = usageOf(usage);
}

function usageOf(usage: TokenUsage) {
  return {
    input: usage.prompt_tokens ?? usage.input_tokens,
    output: usage.completion_tokens ?? usage.output_tokens,
    cacheRead: (usage.prompt_tokens_details ?? usage.input_tokens_details)?.cached_tokens,
    reasoning: (usage.completion_tokens_details ?? usage.output_tokens_details)?.reasoning_tokens,
    inputAudio: usage.prompt_tokens_details?.audio_tokens,
    outputAudio: usage.completion_tokens_details?.audio_tokens,
  };
}

function readChunk(answered: Answered, chunk: Chunk, keepsContent: boolean): void {
  if (answered.id === undefined || chunk.usage || chunk.service_tier) readHead(answered, chunk);
  for (const choice of chunk.choices!) {
    if (choice.finish_reason) {
      answered.finishReasons ??= [];
      answered.finishReasons[choice.index] = choice.finish_reason;
    }
    if (keepsContent) addDelta(answered, choice.index, choice.delta, choice.text);
  }
}

interface Message {
  role: "assistant";
  content: string;
  tool_calls?: { id?: string; name: string; arguments: string }[];
}

/** Characters of a streamed answer that are kept until it is cut for good. */
const mostKept = 20_000;

function addDelta(
  answered: Answered,
  index: number,
  delta: Delta | undefined,
  text: string | undefined,
): void {
  answered.output ??= [];
  const messages = answered.output as Message[];
  messages[index] ??= { role: "assistant", content: "" };
  const message = messages[index];
  const more = delta?.content ?? text ?? "";
  if (message.content.length < mostKept) message.content += more;
  for (const call of delta?.tool_calls ?? []) {
    message.tool_calls ??= [];
    message.tool_calls[call.index] ??= { name: "", arguments: "" };
    const kept = message.tool_calls[call.index]!;
    if (call.id) kept.id = call.id;
    kept.name += call.function?.name ?? "";
    if (kept.arguments.length < mostKept) kept.arguments += call.function?.arguments ?? "";
  }
}
