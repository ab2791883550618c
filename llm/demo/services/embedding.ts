import type { DemoSettings } from "../settings.js";
import { type Json, serve } from "./http.js";
import { Models } from "./models.js";

/** Turns text into vectors. */
export async function embedding({ urls, provider }: DemoSettings): Promise<void> {
  const models = new Models(provider);
  await serve({
    url: urls["demo-embedding"],
    routes: { "POST /embed": async ({ text }: Json) => ({ vector: await models.embed(text) }) },
  });
}
