import { parseDuration } from "../../duration.js";
import { isMapping } from "../../render/merge.js";
import { atKey, type Check, type CheckContext } from "../check.js";
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

/** Tail sampling that `otelcol validate` accepts, but that fails at the start or keeps nothing. */
export const samplingPolicies: Check = {
  id,
  run(context) {
    const processors = Object.entries(mappingAt(collectorConfig(context), ["processors"]));
    return processors
      .filter(([name]) => name === "tail_sampling" || name.startsWith("tail_sampling/"))
      .flatMap(([name, settings]) => {
        const place = collectorPlace(context, ["processors", name, "policies"]);
        const { policies, decision_wait: wait } = mappingAt(settings, []);
        if (!Array.isArray(policies)) return [];
        return [
          ...faultsIn(policies).map((fault): Problem => ({ id, severity: "error", place, ...fault })),
          ...decidedEarly(context, name, policies, wait),
        ];
      });
  },
};

/**
 * A trace is decided about when it has been waited for, slow or not. One that ends before (its root came) may still be slow
 * enough; one that is slower than the wait never is.
 */
function decidedEarly(
  context: CheckContext,
  processor: string,
  policies: readonly unknown[],
  wait: unknown,
): Problem[] {
  const waited = goMilliseconds(wait);
  if (waited === undefined) return [];
  return policies.filter(isMapping).flatMap((policy): Problem[] => {
    const { threshold_ms: threshold } = mappingAt(policy, ["latency"]);
    if (policy.type !== "latency" || typeof threshold !== "number" || threshold < waited) return [];
    const raw = mappingAt(context.input.stack.overrides["otel-collector"], ["processors", processor]);
    const own = "decision_wait" in raw || "policies" in raw;
    return [
      {
        id,
        severity: "warning",
        what: `Traces count as slow from ${threshold / 1000} s on, and are decided about after ${waited / 1000} s.`,
        why: "By then none of them is that slow: a slow trace is kept by chance, as any other.",
        next: "Wait longer than the slowest trace that is to be kept takes.",
        place: own
          ? collectorPlace(context, ["processors", processor, "decision_wait"])
          : atKey(context, "traces.sampling.decisionWait"),
      },
    ];
  });
}

/** Go's durations, `2m0s`, have parts that are zero. */
function goMilliseconds(value: unknown): number | undefined {
  return typeof value === "string" ? parseDuration(value.replaceAll(/(?<!\d)0[a-z]+/g, "")) : undefined;
}

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
