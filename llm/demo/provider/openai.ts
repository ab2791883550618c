import { answerTo, inPieces } from "./answer.js";
import { modelFor, timing } from "./behaviour.js";
import type { Asked, Protocol, Refusal, Reply, StreamEvent } from "./protocol.js";
import { idFrom } from "./random.js";
import { tokensIn } from "./text.js";

/** Context window of every model here. */
const contextWindow = 128_000;

/** Chat completions, responses and embeddings, as api.openai.com answers (https://platform.openai.com/docs/api-reference). */
export const openai: Protocol = {
  speaks: (path) => /^\/v1\/(?:chat\/completions|responses|embeddings)$/.test(path),
  account: ({ headers }) => {
    const key = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
    return key === undefined || key.startsWith("sk-invalid") ? openai.refuse(401) : key;
  },
  reply: (asked) => {
    const { path, body } = asked;
    if (typeof body?.model !== "string") return invalid("you must provide a model parameter", "model");
    if (body.model.startsWith("unknown")) return openai.refuse(404);
    if (path.endsWith("/embeddings")) return embeddings(asked);
    return path.endsWith("/responses") ? responses(asked) : chat(asked);
  },
  refuse: (status, code) => ({ status, body: { error: errorFor(status, code) } }),
  streamError: { data: { error: errorFor(500) }, after: 0 },
  headers: (random, allowance) => ({
    "x-request-id": idFrom(random, "req_", 32),
    "openai-version": "2020-10-01",
    "openai-organization": "org-demo",
    "openai-processing-ms": String(Math.round(random() * 300)),
    ...(allowance && {
      "x-ratelimit-limit-requests": String(allowance.limit.requests),
      "x-ratelimit-limit-tokens": String(allowance.limit.tokens),
      "x-ratelimit-remaining-requests": String(allowance.remaining.requests),
      "x-ratelimit-remaining-tokens": String(allowance.remaining.tokens),
      "x-ratelimit-reset-requests": `${Math.ceil(allowance.reset.requests * 1000)}ms`,
      "x-ratelimit-reset-tokens": `${Math.ceil(allowance.reset.tokens * 1000)}ms`,
    }),
  }),
};

interface Failure {
  message: string;
  type: string;
  param: string | null;
  code: string | null;
}

function errorFor(status: number, code?: string): Failure {
  const of = (message: string, type: string, own: string | null): Failure => ({
    message,
    type,
    param: null,
    code: code ?? own,
  });
  if (status === 401) return of("Incorrect API key provided.", "invalid_request_error", "invalid_api_key");
  if (status === 403) return of("You are not allowed to do this.", "invalid_request_error", "forbidden");
  if (status === 404) return of("The model does not exist.", "invalid_request_error", "model_not_found");
  if (status === 429 && code === "insufficient_quota")
    return of("You exceeded your current quota, please check your plan.", "insufficient_quota", null);
  if (status === 429) return of("Rate limit reached.", "requests", "rate_limit_exceeded");
  if (status < 500) return of("The request is not valid.", "invalid_request_error", null);
  if (status === 503) return of("The engine is currently overloaded.", "service_unavailable", null);
  return of("The server had an error while processing your request.", "server_error", null);
}

function invalid(message: string, param: string, code: string | null = null): Refusal {
  return { status: 400, body: { error: { message, type: "invalid_request_error", param, code } } };
}

function tooLong(tokens: number): Refusal | undefined {
  if (tokens <= contextWindow) return undefined;
  return invalid(
    `This model's maximum context length is ${contextWindow} tokens, your messages have ${tokens}.`,
    "messages",
    "context_length_exceeded",
  );
}

/** The name that answers: a dated version of an alias. */
function dated(model: string): string {
  return /\d{4}-\d\d-\d\d$|-\d{4}$/.test(model) ? model : `${model}-2025-08-07`;
}

