/**
 * The names under which telemetry about calls of models arrives and leaves: the one place from which the SDK,
 * normalisation, the collector's pipeline, metrics, rules and dashboards take them. It imports nothing.
 *
 * Sources, as of November 2026:
 * - `otel`: OpenTelemetry's GenAI conventions as widely emitted, semantic-conventions 1.37 to 1.41
 *   (https://opentelemetry.io/docs/specs/semconv/gen-ai/), and general attributes of semantic-conventions 1.44.
 * - `otel-next`: the generation after it, in a repository of its own, schema gen-ai-dev/1.42
 *   (https://github.com/open-telemetry/semantic-conventions-genai). Still in development, like the first.
 * - `otel-old`: the same conventions up to 1.36, which instrumentations keep by default.
 * - `openllmetry`: opentelemetry-semantic-conventions-ai 0.4 and before (https://github.com/traceloop/openllmetry).
 * - `openlit`: its semcov module, 1.33 and later (https://github.com/openlit/openlit).
 * - `openinference`: semantic_conventions.md of Arize-ai/openinference.
 * - `vendor`: what a provider's own client emits by itself (`anthropic` for Python from 2 on).
 * - `plain`: what people write by hand.
 * - `obs`: ours, where no convention has a name.
 */
export type Origin =
  | "otel"
  | "otel-next"
  | "otel-old"
  | "openllmetry"
  | "openlit"
  | "openinference"
  | "vendor"
  | "plain"
  | "obs";

/** What is known of one thing about a call. */
export interface CallAttribute {
  /** Name to emit by default. */
  readonly name: string;
  /** Name to emit instead under {@link optIn}, where the newer generation has another. */
  readonly latest?: string;
  readonly origin: Origin;
  readonly type: "string" | "string[]" | "int" | "double" | "boolean";
  /** `s` or `ms` of a duration, `USD` of money. */
  readonly unit?: "s" | "ms" | "USD";
  /** `resource`: it belongs to the sender; a span's own attribute of that name still wins. */
  readonly on: "span" | "resource";
  readonly help: string;
  /** Other names that are read, the most trusted first, after {@link name} and {@link latest}. */
  readonly also: readonly AcceptedName[];
}

/** A name that is read, but not emitted. */
export interface AcceptedName {
  readonly name: string;
  readonly origin: Origin;
  /** Where it differs from the attribute's own. */
  readonly unit?: "s" | "ms" | "USD";
}

/** Value in `OTEL_SEMCONV_STABILITY_OPT_IN` (a list with commas) by which senders choose the newest generation. */
export const optIn = "gen_ai_latest_experimental";

