import { atKey, type Check, type CheckContext } from "../check.js";
import { collectorConfig, collectorPlace } from "../collector-config.js";
import type { Place, Problem } from "../problem.js";
import { mappingAt } from "../yaml-values.js";

const id = "memory-limit";

/**
 * The collector's limiter refuses data, which senders repeat; the kernel ends the process. So the limiter must come
 * first, whatever an override makes of one of the two.
 */
export const memoryLimit: Check = {
  id,
  run(context) {
    const service = mappingAt(context.readCompose(), ["services", "otel-collector"]);
    const reserved = mappingAt(service, ["deploy", "resources", "limits"]).memory;
    const container = mebibytes(service.mem_limit ?? reserved);
    const limiter = mappingAt(collectorConfig(context), ["processors", "memory_limiter"]);
    const limit = limiter.limit_mib;
    const spike = limiter.spike_limit_mib;
    const problems: Problem[] = [];
    if (typeof limit === "number" && container !== undefined && limit >= container) {
      problems.push({
        id,
        severity: "error",
        what: `The collector may take ${limit} MiB before it refuses data, and its container has ${shown(container)} MiB.`,
        why: "The kernel ends it before its limiter acts; what it had in memory is lost.",
        next: `Give the container at least ${Math.ceil(limit * 1.5)} MiB, or lower collector.memoryLimitMiB.`,
        place: placeOf(context),
      });
    }
    if (typeof limit === "number" && typeof spike === "number" && spike >= limit) {
      problems.push({
        id,
        severity: "error",
        what: `The collector's memory_limiter keeps ${spike} MiB of ${limit} MiB for spikes.`,
        why: "It refuses data from what is left on: from nothing. The collector does not start with that.",
        next: "A fifth of the limit is usual.",
        place: collectorPlace(context, ["processors", "memory_limiter", "spike_limit_mib"]),
      });
    }
    return problems;
  },
};

/** `512m`, `1g`, bytes as a number; undefined where there is no limit. */
function mebibytes(value: unknown): number | undefined {
  const [, number, unit = "b"] = /^([\d.]+)\s*([bkmg])?(?:i?b)?$/i.exec(String(value ?? "")) ?? [];
  if (number === undefined || Number(number) === 0) return undefined;
  return Number(number) * { b: 1 / 1024 / 1024, k: 1 / 1024, m: 1, g: 1024 }[unit.toLowerCase()]!;
}

function shown(mebibytes: number): string {
  return String(Math.round(mebibytes));
}

function placeOf(context: CheckContext): Place {
  const { overrides } = context.input.stack;
  const raw = mappingAt(overrides.compose, ["services", "otel-collector"]);
  for (const key of ["mem_limit", "deploy"]) {
    if (raw[key] != null) return atKey(context, `overrides.compose.services.otel-collector.${key}`);
  }
  return collectorPlace(context, ["processors", "memory_limiter", "limit_mib"]);
}
