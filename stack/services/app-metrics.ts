import { contract } from "../catalog/contract.js";
import type { Stack } from "../define.js";
import { ledgerMetricNames } from "./genai.js";

/** Other names by which applications know metrics of the contract. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  llm_errors_total: ["llm.requests.errors", "llm.request.errors"],
  agent_errors_total: ["agent.requests.errors", "agent.request.errors"],
  agent_active: ["agent.requests.active", "agent.active.requests"],
  agent_duration_seconds: ["agent.request.duration", "agent.requests.duration"],
  agent_tool_errors_total: ["agent.tool.calls.errors"],
};

/**
 * What becomes of `llm_*` and `agent_*` metrics that applications count themselves; undefined where they stay as they are.
 * Beside the ledger they are kept under `app_`: added to its own they would count twice. Of services whose spans never
 * come they are all there is: those get the names of the contract, whatever units and dots would make of theirs.
 */
export function appMetrics({ llm: { ledger, metricsOnlyServices } }: Stack): object | undefined {
  const only = metricsOnlyServices.length > 0;
  if (!ledger.enabled && !only) return undefined;
  const listed = `IsMatch(resource.attributes["service.name"], ${JSON.stringify(`^(?:${metricsOnlyServices.map(escaped).join("|")})$`)})`;
  return {
    error_mode: "ignore",
    metric_statements: [
      ...(ledger.enabled
        ? [
            {
              context: "metric",
              // A resource without a name matches no pattern: nothing would be said of it.
              ...(only && { conditions: [`resource.attributes["service.name"] == nil or not ${listed}`] }),
              statements: [
                `set(metric.name, Concat(["app", metric.name], "_")) where IsMatch(metric.name, ${JSON.stringify(ledgerMetricNames)})`,
              ],
            },
          ]
        : []),
      ...(only ? [{ context: "metric", conditions: [listed], statements: contractNames() }] : []),
    ],
  };
}

/** Statements that give metrics the contract's names. Prometheus makes names of units: where there is none it doesn't. */
function contractNames(): string[] {
  const names = contract
    .filter(({ name, type }) => type !== "gauge" || name in aliases)
    .filter(({ producer }) => producer !== "gateway" && producer !== "judge")
    .map(({ name }) => name);
  const renamed = `IsMatch(metric.name, "^(?:${names.join("|")})$")`;
  return [
    ...names.map((name) => `set(metric.name, "${name}") where IsMatch(metric.name, "${pattern(name)}")`),
    `scale_metric(0.001, "s") where metric.unit == "ms" and ${renamed}`,
    `set(metric.unit, "") where ${renamed}`,
  ];
}

/** A name of the contract with or without its ending, with dots or underscores. An RE2 pattern. */
function pattern(name: string): string {
  const own = name.replace(/_(?:total|seconds)$/, "");
  const names = [own, ...(aliases[name] ?? [])].map((each) => each.replace(/[._]/g, "[._]"));
  return `^(?:${names.join("|")})(?:[._](?:seconds|usd))?(?:[._]total)?$`;
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