/** Every attribute of a call. Names within `also` are in the order in which they are trusted. */
export const callAttributes = {
  operation: span("gen_ai.operation.name", "otel", "string", "What was asked for; see `operations`.", {
    also: [
      { name: "llm.request.type", origin: "openllmetry" },
      { name: "openinference.span.kind", origin: "openinference" },
      { name: "llm.operation", origin: "plain" },
    ],
  }),
  provider: span("gen_ai.provider.name", "otel", "string", "Who answered; see `providers`.", {
    also: [
      { name: "gen_ai.system", origin: "otel-old" },
      { name: "llm.provider", origin: "plain" },
      { name: "llm.system", origin: "openinference" },
      { name: "llm.vendor", origin: "openllmetry" },
    ],
  }),
  requestModel: span("gen_ai.request.model", "otel", "string", "The model that was asked.", {
    also: [
      { name: "llm.request.model", origin: "openllmetry" },
      { name: "llm.model", origin: "plain" },
      { name: "llm.model_name", origin: "openinference" },
      { name: "embedding.model_name", origin: "openinference" },
      { name: "llm.model.name", origin: "plain" },
    ],
  }),
  responseModel: span(
    "gen_ai.response.model",
    "otel",
    "string",
    "The model that answered, often with its date.",
    {
      also: [{ name: "llm.response.model", origin: "openllmetry" }],
    },
  ),
  inputTokens: span(
    "gen_ai.usage.input_tokens",
    "otel",
    "int",
    "Tokens of the prompt; those read from and written to a cache are among them.",
    {
      also: [
        { name: "gen_ai.usage.prompt_tokens", origin: "otel-old" },
        { name: "llm.usage.prompt_tokens", origin: "openllmetry" },
        { name: "llm.token_count.prompt", origin: "openinference" },
        { name: "llm.usage.input_tokens", origin: "plain" },
        { name: "llm.tokens.input", origin: "plain" },
        { name: "llm.tokens.prompt", origin: "plain" },
        { name: "llm.input_tokens", origin: "plain" },
        { name: "llm.prompt_tokens", origin: "plain" },
      ],
    },
  ),
  outputTokens: span(
    "gen_ai.usage.output_tokens",
    "otel",
    "int",
    "Tokens of the answer; those of reasoning are among them.",
    {
      also: [
        { name: "gen_ai.usage.completion_tokens", origin: "otel-old" },
        { name: "llm.usage.completion_tokens", origin: "openllmetry" },
        { name: "llm.token_count.completion", origin: "openinference" },
        { name: "llm.usage.output_tokens", origin: "plain" },
        { name: "llm.tokens.output", origin: "plain" },
        { name: "llm.tokens.completion", origin: "plain" },
        { name: "llm.output_tokens", origin: "plain" },
        { name: "llm.completion_tokens", origin: "plain" },
      ],
    },
  ),
  totalTokens: span("gen_ai.usage.total_tokens", "openlit", "int", "Input and output together.", {
    also: [
      { name: "gen_ai.client.token.usage", origin: "openlit" },
      { name: "llm.usage.total_tokens", origin: "openllmetry" },
      { name: "llm.token_count.total", origin: "openinference" },
      { name: "llm.tokens.total", origin: "plain" },
      { name: "llm.total_tokens", origin: "plain" },
    ],
  }),
  cacheReadTokens: span(
    "gen_ai.usage.cache_read.input_tokens",
    "otel",
    "int",
    "Input tokens that the provider had in its cache.",
    {
      also: [
        { name: "gen_ai.usage.cache_read_input_tokens", origin: "openllmetry" },
        { name: "llm.token_count.prompt_details.cache_read", origin: "openinference" },
        { name: "gen_ai.usage.input_tokens.cached", origin: "otel-old" },
        { name: "llm.usage.cache_read_input_tokens", origin: "openllmetry" },
        { name: "llm.tokens.cached", origin: "plain" },
        { name: "llm.cached_tokens", origin: "plain" },
      ],
    },
  ),
  cacheWriteTokens: span(
    "gen_ai.usage.cache_creation.input_tokens",
    "otel",
    "int",
    "Input tokens that the provider put into its cache.",
    {
      latest: "gen_ai.usage.cache_write.input_tokens",
      also: [
        { name: "gen_ai.usage.cache_creation_input_tokens", origin: "openllmetry" },
        { name: "llm.token_count.prompt_details.cache_write", origin: "openinference" },
        { name: "gen_ai.usage.input_tokens.cache_write", origin: "otel-old" },
        { name: "llm.usage.cache_creation_input_tokens", origin: "openllmetry" },
      ],
    },
  ),
  reasoningTokens: span(
    "gen_ai.usage.reasoning.output_tokens",
    "otel-next",
    "int",
    "Output tokens that went into reasoning.",
    {
      also: [
        { name: "gen_ai.usage.reasoning_tokens", origin: "openllmetry" },
        { name: "llm.usage.reasoning_tokens", origin: "openllmetry" },
        { name: "llm.token_count.completion_details.reasoning", origin: "openinference" },
        { name: "llm.tokens.reasoning", origin: "plain" },
        { name: "llm.reasoning_tokens", origin: "plain" },
      ],
    },
  ),
  cacheWriteHourTokens: span(
    "gen_ai.usage.cache_creation.ephemeral_1h_input_tokens",
    "vendor",
    "int",
    "Of those put into the cache: the ones that stay there for an hour.",
  ),
  inputAudioTokens: span(
    "gen_ai.usage.details.input_audio_tokens",
    "vendor",
    "int",
    "Input tokens that are sound.",
    { also: [{ name: "llm.token_count.prompt_details.audio", origin: "openinference" }] },
  ),
  inputImageTokens: span(
    "gen_ai.usage.details.input_image_tokens",
    "plain",
    "int",
    "Input tokens that are images.",
  ),
  outputAudioTokens: span(
    "gen_ai.usage.details.output_audio_tokens",
    "vendor",
    "int",
    "Output tokens that are sound.",
    { also: [{ name: "llm.token_count.completion_details.audio", origin: "openinference" }] },
  ),
  outputImageTokens: span(
    "gen_ai.usage.details.output_image_tokens",
    "plain",
    "int",
    "Output tokens that are images.",
  ),
  timeToFirstToken: span(
    "gen_ai.response.time_to_first_chunk",
    "otel",
    "double",
    "From asking to the first chunk of a streamed answer.",
    {
      unit: "s",
      also: [
        { name: "gen_ai.server.time_to_first_token", origin: "openlit" },
        { name: "llm.time_to_first_token", origin: "plain" },
        { name: "llm.time_to_first_token_ms", origin: "plain", unit: "ms" },
        { name: "llm.ttft_ms", origin: "plain", unit: "ms" },
      ],
    },
  ),
  stream: span("gen_ai.request.stream", "otel", "boolean", "Whether the answer was streamed.", {
    also: [
      { name: "gen_ai.request.is_stream", origin: "openlit" },
      { name: "gen_ai.is_streaming", origin: "openllmetry" },
      { name: "llm.is_streaming", origin: "openllmetry" },
    ],
  }),
  serviceTier: span(
    "openai.response.service_tier",
    "otel",
    "string",
    "How the provider served it, where prices differ: `default`, `flex`, `priority`, `batch`.",
    {
      also: [
        { name: "gen_ai.openai.response.service_tier", origin: "otel-old" },
        { name: "gen_ai.response.service_tier", origin: "openlit" },
        { name: "anthropic.response.service_tier", origin: "vendor" },
        { name: "openai.request.service_tier", origin: "otel" },
        { name: "gen_ai.openai.request.service_tier", origin: "otel-old" },
        { name: "gen_ai.request.service_tier", origin: "openlit" },
        { name: "llm.service_tier", origin: "plain" },
      ],
    },
  ),
  finishReasons: span("gen_ai.response.finish_reasons", "otel", "string[]", "Why the model stopped.", {
    also: [
      { name: "llm.response.finish_reason", origin: "openllmetry" },
      { name: "llm.response.stop_reason", origin: "openllmetry" },
      { name: "anthropic.message.stop_reason", origin: "vendor" },
      { name: "llm.finish_reason", origin: "plain" },
    ],
  }),
  responseId: span("gen_ai.response.id", "otel", "string", "The provider's id of the answer.", {
    also: [{ name: "llm.response.id", origin: "openllmetry" }],
  }),
  requestId: span("request.id", "plain", "string", "The application's id of its own request.", {
    also: [
      { name: "request_id", origin: "plain" },
      { name: "http.request.id", origin: "plain" },
      { name: "llm.request_id", origin: "plain" },
    ],
  }),
  conversation: span("gen_ai.conversation.id", "otel", "string", "Conversation or session."),
  errorType: span("error.type", "otel", "string", "Why it failed, in the provider's or library's words.", {
    also: [
      { name: "llm.error_type", origin: "plain" },
      { name: "exception.type", origin: "otel" },
    ],
  }),
  httpStatus: span("http.response.status_code", "otel", "int", "HTTP status of the answer.", {
    also: [{ name: "http.status_code", origin: "otel-old" }],
  }),
  retries: span("http.request.resend_count", "otel", "int", "How often the call was sent again."),
  user: span("user.id", "otel", "string", "Whom the call was made for; stored as a keyed hash only.", {
    also: [
      { name: "enduser.id", origin: "otel-old" },
      { name: "gen_ai.request.user", origin: "openlit" },
      { name: "gen_ai.user", origin: "openllmetry" },
      { name: "llm.user", origin: "openllmetry" },
      { name: "traceloop.association.properties.user_id", origin: "openllmetry" },
      { name: "user_id", origin: "plain" },
      { name: "llm.user_id", origin: "plain" },
    ],
  }),
  team: span("team", "obs", "string", "Whose budget it is.", {
    also: [
      { name: "team.id", origin: "plain" },
      { name: "team_id", origin: "plain" },
      { name: "llm.team", origin: "plain" },
      { name: "llm.team_id", origin: "plain" },
      { name: "traceloop.association.properties.team", origin: "openllmetry" },
      { name: "traceloop.association.properties.team_id", origin: "openllmetry" },
    ],
  }),
  feature: span("feature", "obs", "string", "For which part of the product.", {
    also: [
      { name: "feature.name", origin: "plain" },
      { name: "llm.feature", origin: "plain" },
      { name: "app.feature", origin: "plain" },
      { name: "traceloop.association.properties.feature", origin: "openllmetry" },
      { name: "traceloop.workflow.name", origin: "openllmetry" },
      { name: "gen_ai.workflow.name", origin: "otel" },
    ],
  }),
  environment: resource("deployment.environment.name", "Where the application stands.", [
    { name: "deployment.environment", origin: "otel-old" },
    { name: "environment", origin: "plain" },
    { name: "env", origin: "plain" },
    { name: "gen_ai.environment", origin: "openlit" },
  ]),
  service: resource("service.name", "The application.", [
    { name: "gen_ai.application_name", origin: "openlit" },
  ]),
  promptName: span("gen_ai.prompt.name", "otel", "string", "Name of the prompt.", {
    also: [{ name: "traceloop.prompt.key", origin: "openllmetry" }],
  }),
  backfilled: span(
    "obs.backfilled",
    "obs",
    "boolean",
    "Whether it is told long after: it gets its row and its price, and counts in no metric of now.",
  ),
  promptVersion: span("gen_ai.prompt.version", "obs", "string", "Version of the prompt.", {
    also: [
      { name: "traceloop.prompt.version", origin: "openllmetry" },
      { name: "prompt.version", origin: "plain" },
      { name: "prompt_version", origin: "plain" },
      { name: "llm.prompt_version", origin: "plain" },
    ],
  }),
  agent: span("gen_ai.agent.name", "otel", "string", "The agent that it belongs to.", {
    also: [
      { name: "agent.name", origin: "plain" },
      { name: "agent", origin: "plain" },
    ],
  }),
  tool: span("gen_ai.tool.name", "otel", "string", "The tool that was called.", {
    also: [{ name: "tool.name", origin: "openinference" }],
  }),
  spanKind: span("traceloop.span.kind", "openllmetry", "string", "`workflow`, `task`, `agent` or `tool`."),
  /** What the sender believes it costs: kept beside our own price, never billed. No convention has a name for it. */
  reportedCost: span("llm.cost_usd", "plain", "double", "Cost as the sender reckons it.", {
    unit: "USD",
    also: [
      { name: "gen_ai.usage.cost", origin: "openlit" },
      { name: "llm.cost", origin: "plain" },
      { name: "llm.usage.cost", origin: "plain" },
    ],
  }),
} as const satisfies Record<string, CallAttribute>;

