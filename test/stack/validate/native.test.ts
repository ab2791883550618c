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
