import { atKey, type Check, type CheckContext } from "../check.js";
import type { Problem } from "../problem.js";
import { mappingAt, strings } from "../yaml-values.js";

const id = "exposed-without-protection";

/** What is reachable from other machines must ask for a token and speak TLS. */
export const exposedWithoutProtection: Check = {
  id,
  run: (context) => [...bindProblems(context), ...publishedProblems(context), ...openedProblems(context)],
};

function bindProblems(context: CheckContext): Problem[] {
  const { bind, otlp } = context.input.stack;
  const missing = [...(otlp.token ? [] : ["otlp.token"]), ...(otlp.tls ? [] : ["otlp.tls"])];
  if (isLoopback(bind) || missing.length === 0) return [];
  return [
    {
      id,
      severity: "error",
      what: `bind ${bind} lets other machines send, without ${missing.join(" and without ")}.`,
      why: "Anybody in the network could write into your telemetry, or read it on its way.",
      next: `Set ${missing.join(" and ")}, or leave bind at 127.0.0.1.`,
      place: atKey(context, "bind"),
    },
  ];
}

/** Ports that `overrides.compose` publishes; Docker opens them past the machine's firewall. */
function publishedProblems(context: CheckContext): Problem[] {
  const { bind } = context.input.stack;
  const services = Object.entries(mappingAt(context.readCompose(), ["services"]));
  return services.flatMap(([service, config]) =>
    publishedPorts(mappingAt(config, []).ports)
      .filter(({ host }) => !isLoopback(host) && host !== bind)
      .map(
        ({ host, text }): Problem => ({
          id,
          severity: "warning",
          what: `overrides.compose publishes ${text} of ${service} on ${host === "" ? "every address" : host} of this machine.`,
          why: "None of these programs asks who is there, and Docker opens the port past the machine's firewall.",
          next: `Publish it on loopback, "127.0.0.1:${text}", and put a proxy with a login in front.`,
          place: atKey(context, `overrides.compose.services.${service}.ports`),
        }),
      ),
  );
}

function publishedPorts(ports: unknown): { host: string; text: string }[] {
  if (!Array.isArray(ports)) return [];
  return ports.map((port: unknown) => {
    if (typeof port === "object" && port !== null) {
      const { host_ip: host = "", published = "", target = "" } = port as Record<string, unknown>;
      return { host: String(host), text: `${published}:${target}` };
    }
    const match = /^(?:(\[[^\]]+\]|\d+\.\d+\.\d+\.\d+):)?(.+)$/.exec(String(port));
    return { host: (match?.[1] ?? "").replace(/^\[|\]$/g, ""), text: match?.[2] ?? String(port) };
  });
}

/** Addresses that `overrides.otel-collector` opens: without Docker around it, each is one of this machine. */
function openedProblems(context: CheckContext): Problem[] {
  if (context.input.runtime !== "native") return [];
  const config = context.read("otel-collector/otel-collector.yml");
  const { bind } = context.input.stack;
  return ["receivers", "extensions"].flatMap((kind) =>
    Object.entries(mappingAt(config, [kind])).flatMap(([name, component]) =>
      strings(component)
        .filter(({ path, text }) => path.at(-1) === "endpoint" && !/^\w+:\/\//.test(text))
        .map(({ path, text }) => ({ path, host: text.replace(/:\d+$/, "").replace(/^\[|\]$/g, ""), text }))
        .filter(({ host }) => !isLoopback(host) && host !== bind)
        .map(
          ({ path, text }): Problem => ({
            id,
            severity: "warning",
            what: `The collector's ${name} listens on ${text}, which other machines reach.`,
            next: "Listen on 127.0.0.1, unless you have protected it by other means.",
            place: atKey(context, ["overrides.otel-collector", kind, name, ...path].join(".")),
          }),
        ),
    ),
  );
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}