/** One thing about a call. */
export type CallField = keyof typeof callAttributes;

/** Fields of which every span that is billed or counted has at least one, whatever wrote it. */
export const tellingFields: readonly CallField[] = [
  "operation",
  "provider",
  "requestModel",
  "responseModel",
  "inputTokens",
  "outputTokens",
  "totalTokens",
  "spanKind",
];

/** Whether an attribute of this name is read at all. */
export function isReadName(name: string): boolean {
  return readNames.has(name);
}

/** Whether a name that is not read looks like one of calls of models: those are worth telling of. */
export function looksLikeCall(name: string): boolean {
  return name.startsWith("gen_ai.") || name.startsWith("llm.");
}

/** All names of a field that are read, the most trusted first. */
export function acceptedNames(field: CallField): readonly AcceptedName[] {
  return accepted[field];
}

/** The name under which a field is emitted; `latest` where the sender opted in to the newest generation. */
export function emittedName(field: CallField, generation: "default" | "latest" = "default"): string {
  const { name, latest }: CallAttribute = callAttributes[field];
  return generation === "latest" ? (latest ?? name) : name;
}

const accepted = Object.fromEntries(
  Object.entries(callAttributes).map(([field, attribute]: [string, CallAttribute]) => {
    const { name, latest, origin, unit, also } = attribute;
    const own: AcceptedName[] = [
      { name, origin },
      ...(latest === undefined ? [] : [{ name: latest, origin: "otel-next" as const }]),
    ];
    return [
      field,
      [...own, ...also].map((each) => ({ ...each, ...((each.unit ?? unit) && { unit: each.unit ?? unit }) })),
    ];
  }),
) as unknown as Record<CallField, readonly AcceptedName[]>;

