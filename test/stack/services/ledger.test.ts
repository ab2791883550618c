import { parse } from "yaml";
import { acceptedNames, tellingFields } from "../../../llm/semconv.js";
import { stackSchema } from "../../../stack/define.js";
import { projectAt } from "../../../stack/project.js";
import { render } from "../../../stack/render/render.js";
import { ledgerMetricNames } from "../../../stack/services/genai.js";

function rendered(runtime: "compose" | "native", llm: object) {
  return render({
    project: projectAt("/project/obs.config.ts"),
    stack: stackSchema.parse({ name: "shop", llm }),
    ruleFiles: [],
    facts: {
      traces: { backend: "tempo", why: "test" },
      grafana: { present: false, why: "test" },
    },
    runtime,
  });
}

const text = (result: ReturnType<typeof rendered>, path: string) =>
  result.artefacts.find((artefact) => artefact.path === path)!.text;

test("without a ledger the stack has neither it nor a database, and the collector sends it nothing", () => {
  const result = rendered("native", { ledger: { enabled: false } });
  expect(result.plans.map(({ name }) => name)).not.toEqual(expect.arrayContaining(["llm-ledger"]));
  expect(text(result, "otel-collector/otel-collector.yml")).not.toContain("genai");
});

test("with a ledger the collector sends it every span of a model, before sampling, through a queue on disk", () => {
  const collector = parse(text(rendered("native", {}), "otel-collector/otel-collector.yml"));
  expect(collector.service.pipelines["traces/in"].exporters).toContain("forward/genai");
  expect(collector.service.pipelines["traces/genai"]).toEqual({
    receivers: ["forward/genai"],
    processors: ["filter/genai"],
    exporters: ["otlp_http/ledger"],
  });
  expect(collector.exporters["otlp_http/ledger"].sending_queue.storage).toBe("file_storage");
  const [dropped] = collector.processors["filter/genai"].traces.span;
  for (const { name } of tellingFields.flatMap(acceptedNames))
    expect(dropped).toContain(`["${name}"] == nil`);
});

test.each([
  ["llm.requests", true],
  ["llm_cost_total", true],
  ["llm.request.duration", true],
  ["agent_tokens", true],
  ["agent_active", false],
  ["gen_ai.client.token.usage", false],
  ["llm_quota_remaining", false],
])("the application's own metric %s is renamed: %s", (name, renamed) => {
  expect(new RegExp(ledgerMetricNames).test(name)).toBe(renamed);
});

test("under Compose the ledger is the image of Node with the program of obs in it, beside an image of PostgreSQL", () => {
  const { services } = parse(rendered("compose", {}).composeFile!);
  expect(services["llm-ledger"]).toMatchObject({
    image: expect.stringMatching(/^node:/),
    user: "1000:1000",
    command: ["--max-old-space-size=160", "/opt/obs/main.js", "/etc/obs/ledger.json"],
    read_only: true,
    volumes: expect.arrayContaining([
      expect.objectContaining({ source: "./.obs/programs/llm-ledger", target: "/opt/obs", read_only: true }),
    ]),
  });
  expect(services.postgres).toMatchObject({
    image: expect.stringMatching(/^postgres:/),
    entrypoint: ["/bin/sh", "/etc/obs/run.sh", "/usr/lib/postgresql/18/bin/postgres"],
    command: expect.arrayContaining(["/run/secrets/OBS_LEDGER_DATABASE_PASSWORD"]),
    ports: ["127.0.0.1:5433:5433"],
    volumes: expect.arrayContaining(["postgres:/var/lib/postgresql"]),
  });
});

test("with a database of one's own there is none in the stack, and its address stays in a secret file", () => {
  const result = rendered("native", {
    ledger: { databaseUrl: { secret: "LEDGER_URL" } },
  });
  expect(result.plans.map(({ name }) => name)).not.toContain("postgres");
  expect(JSON.parse(text(result, "llm-ledger/ledger.json")).database).toEqual({
    urlFile: "/project/.obs/secrets/llm-ledger/LEDGER_URL",
  });
  expect(result.plans.find(({ name }) => name === "llm-ledger")!.secrets).toContain("LEDGER_URL");
});

test("own prices go to the ledger, and the call that verify makes costs nothing", () => {
  const { money } = JSON.parse(
    text(rendered("native", { prices: [{ model: "ours", input: "1.5" }] }), "llm-ledger/ledger.json"),
  );
  expect(money.prices).toEqual([
    { model: "ours", input: "1.5" },
    { provider: "obs-verify", model: "obs-verify", input: "0", output: "0" },
  ]);
});
