import { type PortName, portNames, portNumber, ports } from "../../ports.js";
import { isMapping } from "../../render/merge.js";
import { serviceNames } from "../../services/names.js";
import { atKey, type Check, type CheckContext } from "../check.js";
import { collectorConfig, collectorPlace } from "../collector-config.js";
import { keyPath } from "../key-path.js";
import type { Place, Problem } from "../problem.js";
import { mappingAt } from "../yaml-values.js";

const id = "exporter-endpoint";

/** Where OTLP over gRPC is taken, besides by the collector itself. */
const grpcIntakes: readonly PortName[] = ["tempoOtlpGrpc", "jaegerOtlpGrpc"];
const collectorIntakes: readonly PortName[] = ["otlpGrpc", "otlpHttp"];
const loopback = new Set(["localhost", "127.0.0.1", "::1"]);

/** Exporters of the collector that send where no program of the stack listens, or to the collector itself. */
export const exporterEndpoint: Check = {
  id,
  run(context) {
    const exporters = mappingAt(collectorConfig(context), ["exporters"]);
    return Object.entries(exporters).flatMap(([name, settings]) => {
      if (!isMapping(settings)) return [];
      return ["endpoint", "traces_endpoint", "metrics_endpoint", "logs_endpoint"].flatMap((key) => {
        const text = settings[key];
        const target = typeof text === "string" ? hostAndPort(text) : undefined;
        const fault = target && faultOf(context, name, target);
        return fault
          ? [{ id, severity: "error", ...fault, place: placeOf(context, name, key) } as Problem]
          : [];
      });
    });
  },
};

interface Target {
  host: string;
  port: number;
}

function faultOf(
  context: CheckContext,
  exporter: string,
  { host, port }: Target,
): Pick<Problem, "what" | "why" | "next"> | undefined {
  const { stack, runtime } = context.input;
  const { plans } = context.rendered;
  const compose = runtime === "compose";
  const shown = `The exporter "${exporter}" sends to ${host}:${port}`;
  // In a container loopback is the container; the host's own loopback has a name there, and Docker publishes on it.
  const itself = compose ? loopback.has(host) || host === "otel-collector" : loopback.has(host);
  const published = compose && host === "host.docker.internal";
  if ((itself || published) && collectorIntakes.some((intake) => portNumber(stack, intake) === port)) {
    return {
      what: `${shown}, which is the collector itself.`,
      why: "Everything goes round in a circle, more of it each time.",
      next: "Name the address of the other program.",
    };
  }
  if (!compose) return undefined;
  if (loopback.has(host)) {
    return {
      what: `${shown}, where nothing listens.`,
      why: "In the collector's container that is the container itself, not this machine.",
      next: `Write host.docker.internal:${port} for a program on this machine, else the name of its service.`,
    };
  }
  const service = serviceNames.find((name) => name === host);
  if (!service) return undefined;
  const plan = plans.find(({ name }) => name === service);
  if (!plan) {
    return {
      what: `${shown}, and ${service} is not part of this stack.`,
      next: `Part of it: ${plans.map(({ name }) => name).join(", ")}.`,
    };
  }
  const open = plan.ports.flatMap(({ name, protocol }) =>
    protocol === "tcp" ? portNames.filter((each) => each === name) : [],
  );
  const found = open.find((name) => portNumber(stack, name) === port);
  const [type] = exporter.split("/");
  const grpc = type === "otlp" || type === "otlp_grpc";
  const intake = open.find((name) => grpcIntakes.includes(name));
  if (!found) {
    const list = open.map((name) => `${portNumber(stack, name)} (${ports[name].title})`).join(", ");
    return {
      what: `${shown}, where nothing listens.`,
      next:
        grpc && intake
          ? `Send to ${service}:${portNumber(stack, intake)}.`
          : `${service} listens on ${list}.`,
    };
  }
  if (service === "otel-collector" || grpc === grpcIntakes.includes(found)) return undefined;
  if (!grpc && type !== "otlphttp" && type !== "otlp_http") return undefined;
  return {
    what: `${shown}, which does not take OTLP over ${grpc ? "gRPC" : "HTTP"}.`,
    why: `That port is: ${ports[found].title}.`,
    next:
      grpc && intake
        ? `Send to ${service}:${portNumber(stack, intake)}.`
        : grpc
          ? "Use an exporter of the type otlp_http."
          : "Use an exporter of the type otlp_grpc.",
  };
}

/** `host:port`, with a scheme or without; undefined for what isn't one (or holds a reference that only the collector knows). */
function hostAndPort(text: string): Target | undefined {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (text.includes("$") || !URL.canParse(url)) return undefined;
  const { hostname, port, protocol } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
  };
}

function placeOf(context: CheckContext, exporter: string, key: string): Place {
  const { overrides, collector } = context.input.stack;
  const raw = mappingAt(overrides["otel-collector"], ["exporters", exporter]);
  const own = exporter.slice(exporter.indexOf("/") + 1);
  if (!(key in raw) && collector.exporters[own]) {
    return atKey(context, keyPath(["collector", "exporters", own, "endpoint"]));
  }
  return collectorPlace(context, ["exporters", exporter, key]);
}
