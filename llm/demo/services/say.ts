import { trace } from "@opentelemetry/api";
import { log } from "../../sdk/index.js";

type Level = keyof typeof log;

/** Writes a structured line to the stack's logs, and to the program's own. */
export function say(level: Level, message: string, attributes: Record<string, unknown> = {}): void {
  log[level](message, attributes);
  const { error, ...rest } = attributes;
  const trace_id = trace.getActiveSpan()?.spanContext().traceId;
  const line = {
    time: new Date().toISOString(),
    level,
    message,
    ...(trace_id && { trace_id }),
    ...rest,
    ...(error !== undefined && { error: error instanceof Error ? error.message : String(error) }),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