/** Attributes in which senders say that they sample: Jaeger's, on the root span of a process or its resource, and Honeycomb's. */
export const samplingAttributes = {
  type: "sampler.type",
  param: "sampler.param",
  rate: "SampleRate",
} as const;

const readNames = new Set([
  ...Object.values(accepted).flatMap((names) => names.map(({ name }) => name)),
  ...Object.values(samplingAttributes),
]);

/**
 * What an operation does, by each name that it is known by, in lower case. Only `inference` and `embedding` cost money:
 * the others sum up what happened inside them, or call no model at all.
 */
export const operations: Readonly<Record<string, { name: string; kind: OperationKind }>> = {
  chat: { name: "chat", kind: "inference" },
  generate_content: { name: "generate_content", kind: "inference" },
  text_completion: { name: "text_completion", kind: "inference" },
  embeddings: { name: "embeddings", kind: "embedding" },
  invoke_agent: { name: "invoke_agent", kind: "agent" },
  create_agent: { name: "create_agent", kind: "other" },
  invoke_workflow: { name: "invoke_workflow", kind: "other" },
  execute_tool: { name: "execute_tool", kind: "tool" },
  plan: { name: "plan", kind: "other" },
  retrieval: { name: "retrieval", kind: "other" },
  // OpenLLMetry's `llm.request.type`, OpenLIT's names, OpenInference's kinds, and plain words.
  completion: { name: "text_completion", kind: "inference" },
  responses: { name: "chat", kind: "inference" },
  response: { name: "chat", kind: "inference" },
  message: { name: "chat", kind: "inference" },
  messages: { name: "chat", kind: "inference" },
  llm: { name: "chat", kind: "inference" },
  embedding: { name: "embeddings", kind: "embedding" },
  agent: { name: "invoke_agent", kind: "agent" },
  tool: { name: "execute_tool", kind: "tool" },
  execute_task: { name: "invoke_agent", kind: "other" },
  workflow: { name: "invoke_workflow", kind: "other" },
  task: { name: "task", kind: "other" },
  chain: { name: "invoke_workflow", kind: "other" },
  framework: { name: "framework", kind: "other" },
  vectordb: { name: "retrieval", kind: "other" },
  retriever: { name: "retrieval", kind: "other" },
  reranker: { name: "rerank", kind: "other" },
  rerank: { name: "rerank", kind: "other" },
  guardrail: { name: "guardrail", kind: "other" },
  evaluator: { name: "evaluate", kind: "other" },
};

