import { planStack } from "../../../stack/plan.js";
import { validateStack } from "../../../stack/validate/validate.js";
import { config, withProject } from "../../support/temporary-project.js";

/** Ids of what is found in a definition without Grafana, with the places in it. */
async function found(definition: string, runtime: "compose" | "native" = "compose", rules?: string) {
  const files = {
    "obs.config.ts": config(`{ name: "shop", grafana: { enabled: false }, ${definition} }`),
    ...(rules !== undefined && { "alerts/rules.yml": rules }),
  };
  let ids: string[] = [];
  await withProject(files, async ({ project }) => {
    const plan = await planStack(project, runtime);
    const { problems } = await validateStack({ ...plan, find: async () => undefined });
    ids = problems.map(({ id, place }) => `${id} ${place?.keyPath ?? place?.file}`);
  });
  return ids;
}

const receivers = (...names: string[]) =>
  `receivers: { ${names.map((name) => `${name}: { webhook: [{ url: "http://127.0.0.1:9/" }] }`).join(", ")} }`;

const rules = (labels: string, expr = 'absent(up{job="prometheus"})') => `groups:
  - name: shop
    rules:
      - alert: PrometheusDown
        expr: ${expr}
        for: 5m
        labels: { severity: critical${labels} }
        annotations:
          summary: Prometheus is down
          description: Nothing is recorded.
          runbook_url: https://runbooks.example.org/prometheus-down
`;

test("without Docker, an exporter to the collector's own port is a circle, and one to another port isn't", async () => {
  const exporter = (port: number) =>
    `collector: { exporters: { other: { type: "otlp", endpoint: "http://127.0.0.1:${port}" } } }`;
  expect(await found(exporter(4318), "native")).toEqual([
    "exporter-endpoint collector.exporters.other.endpoint",
  ]);
  expect(await found(exporter(5318), "native")).toEqual([]);
});

test("exporters to programs of the stack that take what they send are fine", async () => {
  const override = `overrides: { "otel-collector": {
    exporters: {
      "otlp_grpc/tempo": { endpoint: "http://tempo:14317" },
      "otlp_http/loki": { endpoint: "http://loki:3100/otlp" },
      "otlp_http/out": { endpoint: "https://otel.example.org" },
      "otlp_http/set": { endpoint: "\${env:ENDPOINT:-http://other:4318}" },
      "prometheusremotewrite": { endpoint: "http://prometheus:9090/api/v1/write" },
    },
    service: { pipelines: { metrics: { exporters: ["otlp_http/prometheus", "otlp_http/out", "otlp_http/set", "prometheusremotewrite"] } } },
  } }`;
  expect(await found(override)).toEqual([]);
});

test("a container with more memory than the limiter allows is fine, by either key", async () => {
  const container = (settings: string) =>
    `overrides: { compose: { services: { "otel-collector": ${settings} } } }`;
  expect(await found(container('{ mem_limit: "1g" }'))).toEqual([]);
  expect(
    await found(container('{ mem_limit: null, deploy: { resources: { limits: { memory: "1G" } } } }')),
  ).toEqual([]);
  expect(
    await found(container('{ mem_limit: null, deploy: { resources: { limits: { memory: "400M" } } } }')),
  ).toEqual(["memory-limit overrides.compose.services.otel-collector.deploy"]);
  expect(await found(container("{ mem_limit: null }"))).toEqual([]);
});

test("limits of stores that are as long as what they keep are fine", async () => {
  expect(
    await found(`logs: { retention: "14d" }, overrides: { loki: { limits_config: {
      max_query_lookback: "14d", reject_old_samples_max_age: "168h" } } }`),
  ).toEqual([]);
  expect(await found('collector: { queue: { retryFor: "1h" } }, metrics: { outOfOrder: "1h" }')).toEqual([]);
});

test("a label that series may bring is left to the route, one that no series can bring isn't", async () => {
  const alerting = `alerting: { ${receivers("oncall", "team")}, route: {
    receiver: "oncall", routes: [{ matchers: ['instance="a"'], receiver: "team" }] } }`;
  expect(await found(alerting, "compose", rules("", "up == 0"))).toEqual([]);
  expect(await found(alerting, "compose", rules(", instance: '{{ $value }}'"))).not.toContain(
    "route-matcher alerting.route.routes[0].matchers[0]",
  );
  expect(await found(alerting, "compose", rules(""))).toEqual([
    "route-matcher alerting.route.routes[0].matchers[0]",
  ]);
});

test("an external label reaches routes, and relabelling may bring any label", async () => {
  const alerting = (override: string) => `alerting: { ${receivers("oncall", "team")}, route: {
    receiver: "oncall", routes: [{ matchers: ['cluster="eu"'], receiver: "team" }] } },
    overrides: { prometheus: ${override} }`;
  expect(
    await found(alerting('{ global: { external_labels: { cluster: "eu" } } }'), "compose", rules("")),
  ).toEqual([]);
  expect(
    await found(
      alerting('{ alerting: { alert_relabel_configs: [{ target_label: "cluster", replacement: "eu" }] } }'),
      "compose",
      rules(""),
    ),
  ).toEqual([]);
});

test("intervals, templates and inhibitions that fit together are fine", async () => {
  const override = `overrides: { alertmanager: {
    time_intervals: [{ name: "nights", time_intervals: [{ times: [{ start_time: "22:00", end_time: "24:00" }] }] }],
    route: { receiver: "nobody", routes: [{ matchers: ['severity="critical"'], mute_time_intervals: ["nights"] }] },
    inhibit_rules: [
      { source_matchers: ['alertname="PrometheusDown"'], target_matchers: ['severity="critical"'], equal: ["alertname"] },
    ],
  } }`;
  expect(await found(override, "compose", rules(""))).toEqual([]);
});
