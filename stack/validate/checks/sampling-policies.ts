import { isMapping } from "../../render/merge.js";
import type { Check } from "../check.js";
import { collectorConfig, collectorPlace } from "../collector-config.js";
import type { Problem } from "../problem.js";
import { repeated } from "../repeated.js";
import { didYouMean } from "../suggest.js";
import { mappingAt } from "../yaml-values.js";

const id = "sampling-policies";

/**
 * Policy types of the tail_sampling processor, from its documentation:
 * https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.155.0/processor/tailsamplingprocessor
 */
const policyTypes = [
  "always_sample",
  "latency",
  "numeric_attribute",
  "probabilistic",
  "status_code",
  "string_attribute",
  "trace_state",
  "trace_flags",
  "rate_limiting",
  "bytes_limiting",
  "span_count",
  "boolean_attribute",
  "ottl_condition",
  "and",
  "not",
  "drop",
  "composite",
];
/** Types that need no settings of their own. */
const bareTypes = new Set(["always_sample", "trace_flags"]);

/** Tail-sampling policies that `otelcol validate` accepts, but that fail at the start or keep nothing. */
export const samplingPolicies: Check = {
  id,
  run(context) {
    const processors = Object.entries(mappingAt(collectorConfig(context), ["processors"]));
    return processors
      .filter(([name]) => name === "tail_sampling" || name.startsWith("tail_sampling/"))
      .flatMap(([name, settings]) => {
        const place = collectorPlace(context, ["processors", name, "policies"]);
        const { policies } = mappingAt(settings, []);
        return (Array.isArray(policies) ? faultsIn(policies) : []).map(
          (fault): Problem => ({ id, severity: "error", place, ...fault }),
        );
      });
  },
};

type Fault = Pick<Problem, "what" | "next">;

function faultsIn(policies: readonly unknown[]): Fault[] {
  const named = policies.filter(isMapping).map((policy) => ({ policy, name: String(policy.name ?? "") }));
  return [
    ...repeated(named.map(({ name }) => name)).map(({ value }) => ({
      what: `Two sampling policies are called "${value}".`,
      next: "Give each its own name: the collector counts decisions by it.",
    })),
    ...named.flatMap(({ policy, name }) => faultsOf(policy, name)),
  ];
}

function faultsOf(policy: Record<string, unknown>, name: string): Fault[] {
  const type = String(policy.type ?? "");
  if (!policyTypes.includes(type)) {
    const meant = didYouMean(type, policyTypes);
    return [
      {
        what: `The sampling policy "${name}" is of a type that does not exist: "${type}".`,
        next: meant ? `Did you mean "${meant}"?` : `Types: ${policyTypes.join(", ")}.`,
      },
    ];
  }
  const settings = policy[type];
  if (!isMapping(settings)) {
    return bareTypes.has(type)
      ? []
      : [
          {
            what: `The sampling policy "${name}" has no settings under "${type}".`,
            next: `Its settings stand beside its type, under a key of the same name: { type: "${type}", ${type}: {...} }.`,
          },
        ];
  }
  const percent = settings.sampling_percentage;
  return type === "probabilistic" && (typeof percent !== "number" || percent < 0 || percent > 100)
    ? [
        {
          what: `The sampling policy "${name}" keeps ${String(percent)} per cent.`,
          next: "Give sampling_percentage a number from 0 to 100.",
        },
      ]
    : [];
}
