import { hostPort, type PortName, portNames, portNumber, ports } from "../../ports.js";
import { isMapping } from "../../render/merge.js";
import { serviceNames } from "../../services/names.js";
import type { ServiceName } from "../../services/service.js";
import { atKey, type Check, type CheckContext } from "../check.js";
import { collectorConfig, collectorPlace } from "../collector-config.js";
import { keyPath } from "../key-path.js";
import type { Place, Problem } from "../problem.js";
import { mappingAt, textsOf } from "../yaml-values.js";

const id = "exporter-endpoint";

/** Where OTLP over gRPC is taken, besides by the collector itself. */
const grpcIntakes: readonly PortName[] = ["tempoOtlpGrpc", "jaegerOtlpGrpc"];
const collectorIntakes: readonly PortName[] = ["otlpGrpc", "otlpHttp"];
/** Where OTLP over HTTP is taken, and below which path; the exporter adds `/v1/traces` and the like. */
const httpIntakes: Readonly<Partial<Record<PortName, string>>> = {
  jaegerOtlpHttp: "",
  ledger: "",
  loki: "/otlp",
  prometheus: "/api/v1/otlp",
};
const loopback = new Set(["localhost", "127.0.0.1", "::1"]);

/** Exporters of the collector that send where no program of the stack listens, or to the collector itself. */
export const exporterEndpoint: Check = {
  id,
  run(context) {
    const config = collectorConfig(context);
    const exporters = mappingAt(config, ["exporters"]);
    const unreached = Object.entries(exporters).flatMap(([name, settings]) => {
      if (!isMapping(settings)) return [];
      return ["endpoint", "traces_endpoint", "metrics_endpoint", "logs_endpoint"].flatMap((key) => {
        const text = settings[key];
        const target = typeof text === "string" ? hostAndPort(text) : undefined;
        const fault = target && faultOf(context, name, target, key);
        return fault
          ? [{ id, severity: "error", ...fault, place: placeOf(context, name, key) } as Problem]
          : [];
      });
    });
    return [...unreached, ...ofOtherSignals(context, config)];
  },
};

/** What each program of the stack takes of the three signals. */
const signalOf: Readonly<Partial<Record<ServiceName, string>>> = {
  prometheus: "metrics",
  loki: "logs",
  tempo: "traces",
  jaeger: "traces",
  "llm-ledger": "traces",
};

/** Pipelines that send to a store what it doesn't take. */
function ofOtherSignals(context: CheckContext, config: Record<string, unknown>): Problem[] {
  return Object.entries(mappingAt(config, ["service", "pipelines"])).flatMap(([pipeline, parts]) => {
    const [signal] = pipeline.split("/");
    return textsOf(mappingAt(parts, []).exporters).flatMap((exporter): Problem[] => {
      const { endpoint } = mappingAt(config, ["exporters", exporter]);
      const target = typeof endpoint === "string" ? hostAndPort(endpoint) : undefined;
      const service = target && serviceAt(context, target);
      const takes = service && signalOf[service];
      if (!takes || takes === signal) return [];
      return [
        {
          id,
          severity: "error",
          what: `The pipeline "${pipeline}" sends to ${service}, which takes ${takes} alone.`,
          why: "It refuses everything that comes from there.",
          next: `Take the exporter "${exporter}" out of that pipeline.`,
          place: collectorPlace(context, ["service", "pipelines", pipeline, "exporters"]),
        },
      ];
    });
  });
}

/** The program of the stack that is meant by an address; in containers by its name, else by its port. */
function serviceAt({ input, rendered }: CheckContext, { host, port }: Target): ServiceName | undefined {
  if (input.runtime === "compose") return serviceNames.find((name) => name === host);
  if (!loopback.has(host)) return undefined;
  return rendered.plans.find(({ ports: own }) =>
    own.some(
      ({ name, protocol }) => protocol === "tcp" && portNumber(input.stack, name as PortName) === port,
    ),
  )?.name;
}

interface Target {
  host: string;
  port: number;
  /** Without a slash at its end. */
  path: string;
}

function faultOf(
  context: CheckContext,
  exporter: string,
  { host, port, path }: Target,
  key: string,
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
  if (compose && loopback.has(host)) {
    return {
      what: `${shown}, where nothing listens.`,
      why: "In the collector's container that is the container itself, not this machine.",
      next: `Write host.docker.internal:${port} for a program on this machine, else the name of its service.`,
    };
  }
  const service = serviceAt(context, { host, port, path });
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
  const http = type === "otlphttp" || type === "otlp_http";
  if (service === "otel-collector" || (!grpc && !http)) return undefined;
  const below = httpIntakes[found];
  const address = compose ? service : host;
  // A path of its own for a signal is taken as it is; to the common one the exporter adds the signal's.
  const wanted = below === undefined ? undefined : below + (key === "endpoint" ? "" : signalPath(key));
  if (grpc ? grpcIntakes.includes(found) : path === wanted) return undefined;
  if (http && wanted !== undefined)
    return {
      what: `${shown}${path}, where ${service} does not take OTLP.`,
      next: `Send to http://${hostPort(address, port)}${wanted}.`,
    };
  return {
    what: `${shown}, which does not take OTLP over ${grpc ? "gRPC" : "HTTP"}.`,
    why: `That port is: ${ports[found].title}.`,
    next: otherWay(context, { grpc, found, address, open }),
  };
}

/** `/v1/metrics` for `metrics_endpoint`. */
function signalPath(key: string): string {
  return `/v1/${key.replace(/_endpoint$/, "")}`;
}

/** Where the same program takes what the exporter sends, or how to send it otherwise. */
function otherWay(
  { input: { stack } }: CheckContext,
  {
    grpc,
    found,
    address,
    open,
  }: { grpc: boolean; found: PortName; address: string; open: readonly PortName[] },
): string {
  const grpcIntake = open.find((name) => grpcIntakes.includes(name));
  const httpIntake = open.find((name) => httpIntakes[name] !== undefined);
  const grpcAt = grpcIntake && hostPort(address, portNumber(stack, grpcIntake));
  if (grpc && grpcAt) return `Send to ${grpcAt}.`;
  if (!grpc && grpcAt)
    return found === grpcIntake
      ? "Use an exporter of the type otlp_grpc."
      : `Send to ${grpcAt}, with an exporter of the type otlp_grpc.`;
  return httpIntake
    ? `Send to http://${hostPort(address, portNumber(stack, httpIntake))}${httpIntakes[httpIntake]}, with an exporter of the type otlp_http.`
    : "Send to the collector of another stack, or to a store that takes OTLP.";
}

/** `host:port`, with a scheme or without; undefined for what isn't one (or holds a reference that only the collector knows). */
function hostAndPort(text: string): Target | undefined {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (text.includes("$") || !URL.canParse(url)) return undefined;
  const { hostname, port, protocol, pathname } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
    path: pathname.replace(/\/+$/, ""),
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
