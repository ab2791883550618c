import { planStack } from "../../../stack/plan.js";
import { validateStack } from "../../../stack/validate/validate.js";
import { config, withProject } from "../../support/temporary-project.js";

test("without Docker around it, a receiver on every address of the machine is reported", async () => {
  const files = {
    "obs.config.ts": config(`{
      name: "shop",
      grafana: { enabled: false },
      overrides: { "otel-collector": { receivers: { zipkin: { endpoint: "0.0.0.0:9411" } } } },
    }`),
  };
  await withProject(files, async ({ project }) => {
    const plan = await planStack(project, "native");
    const { problems } = await validateStack({ ...plan, find: async () => undefined });
    expect(problems).toMatchObject([
      {
        id: "exposed-without-protection",
        severity: "warning",
        what: "The collector's zipkin listens on 0.0.0.0:9411, which other machines reach.",
        place: { keyPath: "overrides.otel-collector.receivers.zipkin.endpoint" },
      },
    ]);
  });
});

test("a secret without a value is an error where the stack is about to be started", async () => {
  const files = {
    "obs.config.ts": config(
      '{ name: "shop", grafana: { enabled: false }, otlp: { token: secret("NOT_SET_ANYWHERE") } }',
    ),
  };
  await withProject(files, async ({ project }) => {
    const plan = await planStack(project, "native");
    const { problems } = await validateStack({
      ...plan,
      missingSecrets: "error",
      find: async () => undefined,
    });
    expect(problems).toMatchObject([{ id: "missing-secret", severity: "error" }]);
  });
});

test("without Docker around it, an exporter that sends to a port that takes no OTLP is reported", async () => {
  const exporter = (endpoint: string) => `{
    name: "shop",
    grafana: { enabled: false },
    collector: { exporters: { more: { type: "otlp", endpoint: "${endpoint}", signals: ["metrics"] } } },
  }`;
  const found = async (endpoint: string) => {
    let told: unknown[] = [];
    await withProject({ "obs.config.ts": config(exporter(endpoint)) }, async ({ project }) => {
      const plan = await planStack(project, "native");
      const { problems } = await validateStack({ ...plan, find: async () => undefined });
      told = problems.map(({ what, next, place }) => [what, next, place?.keyPath]);
    });
    return told;
  };
  const keyPath = "collector.exporters.more.endpoint";
  expect(await found("http://localhost:9090")).toEqual([
    [
      'The exporter "otlp_http/more" sends to localhost:9090, where prometheus does not take OTLP.',
      "Send to http://localhost:9090/api/v1/otlp.",
      keyPath,
    ],
  ]);
  expect(await found("http://127.0.0.1:9093")).toEqual([
    [
      'The exporter "otlp_http/more" sends to 127.0.0.1:9093, which does not take OTLP over HTTP.',
      "Send to the collector of another stack, or to a store that takes OTLP.",
      keyPath,
    ],
  ]);
  expect(await found("http://localhost:9999")).toEqual([]);
});
