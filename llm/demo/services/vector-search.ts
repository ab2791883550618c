import { traced } from "../../sdk/index.js";
import { seeded } from "../provider/random.js";
import type { DemoSettings } from "../settings.js";
import { documentsOf } from "../texts.js";
import { type Json, serve } from "./http.js";

const size = 256;

/** Looks up the documents whose vectors are nearest to another. */
export async function vectorSearch({ urls, seed }: DemoSettings): Promise<void> {
  const documents = documentsOf(seed).map((text, at) => {
    const random = seeded(seed, "vector", at);
    return { text, vector: Array.from({ length: size }, () => random() - 0.5) };
  });
  await serve({
    url: urls["demo-vector-search"],
    routes: {
      "POST /nearest": async ({ vector, count }: Json) =>
        traced("scan vectors", (span) => {
          span.setAttribute("documents", documents.length);
          const ranked = documents
            .map(({ text, vector: own }) => ({
              text,
              score: own.reduce((sum, each, at) => sum + each * vector[at], 0),
            }))
            .sort((one, other) => other.score - one.score);
          return { documents: ranked.slice(0, count).map(({ text }) => text) };
        }),
    },
  });
}
