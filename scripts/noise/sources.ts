import { quietWeek, type Source } from "./week.js";

const named = (labels: Record<string, string>, peak: number, errorShare: number) => ({
  labels,
  peak,
  errorShare,
});

/** Several models and features, one of them hardly used: ratios of few calls are what naive rules stumble over. */
const modelCalls = [
  named({ model: "large", provider: "one", feature: "chat", team: "web" }, 60, 0.004),
  named({ model: "large", provider: "two", feature: "chat", team: "web" }, 25, 0.004),
  named({ model: "small", provider: "one", feature: "search", team: "search" }, 150, 0.002),
  named({ model: "large", provider: "two", feature: "reports", team: "finance" }, 0.5, 0.004),
].map((business, at) => quietWeek(business, 11 + at));

const agentRuns = [
  named({ agent: "researcher", feature: "reports", team: "finance" }, 0.5, 0.01),
  named({ agent: "helper", feature: "chat", team: "web" }, 12, 0.01),
].map((business, at) => quietWeek(business, 31 + at));

function service(name: string, instance: string) {
  return {
    service_name: name,
    job: `shop/${name}`,
    instance,
    deployment_environment_name: "production",
  };
}

const serviceCalls = [
  named(service("checkout", "a"), 80, 0.0005),
  named(service("checkout", "b"), 80, 0.0005),
  named(service("search", "a"), 200, 0.0005),
  named(service("back-office", "a"), 0.5, 0.0005),
].map((business, at) => quietWeek(business, 51 + at));

function program(job: string, own: Record<string, string> = {}, seed = 71 + job.length) {
  return quietWeek(named({ job, instance: `${job}:1`, ...own }, 400, 0), seed);
}

const exporters = [
  { exporter: "otlp_grpc/tempo", data_type: "traces" },
  { exporter: "otlp_http/loki", data_type: "logs" },
  { exporter: "otlp_http/prometheus", data_type: "metrics" },
];

const programs = {
  otelcol: exporters.map((exporter) => program("otel-collector", exporter, 90)),
  prometheus: [program("prometheus")],
  alertmanager: [program("alertmanager")],
  loki: [program("loki")],
  tempo: [program("tempo")],
  jaeger: [program("jaeger")],
  grafana: [program("grafana")],
  node: [program("node-exporter")],
};

/** Whose metric it is, by the beginning of its name; scrape targets are everybody's. */
export function sourcesOf(metric: string): readonly Source[] {
  if (metric === "up" || metric.startsWith("scrape_"))
    return [...Object.values(programs).flat(), ...serviceCalls];
  if (metric.startsWith("llm_")) return modelCalls;
  if (metric.startsWith("agent_")) return agentRuns;
  if (metric.startsWith("stack:")) return programs.prometheus;
  const own = Object.entries(programs).find(([name]) => metric.startsWith(`${name}_`));
  return own ? own[1] : serviceCalls;
}
