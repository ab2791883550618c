import { type Attributes, context } from "@opentelemetry/api";
import { type LogAttributes, SeverityNumber } from "@opentelemetry/api-logs";
import { emittedName } from "../semconv.js";
import { ownerAttributes } from "./owner.js";
import { logger } from "./registered.js";

/** Writes one line, with whatever attributes help to find it. */
export type Write = (message: string, attributes?: Readonly<Record<string, unknown>>) => void;

/**
 * The application's structured log: each line has the ids of its trace and span, and the owner's team, feature,
 * environment and request (never the user). `error` among the attributes becomes the conventions' `exception.*`.
 */
export const log: Readonly<Record<"debug" | "info" | "warn" | "error", Write>> = {
  debug: writer(SeverityNumber.DEBUG, "DEBUG"),
  info: writer(SeverityNumber.INFO, "INFO"),
  warn: writer(SeverityNumber.WARN, "WARN"),
  error: writer(SeverityNumber.ERROR, "ERROR"),
};

function writer(severityNumber: SeverityNumber, severityText: string): Write {
  return (message, { error, ...own } = {}) => {
    try {
      const active = context.active();
      const attributes = { ...ownerAttributes(active), ...own, ...exceptionOf(error) } as LogAttributes;
      if (!(emittedName("user") in own)) delete attributes[emittedName("user")];
      logger().emit({ severityNumber, severityText, body: String(message), attributes, context: active });
    } catch {
      // A line that can't be written must not stop the work that it tells of.
    }
  };
}

function exceptionOf(error: unknown): Attributes {
  if (error === undefined) return {};
  const { name, message, stack } = (error ?? {}) as Partial<Error>;
  return {
    "exception.type": name ?? typeof error,
    "exception.message": message ?? String(error),
    ...(stack !== undefined && { "exception.stacktrace": stack }),
  };
}
