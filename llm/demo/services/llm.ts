import { metrics } from "@opentelemetry/api";
import { withContext } from "../../sdk/index.js";
import { featureNamed, instructionsOf, promptVersion } from "../features.js";
import type { DemoSettings } from "../settings.js";
import { AnswerCache } from "./answer-cache.js";
import { type Json, serve } from "./http.js";
import { type Answer, Models } from "./models.js";
import { scope } from "./spans.js";

/** Asks models for answers, the other provider's when one fails; questions that come again are answered from a cache. */
export async function llm({ urls, provider }: DemoSettings): Promise<void> {
  const models = new Models(provider);
  const cache = new AnswerCache<Answer>();
  const lookups = metrics.getMeter(scope).createCounter("llm.cache.requests");
  await serve({
    url: urls["demo-llm"],
    routes: {
      "POST /answer": async ({ text, documents, feature: name }: Json) => {
        const feature = featureNamed(name);
        const question = [...(documents as string[]), text].join("\n\n");
        const known = cache.find(`${feature.name}\n${text}`);
        lookups.add(1, {
          model: feature.models[0].model,
          feature: feature.name,
          result: known ? "hit" : "miss",
        });
        if (known) return { ...known, cached: true };
        const answer = await withContext({ promptVersion }, () =>
          models.ask(feature.models, {
            instructions: instructionsOf(feature.name),
            text: question,
            stream: feature.streams,
          }),
        );
        cache.keep(`${feature.name}\n${text}`, answer);
        return answer;
      },
    },
  });
}
