import type { Check } from "../check.js";
import { collectorConfig, collectorPlace } from "../collector-config.js";
import type { Problem } from "../problem.js";
import { strings } from "../yaml-values.js";

/** Receivers whose protocols come over UDP; everything else listens on TCP. */
const udpProtocols = new Set(["thrift_compact", "thrift_binary"]);

/**
 * Two components of the collector on one port: `otelcol validate` passes it, and the start fails. Looked at only where
 * an override adds components; clashes among the stack's own ports are found by the check `port-clash`.
 */
export const collectorPortClash: Check = {
  id: "collector-port-clash",
  run(context) {
    if (context.input.stack.overrides["otel-collector"] === undefined) return [];
    const config = collectorConfig(context);
    const users = new Map<string, string[][]>();
    for (const kind of ["receivers", "extensions"]) {
      for (const { path, text } of strings(config[kind], [kind])) {
        const port = path.at(-1) === "endpoint" ? /^[^/]*:(\d+)$/.exec(text)?.[1] : undefined;
        if (port === undefined) continue;
        const key = `${path.some((each) => udpProtocols.has(each)) ? "UDP" : "TCP"} port ${port}`;
        users.set(key, [...(users.get(key) ?? []), path.slice(0, -1)]);
      }
    }
    return [...users]
      .filter(([, paths]) => paths.length > 1)
      .map(([port, paths]): Problem => {
        const names = paths.map((path) => path.slice(1).join("."));
        const places = paths.map((path) => collectorPlace(context, path));
        // The deepest place is the one that the override itself brought.
        const place = places.sort((a, b) => (b.keyPath?.length ?? 0) - (a.keyPath?.length ?? 0))[0]!;
        return {
          id: "collector-port-clash",
          severity: "error",
          what: `The collector's ${names.slice(0, -1).join(", ")} and ${names.at(-1)} listen on the same ${port}.`,
          next: "Give one of them another port.",
          place,
        };
      });
  },
};