/** `inference` and `embedding` are billed; runs of agents and calls of tools are counted. */
export type OperationKind = "inference" | "embedding" | "agent" | "tool" | "other";

/** Values that the SDK emits in `gen_ai.operation.name`. */
export const operationNames = {
  chat: "chat",
  textCompletion: "text_completion",
  generateContent: "generate_content",
  embeddings: "embeddings",
  invokeAgent: "invoke_agent",
  executeTool: "execute_tool",
} as const;

/** Values of `gen_ai.provider.name`, by each other name that instrumentations use for them, in lower case. */
export const providers: Readonly<Record<string, string>> = {
  openai: "openai",
  anthropic: "anthropic",
  "aws.bedrock": "aws.bedrock",
  "azure.ai.inference": "azure.ai.inference",
  "azure.ai.openai": "azure.ai.openai",
  cohere: "cohere",
  deepseek: "deepseek",
  "gcp.gemini": "gcp.gemini",
  "gcp.gen_ai": "gcp.gen_ai",
  "gcp.vertex_ai": "gcp.vertex_ai",
  groq: "groq",
  "ibm.watsonx.ai": "ibm.watsonx.ai",
  mistral_ai: "mistral_ai",
  perplexity: "perplexity",
  x_ai: "x_ai",
  // Older values of the conventions, OpenLLMetry's, OpenLIT's and people's.
  aws: "aws.bedrock",
  bedrock: "aws.bedrock",
  aws_bedrock: "aws.bedrock",
  azure: "azure.ai.openai",
  azure_openai: "azure.ai.openai",
  "az.ai.openai": "azure.ai.openai",
  "az.ai.inference": "azure.ai.inference",
  gemini: "gcp.gemini",
  google: "gcp.gen_ai",
  "google.ai.studio": "gcp.gemini",
  google_genai: "gcp.gen_ai",
  vertexai: "gcp.vertex_ai",
  vertex_ai: "gcp.vertex_ai",
  "ibm.watson.ai": "ibm.watsonx.ai",
  watsonx: "ibm.watsonx.ai",
  mistral: "mistral_ai",
  mistralai: "mistral_ai",
  xai: "x_ai",
};

/**
 * Why a model stopped, by each other word that providers and instrumentations have for it, in lower case. The words to
 * the right are those of the conventions' output messages; what stands in neither is kept as it came.
 */
