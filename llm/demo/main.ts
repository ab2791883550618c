/**
 * The programs of the demo: `node main.js <program>`, started by `obs demo start`. They are an application like any other:
 * the official clients of two providers, observed by `obs-stack/sdk`, sending OTLP to wherever the standard variables say.
 */
import { readFileSync } from "node:fs";
import { init } from "../sdk/index.js";
import { agentService } from "./services/agent.js";
import { embedding } from "./services/embedding.js";
import { gateway } from "./services/gateway.js";
import { llm } from "./services/llm.js";
import { retrieval } from "./services/retrieval.js";
import { observeRuntime } from "./services/runtime-metrics.js";
import { vectorSearch } from "./services/vector-search.js";
import { world } from "./services/world.js";
import { type DemoService, type DemoSettings, readSettings, tokenFileVariable } from "./settings.js";

const programs: Record<DemoService, (settings: DemoSettings) => Promise<unknown>> = {
  "demo-world": world,
  "demo-gateway": gateway,
  "demo-retrieval": retrieval,
  "demo-embedding": embedding,
  "demo-vector-search": vectorSearch,
  "demo-llm": llm,
  "demo-agent": agentService,
};

const name = process.argv[2] as DemoService;
if (!Object.hasOwn(programs, name)) {
  process.stderr.write(`usage: main.js ${Object.keys(programs).join("|")} (started by \`obs demo start\`)\n`);
  process.exit(2);
}
const settings = readSettings();
if (name !== "demo-world") {
  // Not in the environment that it is started with: that is kept in a file.
  const token = process.env[tokenFileVariable];
  if (token !== undefined)
    process.env.OTEL_EXPORTER_OTLP_HEADERS = `authorization=Bearer%20${encodeURIComponent(readFileSync(token, "utf8").trim())}`;
  init();
  observeRuntime();
}
await programs[name](settings);
