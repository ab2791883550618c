import Anthropic from "@anthropic-ai/sdk";
import { metrics, trace } from "@opentelemetry/api";
import OpenAI from "openai";
import { observeAnthropic, observeOpenAI } from "../../sdk/index.js";
import type { ErrorType } from "../../semconv.js";
import { embeddingModel, longestAnswer, type ModelRef } from "../features.js";
import { Quotas } from "./quotas.js";
import { say } from "./say.js";
import { Slots } from "./slots.js";
import { scope } from "./spans.js";

/** A question to a model, whoever provides it. */
export interface Question {
  instructions: string;
  text: string;
  /** That may be called. */
  tool?: Tool;
  /** What the tool gave that the model called. */
  result?: { call: ToolCall; text: string };
  stream?: boolean;
  maxTokens?: number;
}

/** A tool as a model is told of it. */
export interface Tool {
  name: string;
  description: string;
  parameters: { type: "object"; properties: Record<string, { type: string }> };
}

/** A model wants a tool to be called. */
export interface ToolCall {
  id: string;
  name: string;
  arguments: unknown;
}

/** What a model answered, and which. */
export interface Answer extends ModelRef {
  text: string;
  call?: ToolCall;
}

type Headers = { get(name: string): string | null };

/** Calls in progress that a provider is given at once; more wait. */
const atOnce = 24;

/** The official clients of both providers, observed, and what a gateway of calls does around them. */
export class Models {
  readonly #openai: OpenAI;
  readonly #anthropic: Anthropic;
  readonly #quotas = new Quotas();
  readonly #slots = new Slots(atOnce);
  readonly #fallbacks = metrics.getMeter(scope).createCounter("llm.fallbacks");

  constructor(provider: string) {
    // One retry, as a rule: what fails twice goes to the other provider.
    const options = { apiKey: "sk-demo", maxRetries: 1, timeout: 60_000 };
    this.#openai = observeOpenAI(new OpenAI({ ...options, baseURL: `${provider}/v1` }));
    this.#anthropic = observeAnthropic(new Anthropic({ ...options, baseURL: provider }));
  }