export const finishReasons: Readonly<Record<string, string>> = {
  // OpenAI's, those of its responses as OpenLIT passes them on, Anthropic's, and Google's.
  tool_calls: "tool_call",
  function_call: "tool_call",
  completed: "stop",
  incomplete: "length",
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  max_output_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool_call",
  refusal: "content_filter",
  safety: "content_filter",
};

/**
 * Instrumentations whose spans are about models even where they bear no attribute: OpenLIT leaves failed calls with
 * nothing but their name.
 */
export const tellingScopes: readonly string[] = ["openlit.otel.tracing"];

/** Failures by kind, whatever provider and library: values of the label `error_type`. Bounded for ever. */
export const errorTypes = [
  "rate_limit",
  "quota_exceeded",
  "timeout",
  "cancelled",
  "authentication",
  "permission",
  "invalid_request",
  "context_length",
  "content_filter",
  "not_found",
  "overloaded",
  "server_error",
  "connection",
  "other",
] as const;

/** A kind of failure. */
export type ErrorType = (typeof errorTypes)[number];

/** Values of the label `type` of token metrics. */
export const tokenTypes = ["input", "output", "cache_read", "cache_write", "reasoning"] as const;

/** A kind of tokens. */
export type TokenType = (typeof tokenTypes)[number];

/** Stands in labels and reports for an owner, feature or model that nobody named. */
export const unattributed = "unattributed";

/** OTLP metrics that the SDK emits for GenAI clients, by the conventions; the ledger's own are the metric contract's. */
export const clientMetrics = {
  default: {
    tokenUsage: "gen_ai.client.token.usage",
    operationDuration: "gen_ai.client.operation.duration",
    timeToFirstChunk: "gen_ai.client.operation.time_to_first_chunk",
  },
  latest: {
    operationDuration: "gen_ai.client.inference.duration",
    inputTokens: "gen_ai.client.inference.usage.input_tokens",
    outputTokens: "gen_ai.client.inference.usage.output_tokens",
    cacheReadTokens: "gen_ai.client.inference.usage.cache_read.input_tokens",
    cacheWriteTokens: "gen_ai.client.inference.usage.cache_write.input_tokens",
    reasoningTokens: "gen_ai.client.inference.usage.reasoning.output_tokens",
    agentDuration: "gen_ai.invoke_agent.duration",
    toolDuration: "gen_ai.execute_tool.duration",
  },
  /** Attribute of `gen_ai.client.token.usage`: `input` or `output`. */
  tokenType: "gen_ai.token.type",
} as const;

/**
 * Metrics of the contract that only the application knows: the SDK emits them under these very names. Counters are given
 * without `_total`, which the way to Prometheus adds.
 */
export const sdkMetrics = {
  agentActive: "agent_active",
  callsInProgress: "llm_requests_in_progress",
  queueDepth: "llm_queue_depth",
  retries: "llm_retries",
  fallbacks: "llm_fallbacks",
  quotaLimit: "llm_quota_limit",
  quotaRemaining: "llm_quota_remaining",
  quotaHeadroom: "llm_quota_headroom_ratio",
} as const;

/** Attributes that hold what people wrote, models answered and tools were given: recorded only where that is asked for. */
export const contentNames = {
  instructions: "gen_ai.system_instructions",
  input: "gen_ai.input.messages",
  output: "gen_ai.output.messages",
  toolArguments: "gen_ai.tool.call.arguments",
  toolResult: "gen_ai.tool.call.result",
} as const;

/** The event that carries an evaluation, and its attributes. */
export const evaluation = {
  event: "gen_ai.evaluation.result",
  name: "gen_ai.evaluation.name",
  score: "gen_ai.evaluation.score.value",
  label: "gen_ai.evaluation.score.label",
  explanation: "gen_ai.evaluation.explanation",
} as const;

/** Baggage entries that carry an owner over services and queues; named as the span attributes they become. */
export const baggageFields = [
  "user",
  "team",
  "feature",
  "environment",
] as const satisfies readonly CallField[];

function span(
  name: string,
  origin: Origin,
  type: CallAttribute["type"],
  help: string,
  rest: Partial<Pick<CallAttribute, "latest" | "unit" | "also">> = {},
): CallAttribute {
  return { name, origin, type, on: "span", help, also: [], ...rest };
}

function resource(name: string, help: string, also: readonly AcceptedName[]): CallAttribute {
  return { name, origin: "otel", type: "string", on: "resource", help, also };
}
