import type { DemoSettings } from "../settings.js";
import { type Json, post, serve } from "./http.js";
import { say } from "./say.js";

/** How many documents an answer rests on. */
const wanted = 4;

/** Finds the documents that a question is about. */
export async function retrieval({ urls }: DemoSettings): Promise<void> {
  await serve({
    url: urls["demo-retrieval"],
    routes: {
      "POST /search": async ({ text }: Json) => {
        const { vector } = await post(urls["demo-embedding"], "/embed", { text });
        const { documents } = await post(urls["demo-vector-search"], "/nearest", { vector, count: wanted });
        say("info", "documents found", { documents: documents.length });
        return { documents };
      },
    },
  });
}
