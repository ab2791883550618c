import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { metrics } from "@opentelemetry/api";
import type { Owner } from "../../sdk/index.js";
import { featureNamed, guardModel } from "../features.js";
import type { DemoSettings } from "../settings.js";
import { HttpError, type Json, post, serve } from "./http.js";
import { Models } from "./models.js";
import { consume, send } from "./queue.js";
import { say } from "./say.js";
import { requestId, scope } from "./spans.js";

/** How long the gateway waits for the agent, in milliseconds. */
const patience = 110_000;

/** The front door: whom a message is from, whether it is in order, who answers it. */
export async function gateway({ urls, provider }: DemoSettings): Promise<void> {
  const models = new Models(provider);
  const feedback = metrics.getMeter(scope).createCounter("llm.feedback");
  /** Requests that wait for the agent's reply, by their id. */
  const waiting = new Map<string, (reply: Json) => void>();

  void consume(urls["demo-world"], "replies", async (reply) => waiting.get(reply.requestId)?.(reply));

  const ask = async ({ text, feature: name }: Json) => {
    const feature = featureNamed(name);
    await guard(models, text);
    if (feature.agent) return fromAgent(text, feature.name);
    const documents: string[] = feature.retrieves
      ? (await post(urls["demo-retrieval"], "/search", { text })).documents
      : [];
    const answer = await post(urls["demo-llm"], "/answer", { text, documents, feature: feature.name });
    say("info", "answered", { feature: feature.name, model: answer.model, cached: answer.cached === true });
    return answer;
  };

  const fromAgent = async (text: string, feature: string) => {
    const id = requestId()!;
    const reply = new Promise<Json>((resolve, reject) => {
      const timer = setTimeout(() => reject(new HttpError(504, "the agent took too long")), patience);
      waiting.set(id, (it) => {
        clearTimeout(timer);
        resolve(it);
      });
    }).finally(() => waiting.delete(id));
    // Should sending fail, nobody awaits it.
    reply.catch(() => {});
    await send(urls["demo-world"], "agent", { text, feature });
    const answer = await reply;
    if (answer.error) throw new HttpError(502, answer.error);
    say("info", "answered by the agent", { feature });
    return answer;
  };

  await serve({
    url: urls["demo-gateway"],
    owner: ownerOf,
    routes: {
      "POST /ask": ask,
      "POST /feedback": async ({ feature, model, rating }: Json) => {
        feedback.add(1, { feature, model, variant: "a", rating });
      },
    },
  });
}

/** A small model looks at a message first. Whatever becomes of that, people get their answer. */
async function guard(models: Models, text: string): Promise<void> {
  try {
    await models.ask([guardModel], {
      instructions: "Is this message about a shop? Answer yes or no.",
      text: text.slice(0, 2_000),
      maxTokens: 4,
    });
  } catch (error) {
    say("warn", "the message was not looked at", { error });
  }
}

function ownerOf(headers: IncomingHttpHeaders): Owner {
  const text = (name: string) => headers[name]?.toString();
  return {
    user: text("x-user"),
    team: text("x-team"),
    feature: text("x-feature"),
    environment: text("x-environment"),
    conversation: text("x-conversation"),
    requestId: randomUUID(),
  };
}
