import { type Incident, lengthOf, type Model } from "./behaviour.js";
import type { Random } from "./random.js";
import { argumentsFor, pieces } from "./text.js";

/** What a model says, whatever protocol carries it. */
export interface Answer {
  /** Text in pieces of a token each; empty when a tool is called. */
  pieces: string[];
  tool?: { name: string; arguments: string };
  reasoningTokens: number;
  /** Those of reasoning are among them. */
  outputTokens: number;
  finish: "stop" | "length" | "tool";
}

/** What decides on it. */
export interface Question {
  model: Model;
  incident: Incident;
  maxTokens: number | undefined;
  /** The first is called, unless the last message brings a tool's result or no tool may be called. */
  tools: readonly { name: string; schema: unknown }[];
  callTool: boolean;
}

/** Answers a question; the same random numbers give the same answer. */
export function answerTo(question: Question, random: Random): Answer {
  const { model, incident, maxTokens } = question;
  const length = lengthOf(model, incident, maxTokens, random);
  const reasoningTokens = model.reasons ? Math.round(length * (0.5 + random())) : 0;
  const tool = question.callTool ? question.tools[0] : undefined;
  if (tool) {
    const args = JSON.stringify(argumentsFor(tool.schema, random));
    return {
      pieces: [],
      tool: { name: tool.name, arguments: args },
      reasoningTokens,
      outputTokens: reasoningTokens + Math.ceil(args.length / 4) + 8,
      finish: "tool",
    };
  }
  return {
    pieces: pieces(random, length),
    reasoningTokens,
    outputTokens: length + reasoningTokens,
    finish: length === maxTokens ? "length" : "stop",
  };
}

/** A tool's arguments in the pieces in which they are streamed. */
export function inPieces(text: string): string[] {
  return text.match(/[\s\S]{1,12}/g) ?? [];
}
