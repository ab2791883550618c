import { atKey, type Check } from "../check.js";
import { keyPath } from "../key-path.js";
import type { Problem } from "../problem.js";
import { mappingAt, strings } from "../yaml-values.js";

/**
 * References that the collector fills in from its environment when it starts, those with a default left out:
 * https://opentelemetry.io/docs/collector/configuration/#environment-variables
 */
const reference = /(?<!\$)\$\{(?:env:)?([A-Za-z_]\w*)\}/g;

/** A variable that the collector's override refers to and that the collector doesn't get becomes nothing. */
export const overrideVariable: Check = {
  id: "override-variable",
  run(context) {
    const { stack } = context.input;
    const env = context.rendered.plans.find(({ name }) => name === "otel-collector")?.env ?? {};
    const { environment } = mappingAt(context.readCompose(), ["services", "otel-collector"]);
    const given = new Set([
      ...Object.keys(env),
      ...(Array.isArray(environment)
        ? environment.map((each) => String(each).replace(/=.*$/s, ""))
        : Object.keys(mappingAt(environment, []))),
    ]);
    return strings(stack.overrides["otel-collector"]).flatMap(({ path: keys, text }) => {
      const path = keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
      return [...text.matchAll(reference)].flatMap(([written, name]): Problem[] =>
        given.has(name!)
          ? []
          : [
              {
                id: "override-variable",
                severity: "warning",
                what: `${written} is empty: the collector gets no variable ${name}.`,
                why: "Programs get only the environment that obs gives them, not that of whoever starts them.",
                next: `Under Compose, pass it on: overrides.compose.services.otel-collector.environment.${name}. Else write the value.`,
                place: atKey(context, keyPath(["overrides", "otel-collector", ...path])),
              },
            ],
      );
    });
  },
};
