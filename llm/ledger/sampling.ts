import type { AttributeValue, Span } from "../call.js";
import { samplingAttributes } from "../semconv.js";

/**
 * Which part of its spans a sender keeps, from 0 to 1; undefined where it doesn't say. Most that sample at the head don't:
 * this finds those that write it down. In `tracestate` as OpenTelemetry does it (`ot=th:…`, before that `ot=p:…`;
 * https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/), in Jaeger's `sampler.type` and
 * `sampler.param`, which our own SDK puts on its resource, or as one span standing for `SampleRate` of them.
 */
export function keptPart({ traceState, attributes, resource }: Span): number | undefined {
  const said = (name: string): AttributeValue | undefined => attributes.get(name) ?? resource.get(name);
  return (
    (traceState === "" ? undefined : partInTraceState(traceState)) ??
    (said(samplingAttributes.type) === "probabilistic" ? part(said(samplingAttributes.param)) : undefined) ??
    inverse(said(samplingAttributes.rate))
  );
}

function partInTraceState(traceState: string): number | undefined {
  const own = traceState
    .split(",")
    .map((entry) => entry.trim())
    .find((entry) => entry.startsWith("ot="));
  for (const each of own?.slice(3).split(";") ?? []) {
    const [key, value = ""] = each.split(":", 2);
    // The threshold below which spans were dropped, in hexadecimal, without the zeros at its end.
    if (key === "th" && /^[0-9a-f]{1,14}$/.test(value))
      return 1 - Number.parseInt(value.padEnd(14, "0"), 16) / 2 ** 56;
    if (key === "p" && /^\d{1,2}$/.test(value)) return 2 ** -Number(value);
  }
  return undefined;
}

function part(value: AttributeValue | undefined): number | undefined {
  const number = Number(value);
  return number >= 0 && number <= 1 ? number : undefined;
}

function inverse(value: AttributeValue | undefined): number | undefined {
  const number = Number(value);
  return number >= 1 && Number.isFinite(number) ? 1 / number : undefined;
}
