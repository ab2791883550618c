/**
 * Attributes that hold what people wrote or models answered, as the OpenTelemetry GenAI conventions, OpenLLMetry and
 * OpenInference name them. One RE2 pattern, anchored, matched against attribute keys.
 */
export const contentAttributes =
  "^(?:gen_ai\\.(?:prompt|completion|input\\.messages|output\\.messages|system_instructions|tool\\.call\\.arguments|tool\\.call\\.result|tool\\.definitions|evaluation\\.explanation|content\\.prompt|content\\.completion|retrieval\\.documents|retrieval\\.query\\.text)(?:\\..+)?" +
  "|llm\\.(?:prompts?|completions?|input_messages|output_messages|prompt_template\\.variables|invocation_parameters|request\\.functions)(?:\\..+)?" +
  "|traceloop\\.entity\\.(?:input|output)|(?:input|output)\\.value|tool\\.parameters|(?:retrieval|reranker)\\.(?:.+\\.)?documents(?:\\..+)?|embedding\\.(?:embeddings\\..+|text))$";

/** Names of log events whose body is such content. */
export const contentEvents =
  "^gen_ai\\.(?:system|user|assistant|tool)\\.message$|^gen_ai\\.choice$|^gen_ai\\.content\\.(?:prompt|completion)$|^gen_ai\\.client\\.inference\\.operation\\.details$";