  /** Asks the first model, then, when that fails, the next. Throws what the last one says. */
  async ask(models: readonly ModelRef[], question: Question): Promise<Answer> {
    for (const [at, ref] of models.entries()) {
      try {
        return await this.#limited(ref, () => this.#once(ref, question));
      } catch (error) {
        const other = models[at + 1];
        if (!other) throw error;
        const reason = reasonOf(error);
        this.#fallbacks.add(1, {
          provider: ref.provider,
          model: ref.model,
          fallback_provider: other.provider,
          fallback_model: other.model,
          reason,
        });
        trace.getActiveSpan()?.addEvent("fallback", { from: ref.model, to: other.model, reason });
        say("warn", `${ref.model} failed, ${other.model} is asked instead`, { reason, error });
      }
    }
    throw new Error("no model was named");
  }

  /** The vector of a text. */
  async embed(text: string): Promise<number[]> {
    return this.#limited(embeddingModel, async () => {
      const { data, response } = await this.#openai.embeddings
        .create({ model: embeddingModel.model, input: text, dimensions: 256 })
        .withResponse();
      this.#quotas.see(embeddingModel, response.headers);
      return data.data[0]!.embedding;
    });
  }

  async #limited<T>(ref: ModelRef, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#slots.run(ref, work);
    } catch (error) {
      const { headers } = error as { headers?: Headers };
      if (headers) this.#quotas.see(ref, headers);
      throw error;
    }
  }

  #once(ref: ModelRef, question: Question): Promise<Answer> {
    if (ref.provider === "anthropic") return this.#messages(ref, question);
    // Models that reason are asked the newer way.
    return question.tool === undefined && question.result === undefined && ref.model.startsWith("gpt-5")
      ? this.#responses(ref, question)
      : this.#chat(ref, question);
  }

  async #chat(ref: ModelRef, question: Question): Promise<Answer> {
    const { instructions, text, tool, result, stream, maxTokens = longestAnswer } = question;
    const body = {
      model: ref.model,
      max_completion_tokens: maxTokens,
      messages: [
        { role: "system" as const, content: instructions },
        { role: "user" as const, content: text },
        ...(result
          ? [
              {
                role: "assistant" as const,
                tool_calls: [
                  {
                    id: result.call.id,
                    type: "function" as const,
                    function: { name: result.call.name, arguments: JSON.stringify(result.call.arguments) },
                  },
                ],
              },
              { role: "tool" as const, tool_call_id: result.call.id, content: result.text },
            ]
          : []),
      ],
      ...(tool && { tools: [{ type: "function" as const, function: tool as never }] }),
    };
    if (stream) {
      const { data, response } = await this.#openai.chat.completions
        .create({ ...body, stream: true })
        .withResponse();
      this.#quotas.see(ref, response.headers);
      let answer = "";
      for await (const chunk of data) answer += chunk.choices[0]?.delta.content ?? "";
      return { ...ref, text: answer };
    }
    const { data, response } = await this.#openai.chat.completions.create(body).withResponse();
    this.#quotas.see(ref, response.headers);
    const message = data.choices[0]!.message;
    const call = message.tool_calls?.find((each) => each.type === "function");
    return {
      ...ref,
      text: message.content ?? "",
      ...(call && {
        call: { id: call.id, name: call.function.name, arguments: JSON.parse(call.function.arguments) },
      }),
    };
  }

  async #responses(ref: ModelRef, question: Question): Promise<Answer> {
    const { instructions, text, maxTokens = longestAnswer } = question;
    const { data, response } = await this.#openai.responses
      .create({ model: ref.model, instructions, input: text, max_output_tokens: maxTokens, stream: true })
      .withResponse();
    this.#quotas.see(ref, response.headers);
    let answer = "";
    for await (const event of data) if (event.type === "response.output_text.delta") answer += event.delta;
    return { ...ref, text: answer };
  }

  async #messages(ref: ModelRef, question: Question): Promise<Answer> {
    const { instructions, text, tool, result, stream, maxTokens = longestAnswer } = question;
    const body = {
      model: ref.model,
      max_tokens: maxTokens,
      // Read from the provider's cache from the second call on.
      system: [{ type: "text" as const, text: instructions, cache_control: { type: "ephemeral" as const } }],
      messages: [
        { role: "user" as const, content: text },
        ...(result
          ? [
              {
                role: "assistant" as const,
                content: [
                  {
                    type: "tool_use" as const,
                    id: result.call.id,
                    name: result.call.name,
                    input: result.call.arguments,
                  },
                ],
              },
              {
                role: "user" as const,
                content: [
                  { type: "tool_result" as const, tool_use_id: result.call.id, content: result.text },
                ],
              },
            ]
          : []),
      ],
      ...(tool && {
        tools: [{ name: tool.name, description: tool.description, input_schema: tool.parameters }],
      }),
    };
    if (stream) {
      const { data, response } = await this.#anthropic.messages
        .create({ ...body, stream: true })
        .withResponse();
      this.#quotas.see(ref, response.headers);
      let answer = "";
      for await (const event of data)
        if (event.type === "content_block_delta" && event.delta.type === "text_delta")
          answer += event.delta.text;
      return { ...ref, text: answer };
    }
    const { data, response } = await this.#anthropic.messages.create(body).withResponse();
    this.#quotas.see(ref, response.headers);
    const call = data.content.find((block) => block.type === "tool_use");
    return {
      ...ref,
      text: data.content.map((block) => (block.type === "text" ? block.text : "")).join(""),
      ...(call && { call: { id: call.id, name: call.name, arguments: call.input } }),
    };
  }
}

/** Why a call failed, by the ledger's kinds. */
function reasonOf(error: unknown): ErrorType {
  const { status } = (error ?? {}) as { status?: number };
  if (status === 429) return "rate_limit";
  if (status === 503 || status === 529) return "overloaded";
  if (status === undefined)
    return error instanceof OpenAI.APIConnectionTimeoutError ||
      error instanceof Anthropic.APIConnectionTimeoutError
      ? "timeout"
      : "connection";
  return status >= 500 ? "server_error" : "invalid_request";
}
