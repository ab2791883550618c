import { metrics, trace } from "@opentelemetry/api";
import { logs } from "@opentelemetry/api-logs";
import { makeMeters } from "./meters.js";
import { scope } from "./state.js";

// To ask a provider for its tracer, logger or instruments again and again costs a call as much as its span does.

/** The tracer, logger and instruments of the providers that are registered now: without any they cost next to nothing. */
export const tracer = ofProvider(
  () => trace.getTracerProvider(),
  (provider) => provider.getTracer(scope),
);
export const logger = ofProvider(
  () => logs.getLoggerProvider(),
  (provider) => provider.getLogger(scope),
);
export const meters = ofProvider(
  () => metrics.getMeterProvider(),
  (provider) => makeMeters(provider.getMeter(scope)),
);

function ofProvider<Provider, Made>(
  registered: () => Provider,
  make: (provider: Provider) => Made,
): () => Made {
  let last: { provider: Provider; made: Made } | undefined;
  return () => {
    const provider = registered();
    if (last?.provider !== provider) last = { provider, made: make(provider) };
    return last.made;
  };
}
