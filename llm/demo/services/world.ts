import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { sendHistory } from "../history.js";
import { nextConversation, pause, rating } from "../people.js";
import { type Provider, startProvider } from "../provider/provider.js";
import { seeded } from "../provider/random.js";
import { type DemoSettings, usualPace } from "../settings.js";
import { request } from "./http.js";
import { Broker } from "./queue.js";

/**
 * What stands around the services, and sends no telemetry: providers of models, a broker of queues, and people.
 */
export async function world(settings: DemoSettings): Promise<void> {
  const { urls, seed, rate, speed, incident, ledger, history } = settings;
  const provider = await startProvider({
    port: Number(new URL(settings.provider).port),
    seed,
    pace: usualPace / speed,
    incident,
    errorRate: 0.004,
    // About ten times what is used when all is well; of an incident a fiftieth is left.
    limit: { requests: Math.ceil(800 * rate), tokens: Math.ceil(2_400_000 * rate) },
  });
  const broker = new Broker();
  const { hostname, port } = new URL(urls["demo-world"]);
  const server = createServer((incoming, response) => {
    if (!broker.handle(incoming, response)) response.end("ready\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(port), hostname, resolve);
  });
  if (ledger && history > 0)
    void sendHistory(ledger, { days: history, seed, now: Date.now() }).then(
      () => process.stdout.write(`the ledger has ${history} past days\n`),
      (error: Error) => process.stderr.write(`past days could not be sent: ${error.message}\n`),
    );
  await people(settings, provider);
}

/** People who come and ask, for ever. */
async function people({ urls, seed, rate }: DemoSettings, provider: Provider): Promise<never> {
  const gateway = urls["demo-gateway"];
  const random = seeded(seed, "people");
  for (;;) {
    await delay(pause(random, rate) * 1000);
    const { feature, user, environment, id, text } = nextConversation(random, provider.incident);
    const opinion = rating(random);
    const headers = {
      "x-user": user,
      "x-team": feature.team,
      "x-feature": feature.name,
      "x-environment": environment,
      "x-conversation": id,
    };
    void request(gateway, "/ask", { text, feature: feature.name }, headers)
      .then(async ({ status, value }) => {
        if (status === 200 && opinion)
          await request(
            gateway,
            "/feedback",
            { feature: feature.name, model: value.model, rating: opinion },
            headers,
          );
      })
      // The gateway starts later, or again.
      .catch(() => {});
  }
}
