import { agent, tool, withContext } from "../../sdk/index.js";
import { type Feature, featureNamed, instructionsOf, promptVersion } from "../features.js";
import type { DemoSettings } from "../settings.js";
import { HttpError, type Json, post, serve } from "./http.js";
import { Models, type Tool } from "./models.js";
import { consume, send } from "./queue.js";
import { say } from "./say.js";
import { requestId } from "./spans.js";

/** What the agent can do, in the order in which it is offered. */
const tools: readonly Tool[] = [
  {
    name: "search_documents",
    description: "Finds documents of the shop.",
    parameters: { type: "object", properties: { query: { type: "string" } } },
  },
  {
    name: "find_order",
    description: "Looks up an order.",
    parameters: { type: "object", properties: { number: { type: "integer" } } },
  },
  {
    name: "write_reply",
    description: "Writes the reply to the customer.",
    parameters: { type: "object", properties: { notes: { type: "string" } } },
  },
];

/** Works on what lies in its queue: asks a model, does what that wants, and tells it. */
export async function agentService({ urls, provider }: DemoSettings): Promise<never> {
  const models = new Models(provider);
  await serve({ url: urls["demo-agent"], routes: {} });

  const use: Record<string, (given: Json, text: string, feature: Feature) => Promise<string>> = {
    search_documents: async (_given, text) =>
      (await post(urls["demo-retrieval"], "/search", { text })).documents.join("\n\n"),
    find_order: async ({ number }) => {
      // Models make numbers up.
      if (number === 13) throw new HttpError(404, `no order ${number}`);
      return `Order ${number} was packed on Monday.`;
    },
    write_reply: async (_given, text, feature) =>
      (await post(urls["demo-llm"], "/answer", { text, documents: [], feature: feature.name })).text,
  };

  const run = async (text: string, feature: Feature): Promise<string> => {
    let reply = "";
    for (const each of tools) {
      const question = { instructions: instructionsOf(feature.name), text, tool: each };
      const { call } = await models.ask(feature.models, question);
      if (!call) continue;
      let given: string;
      try {
        given = await tool(call.name, () => use[call.name]!(call.arguments, text, feature), {
          arguments: call.arguments,
        });
      } catch (error) {
        say("warn", `the tool ${call.name} failed`, { error });
        given = "That failed.";
      }
      reply = (await models.ask(feature.models, { ...question, result: { call, text: given } })).text;
    }
    return reply;
  };

  return consume(urls["demo-world"], "agent", ({ text, feature: name }: Json) =>
    withContext({ promptVersion }, async () => {
      const feature = featureNamed(name);
      const id = requestId();
      try {
        const answer = await agent(feature.agent!, () => run(text, feature));
        await send(urls["demo-world"], "replies", {
          requestId: id,
          text: answer,
          model: feature.models[0].model,
        });
      } catch (error) {
        await send(urls["demo-world"], "replies", { requestId: id, error: (error as Error).message });
        throw error;
      }
    }),
  );
}
