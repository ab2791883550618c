import type { BrokenCase, Expectation } from "./broken-case.js";

const file = "obs.config.ts";
const error = (id: string, keyPath: string): Expectation => ({ id, severity: "error", keyPath });
const warning = (id: string, keyPath: string): Expectation => ({ id, severity: "warning", keyPath });
const collector = "overrides.otel-collector";

/** Mistakes in the raw configuration of a program. */
export const overrideCases: readonly BrokenCase[] = [
  {
    title: "the name of a program is misspelt",
    file,
    find: '    "otel-collector": {\n',
    replace: '    "otel-colector": {\n',
    expect: error("unknown-key", "overrides.otel-colector"),
  },
  {
    title: "an override is a list",
    file,
    find: '{ global: { external_labels: { cluster: "eu-1" } } }',
    replace: '[{ global: { external_labels: { cluster: "eu-1" } } }]',
    expect: error("wrong-type", "overrides.prometheus"),
  },
  {
    title: "a processor is used by another name than it is defined by",
    file,
    find: '"transform/identity", "attributes/region"',
    replace: '"transform/identity", "attributes/regions"',
    expect: error("collector-components", `${collector}.service.pipelines.metrics.processors`),
  },
  {
    title: "a processor is defined and not used",
    file,
    find: '"transform/identity", "attributes/region"',
    replace: '"transform/identity"',
    expect: warning("collector-components", `${collector}.processors["attributes/region"]`),
  },
  {
    title: "a pipeline sends to an exporter that does not exist",
    file,
    find: "          metrics: {\n",
    replace: '          metrics: {\n            exporters: ["otlp_http/prometeus"],\n',
    expect: error("collector-components", `${collector}.service.pipelines.metrics.exporters`),
  },
  {
    title: "a pipeline receives from nowhere",
    file,
    find: "          metrics: {\n",
    replace: '          metrics: {\n            receivers: ["oltp"],\n',
    expect: error("collector-components", `${collector}.service.pipelines.metrics.receivers`),
  },
  {
    title: "extensions are listed anew, and one that is needed is forgotten",
    file,
    find: "      service: {\n",
    replace: '      service: {\n        extensions: ["health_check", "bearertokenauth"],\n',
    expect: error("collector-components", `${collector}.service.extensions`),
  },
  {
    title: "a queue is stored in an extension that does not exist",
    file,
    find: "      service: {\n",
    replace:
      '      exporters: { "otlp_http/loki": { sending_queue: { storage: "file_storage/loki" } } },\n      service: {\n',
    expect: error("collector-components", `${collector}.exporters["otlp_http/loki"].sending_queue.storage`),
  },
  {
    title: "a section of the collector is in the singular",
    file,
    find: "      processors: {\n",
    replace: "      processor: {\n",
    expect: error("otelcol-validate", `${collector}.processor`),
    needsPrograms: true,
  },
  {
    title: "a sampling policy has its settings in the wrong place",
    file,
    find: "      processors: {\n",
    replace:
      '      processors: {\n        tail_sampling: { policies: [{ name: "slow", type: "latency", threshold_ms: 5000 }] },\n',
    expect: error("sampling-policies", `${collector}.processors.tail_sampling.policies`),
  },
  {
    title: "a policy is misspelt",
    file,
    find: "      processors: {\n",
    replace:
      '      processors: {\n        tail_sampling: { policies: [{ name: "slow", type: "latncy", latncy: { threshold_ms: 5000 } }] },\n',
    expect: error("sampling-policies", `${collector}.processors.tail_sampling.policies`),
  },
  {
    title: "a receiver listens on a port that is taken",
    file,
    find: "      service: {\n",
    replace: '      receivers: { zipkin: { endpoint: "0.0.0.0:4318" } },\n      service: {\n',
    expect: error("collector-port-clash", `${collector}.receivers.zipkin`),
  },
  {
    title: "a port is published for everybody",
    file,
    find: 'prometheus: { environment: { TZ: "UTC" } }',
    replace: 'prometheus: { ports: ["9091:9091"] }',
    expect: warning("exposed-without-protection", "overrides.compose.services.prometheus.ports"),
  },
  {
    title: "a setting of a processor is misspelt",
    file,
    find: "      processors: {\n",
    replace: "      processors: {\n        memory_limiter: { limit_mb: 700 },\n",
    expect: error("otelcol-validate", `${collector}.processors.memory_limiter.limit_mb`),
    needsPrograms: true,
  },
  {
    title: "an action of a processor does not exist",
    file,
    find: 'action: "insert"',
    replace: 'action: "inject"',
    expect: error("otelcol-validate", `${collector}`),
    needsPrograms: true,
  },
  {
    title: "a setting of Prometheus is misspelt",
    file,
    find: "external_labels: {",
    replace: "external_lables: {",
    expect: error("promtool-check-config", "overrides.prometheus.global.external_lables"),
    needsPrograms: true,
  },
  {
    title: "a duration of Prometheus has no unit",
    file,
    find: "global: { external_labels",
    replace: 'global: { scrape_interval: "15", external_labels',
    expect: error("promtool-check-config", "overrides.prometheus"),
    needsPrograms: true,
  },
  {
    title: "a section of Alertmanager is misspelt",
    file,
    find: "      inhibit_rules: [\n",
    replace: "      inhibit_rule: [\n",
    expect: error("amtool-check-config", "overrides.alertmanager.inhibit_rule"),
    needsPrograms: true,
  },
  {
    title: "a limit of Loki is misspelt",
    file,
    find: "max_query_length",
    replace: "max_query_lenght",
    expect: error("loki-verify-config", "overrides.loki.limits_config.max_query_lenght"),
    needsPrograms: true,
  },
  {
    title: "a duration of Loki has no unit",
    file,
    find: 'max_query_length: "30d"',
    replace: 'max_query_length: "30"',
    expect: error("loki-verify-config", "overrides.loki"),
    needsPrograms: true,
  },
  {
    title: "a key of a container is misspelt",
    file,
    find: 'environment: { TZ: "UTC" }',
    replace: 'enviroment: { TZ: "UTC" }',
    expect: error("compose-config", "overrides.compose.services.prometheus.enviroment"),
    needsPrograms: true,
  },
];
