import { hostPort, portNumber } from "./ports.js";
import { localAddress } from "./render/address.js";
import { telemetryNetwork } from "./render/compose.js";
import type { RenderInput } from "./render/render.js";
import type { Rendered } from "./render/rendered.js";

/** What a person needs to use a running stack. */
export interface Endpoints {
  /** Pages to open, in the order of the services. */
  pages: { name: string; title: string; url: string }[];
  /** What answers queries without having a page here. */
  apis: { name: string; url: string }[];
  otlp: {
    http: string;
    grpc: string;
    /** Compose: how containers of the same engine send. */
    containers?: { network: string; http: string };
    /** Name of the secret whose value senders present as bearer token. */
    token?: string;
    /** Senders must trust the stack's certificate. */
    tls: boolean;
  };
}

/** Services whose API people use; each has a port of its name for it. */
const queried = ["prometheus", "loki", "tempo", "jaeger"] as const;

/** Where to look, and where to send. */
export function endpointsOf({ stack, runtime }: RenderInput, rendered: Rendered): Endpoints {
  const scheme = stack.otlp.tls ? "https" : "http";
  return {
    pages: rendered.plans.flatMap(({ name, page }) => (page ? [{ name, ...page }] : [])),
    apis: rendered.plans
      .filter(({ page }) => !page)
      .flatMap(({ name }) => {
        const port = queried.find((each) => each === name);
        return port ? [{ name, url: `http://${localAddress(stack, port)}` }] : [];
      }),
    otlp: {
      http: `${scheme}://${localAddress(stack, "otlpHttp")}`,
      grpc: `${scheme}://${localAddress(stack, "otlpGrpc")}`,
      ...(runtime === "compose" && {
        containers: {
          network: telemetryNetwork(stack),
          http: `${scheme}://${hostPort("otel-collector", portNumber(stack, "otlpHttp"))}`,
        },
      }),
      ...(stack.otlp.token && { token: stack.otlp.token.secret }),
      tls: stack.otlp.tls !== undefined,
    },
  };
}
