import { isMapping } from "../render/merge.js";
import { atKey, type CheckContext } from "./check.js";
import { keyPath } from "./key-path.js";
import type { Place } from "./problem.js";
import { mappingAt } from "./yaml-values.js";

/** The collector's rendered configuration, overrides included, as an independent reader understands it. */
export function collectorConfig(context: CheckContext): Record<string, unknown> {
  return mappingAt(context.read("otel-collector/otel-collector.yml"), []);
}

/**
 * Where the user can mend something in the collector's configuration: as deep in their override as it goes along the
 * path. Where the override doesn't touch it, obs rendered it from `collector`.
 */
export function collectorPlace(context: CheckContext, path: readonly string[]): Place {
  let inner: unknown = context.input.stack.overrides["otel-collector"];
  const reached: string[] = [];
  for (const key of path) {
    if (!isMapping(inner) || !(key in inner)) break;
    reached.push(key);
    inner = inner[key];
  }
  return context.input.stack.overrides["otel-collector"] === undefined
    ? atKey(context, "collector")
    : atKey(context, keyPath(["overrides", "otel-collector", ...reached]));
}
