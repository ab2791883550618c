/**
 * Telemetry of calls of models, agents and tools: `import { init, observeOpenAI } from "obs-stack/sdk"`. It needs nothing
 * of the rest of obs; what it sends is OTLP by OpenTelemetry's GenAI conventions.
 */
export { observeAnthropic } from "./anthropic.js";
export { type ConcurrencyOptions, limitConcurrency } from "./concurrency.js";
export { withFallback } from "./fallback.js";
export { type InitOptions, init, type Telemetry } from "./init.js";
export { log } from "./log.js";
export { observeOpenAI } from "./openai.js";
export { type Carrier, extract, inject, type Owner, withContext } from "./owner.js";
export { agent, type ToolOptions, type TracedOptions, tool, traced } from "./traced.js";