function chat({ body, random, incident, cache, now }: Asked): Reply | Refusal {
  if (!Array.isArray(body.messages) || body.messages.length === 0)
    return invalid("'messages' must not be empty", "messages");
  const input =
    tokensIn(body.tools) + body.messages.reduce((sum: number, each: unknown) => sum + tokensIn(each), 3);
  const refused = tooLong(input);
  if (refused) return refused;
  const model = modelFor(body.model);
  const pace = timing(model, incident, random);
  const cached = Math.min(input, cache.automatic(body.model, [body.tools ?? [], ...body.messages]));
  const answer = answerTo(
    {
      model,
      incident,
      maxTokens: body.max_completion_tokens ?? body.max_tokens,
      tools: (body.tools ?? []).map((tool: { function: { name: string; parameters: unknown } }) => ({
        name: tool.function.name,
        schema: tool.function.parameters,
      })),
      callTool: body.tool_choice !== "none" && body.messages.at(-1)?.role !== "tool",
    },
    random,
  );
  const usage = {
    prompt_tokens: input,
    completion_tokens: answer.outputTokens,
    total_tokens: input + answer.outputTokens,
    prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: answer.reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
  const head = {
    id: idFrom(random, "chatcmpl-"),
    created: Math.floor(now / 1000),
    model: dated(body.model),
    service_tier:
      body.service_tier === "flex" || body.service_tier === "priority" ? body.service_tier : "default",
    system_fingerprint: "fp_demo",
  };
  const call = answer.tool && {
    id: idFrom(random, "call_"),
    type: "function",
    function: answer.tool,
  };
  const reason = { stop: "stop", length: "length", tool: "tool_calls" }[answer.finish];
  const thinking = answer.reasoningTokens * pace.each;
  if (!body.stream)
    return {
      delay: pace.first + answer.outputTokens * pace.each,
      tokens: input + answer.outputTokens,
      body: {
        ...head,
        object: "chat.completion",
        choices: [
          {
            index: 0,
            message: {
              role: "assistant",
              content: call ? null : answer.pieces.join(""),
              refusal: null,
              ...(call && { tool_calls: [call] }),
            },
            logprobs: null,
            finish_reason: reason,
          },
        ],
        usage,
      },
    };
  const wanted = body.stream_options?.include_usage === true;
  const chunk = (delta: object, finish: string | null = null, after = pace.each): StreamEvent => ({
    data: {
      ...head,
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(wanted && { usage: null }),
    },
    after,
  });
  const events = call
    ? [
        chunk({
          role: "assistant",
          content: null,
          tool_calls: [{ index: 0, ...call, function: { name: call.function.name, arguments: "" } }],
        }),
        ...inPieces(call.function.arguments).map((part) =>
          chunk({ tool_calls: [{ index: 0, function: { arguments: part } }] }),
        ),
      ]
    : [
        chunk({ role: "assistant", content: "", refusal: null }, null, 0),
        ...answer.pieces.map((content) => chunk({ content })),
      ];
  return {
    delay: pace.first + thinking,
    tokens: input + answer.outputTokens,
    events: [
      ...events,
      chunk({}, reason),
      ...(wanted
        ? [{ data: { ...head, object: "chat.completion.chunk", choices: [], usage }, after: 0 }]
        : []),
      { data: "[DONE]", after: 0 },
    ],
  };
}

function responses({ body, random, incident, cache, now }: Asked): Reply | Refusal {
  if (body.input === undefined) return invalid("Missing required parameter: 'input'.", "input");
  const items: { type?: string; role?: string }[] =
    typeof body.input === "string" ? [{ role: "user", ...{ content: body.input } }] : body.input;
  const parts = [body.instructions ?? "", body.tools ?? [], ...items];
  const input = parts.reduce((sum: number, each: unknown) => sum + tokensIn(each), 0);
  const refused = tooLong(input);
  if (refused) return refused;
  const model = modelFor(body.model);
  const pace = timing(model, incident, random);
  const cached = Math.min(input, cache.automatic(body.model, parts));
  const answer = answerTo(
    {
      model,
      incident,
      maxTokens: body.max_output_tokens,
      tools: (body.tools ?? [])
        .filter((tool: { type: string }) => tool.type === "function")
        .map((tool: { name: string; parameters: unknown }) => ({ name: tool.name, schema: tool.parameters })),
      callTool: body.tool_choice !== "none" && items.at(-1)?.type !== "function_call_output",
    },
    random,
  );
  const text = answer.pieces.join("");
  const item = answer.tool
    ? {
        type: "function_call",
        id: idFrom(random, "fc_"),
        call_id: idFrom(random, "call_"),
        status: "completed",
        ...answer.tool,
      }
    : {
        type: "message",
        id: idFrom(random, "msg_"),
        status: "completed",
        role: "assistant",
        content: [{ type: "output_text", text, annotations: [] }],
      };
  const short = answer.finish === "length";
  const done = {
    id: idFrom(random, "resp_"),
    object: "response",
    created_at: Math.floor(now / 1000),
    status: short ? "incomplete" : "completed",
    error: null,
    incomplete_details: short ? { reason: "max_output_tokens" } : null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    model: dated(body.model),
    output: [item],
    parallel_tool_calls: true,
    previous_response_id: body.previous_response_id ?? null,
    service_tier: "default",
    store: body.store ?? true,
    temperature: body.temperature ?? 1,
    tool_choice: body.tool_choice ?? "auto",
    tools: body.tools ?? [],
    top_p: 1,
    truncation: "disabled",
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: answer.outputTokens,
      output_tokens_details: { reasoning_tokens: answer.reasoningTokens },
      total_tokens: input + answer.outputTokens,
    },
    user: null,
    metadata: body.metadata ?? {},
  };
  const tokens = input + answer.outputTokens;
  if (!body.stream) return { delay: pace.first + answer.outputTokens * pace.each, tokens, body: done };
  const begun = { ...done, status: "in_progress", output: [], usage: null, incomplete_details: null };
  const part = { type: "output_text", text: "", annotations: [] };
  const at = { item_id: item.id, output_index: 0 };
  const typed: [string, object, number][] = [
    ["response.created", { response: begun }, 0],
    ["response.in_progress", { response: begun }, 0],
    [
      "response.output_item.added",
      {
        output_index: 0,
        item: { ...item, status: "in_progress", ...(answer.tool ? { arguments: "" } : { content: [] }) },
      },
      answer.reasoningTokens * pace.each,
    ],
    ...(answer.tool
      ? [
          ...inPieces(answer.tool.arguments).map((delta): [string, object, number] => [
            "response.function_call_arguments.delta",
            { ...at, delta },
            pace.each,
          ]),
          ["response.function_call_arguments.done", { ...at, ...answer.tool }, 0] as [string, object, number],
        ]
      : ([
          ["response.content_part.added", { ...at, content_index: 0, part }, 0],
          ...answer.pieces.map((delta): [string, object, number] => [
            "response.output_text.delta",
            { ...at, content_index: 0, delta, logprobs: [] },
            pace.each,
          ]),
          ["response.output_text.done", { ...at, content_index: 0, text, logprobs: [] }, 0],
          ["response.content_part.done", { ...at, content_index: 0, part: { ...part, text } }, 0],
        ] as [string, object, number][])),
    ["response.output_item.done", { output_index: 0, item }, 0],
    [short ? "response.incomplete" : "response.completed", { response: done }, 0],
  ];
  return {
    delay: pace.first,
    tokens,
    events: typed.map(([type, data, after], sequence_number) => ({
      event: type,
      data: { type, sequence_number, ...data },
      after,
    })),
  };
}

function embeddings({ body, random, incident }: Asked): Reply | Refusal {
  if (body.input === undefined || body.input === "" || body.input?.length === 0)
    return invalid("'$.input' is invalid.", "input");
  const inputs: unknown[] =
    Array.isArray(body.input) && typeof body.input[0] !== "number" ? body.input : [body.input];
  const tokens = inputs.reduce(
    (sum: number, each) => sum + (Array.isArray(each) ? each.length : tokensIn(each)),
    0,
  );
  const dimensions: number = body.dimensions ?? (body.model.includes("large") ? 3072 : 1536);
  return {
    delay: timing({ ...modelFor(body.model), firstToken: 0.08 }, incident, random).first,
    tokens,
    body: {
      object: "list",
      data: inputs.map((_, index) => {
        const vector = Float32Array.from({ length: dimensions }, () => (random() - 0.5) / 10);
        return {
          object: "embedding",
          index,
          embedding:
            body.encoding_format === "base64" ? Buffer.from(vector.buffer).toString("base64") : [...vector],
        };
      }),
      model: body.model,
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    },
  };
}
