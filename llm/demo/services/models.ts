import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { limitConcurrency, observeAnthropic, observeOpenAI, withFallback } from "../../sdk/index.js";
import { embeddingModel, longestAnswer, type ModelRef } from "../features.js";
import { say } from "./say.js";

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
export interface Answer {
  model: string;
  text: string;
  call?: ToolCall;
}

/** Calls in progress that a provider is given at once; more wait. */
const atOnce = 24;

/** The official clients of both providers, observed. */
export class Models {
  readonly #openai: OpenAI;
  readonly #anthropic: Anthropic;
  readonly #gates = {
    openai: limitConcurrency({ provider: "openai", atOnce }),
    anthropic: limitConcurrency({ provider: "anthropic", atOnce }),
  };

  constructor(provider: string) {
    // One retry, as a rule: what fails twice goes to the other provider.
    const options = { apiKey: "sk-demo", maxRetries: 1, timeout: 60_000 };
    this.#openai = observeOpenAI(new OpenAI({ ...options, baseURL: `${provider}/v1` }));
    this.#anthropic = observeAnthropic(new Anthropic({ ...options, baseURL: provider }));
  }

  /** Asks the first model, and when that fails the second. Throws what the last one says. */
  ask([first, second]: readonly [ModelRef, ModelRef?], question: Question): Promise<Answer> {
    if (!second) return this.#once(first, question);
    return withFallback(
      async () => {
        try {
          return await this.#once(first, question);
        } catch (error) {
          say("warn", `${first.model} failed, ${second.model} is asked instead`, { error });
          throw error;
        }
      },
      () => this.#once(second, question),
    );
  }

  /** The vector of a text. */
  embed(text: string): Promise<number[]> {
    return this.#gates.openai(async () => {
      const { data } = await this.#openai.embeddings.create({
        model: embeddingModel,
        input: text,
        dimensions: 256,
      });
      return data[0]!.embedding;
    });
  }

  #once(ref: ModelRef, question: Question): Promise<Answer> {
    return this.#gates[ref.provider](() => {
      if (ref.provider === "anthropic") return this.#messages(ref, question);
      // Models that reason are asked the newer way.
      return ref.model.startsWith("gpt-5") ? this.#responses(ref, question) : this.#chat(ref, question);
    });
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
      const chunks = await this.#openai.chat.completions.create({ ...body, stream: true });
      let answer = "";
      for await (const chunk of chunks) answer += chunk.choices[0]?.delta.content ?? "";
      return { model: ref.model, text: answer };
    }
    const { choices } = await this.#openai.chat.completions.create(body);
    const { message } = choices[0]!;
    const call = message.tool_calls?.find((each) => each.type === "function");
    return {
      model: ref.model,
      text: message.content ?? "",
      ...(call && {
        call: { id: call.id, name: call.function.name, arguments: JSON.parse(call.function.arguments) },
      }),
    };
  }

  async #responses(ref: ModelRef, question: Question): Promise<Answer> {
    const { instructions, text, maxTokens = longestAnswer } = question;
    const events = await this.#openai.responses.create({
      model: ref.model,
      instructions,
      input: text,
      max_output_tokens: maxTokens,
      stream: true,
    });
    let answer = "";
    for await (const event of events) if (event.type === "response.output_text.delta") answer += event.delta;
    return { model: ref.model, text: answer };
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
      const events = await this.#anthropic.messages.create({ ...body, stream: true });
      let answer = "";
      for await (const event of events)
        if (event.type === "content_block_delta" && event.delta.type === "text_delta")
          answer += event.delta.text;
      return { model: ref.model, text: answer };
    }
    const { content } = await this.#anthropic.messages.create(body);
    const call = content.find((block) => block.type === "tool_use");
    return {
      model: ref.model,
      text: content.map((block) => (block.type === "text" ? block.text : "")).join(""),
      ...(call && { call: { id: call.id, name: call.name, arguments: call.input } }),
    };
  }
}
