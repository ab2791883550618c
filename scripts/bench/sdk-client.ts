// An application with a bare client and an observed one, which takes turns with them: `sdk-client.js calls|streams URL`.
// Prints what it measured as JSON.
import OpenAI from "openai";
import { init, observeOpenAI, withContext } from "../../llm/sdk/index.js";

const [what, url] = process.argv.slice(2);
const telemetry = init({ serviceName: "bench" });
const make = () => new OpenAI({ baseURL: `${url}/v1`, apiKey: "sk-bench", maxRetries: 0 });
const clients = { bare: make(), observed: observeOpenAI(make()) };
const asked = { model: "gpt-4o-mini", messages: [{ role: "user" as const, content: "Where is my order?" }] };
const owner = { user: "ada", team: "search", feature: "answers" };

/** Milliseconds of one call. */
async function call(client: OpenAI): Promise<number> {
  const begun = performance.now();
  await client.chat.completions.create(asked);
  return performance.now() - begun;
}

/** Chunks a second of so many streams at once. */
async function streams(client: OpenAI, count: number): Promise<number> {
  const begun = performance.now();
  const chunks = await Promise.all(
    Array.from({ length: count }, async () => {
      let seen = 0;
      for await (const _ of await client.chat.completions.create({ ...asked, stream: true })) seen++;
      return seen;
    }),
  );
  return (chunks.reduce((sum, each) => sum + each, 0) / (performance.now() - begun)) * 1000;
}

const at = (sorted: number[], part: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;

await withContext(owner, async () => {
  if (what === "streams") {
    // Each pair is measured in the same seconds: what else the machine does changes from one to the next.
    const ratios: number[] = [];
    const rates: number[] = [];
    for (let round = 0; round < 16; round++) {
      const rate = { bare: 0, observed: 0 };
      const order = round % 2 ? (["bare", "observed"] as const) : (["observed", "bare"] as const);
      for (const name of order) rate[name] = await streams(clients[name], 1_000);
      // The first pairs warm up.
      if (round < 2) continue;
      ratios.push(rate.observed / rate.bare);
      rates.push(rate.bare);
    }
    const middle = (values: number[]) =>
      at(
        values.sort((a, b) => a - b),
        0.5,
      );
    console.log(JSON.stringify({ ratio: middle(ratios), bare: middle(rates) }));
    return;
  }
  const times = { bare: [] as number[], observed: [] as number[] };
  for (let round = 0; round < 4_000; round++) {
    const first = round % 2 ? "bare" : "observed";
    for (const name of [first, first === "bare" ? "observed" : "bare"] as const) {
      const took = await call(clients[name]);
      if (round >= 1_000) times[name].push(took);
    }
  }
  const sorted = { bare: times.bare.sort((a, b) => a - b), observed: times.observed.sort((a, b) => a - b) };
  console.log(
    JSON.stringify({
      median: at(sorted.observed, 0.5) - at(sorted.bare, 0.5),
      p99: at(sorted.observed, 0.99) - at(sorted.bare, 0.99),
      bare: at(sorted.bare, 0.5),
    }),
  );
});
await telemetry.shutdown();
process.exit();
