import { acceptedNames, type CallField } from "../../../../llm/semconv.js";
import { type Span, written } from "./trace.js";

/** What is worth telling first of a span about a model, an agent or a tool. */
export interface GenAiFact {
  label: string;
  value: string;
}

const told: [label: string, field: CallField][] = [
  ["Operation", "operation"],
  ["Provider", "provider"],
  ["Model", "requestModel"],
  ["Answered by", "responseModel"],
  ["Agent", "agent"],
  ["Tool", "tool"],
  ["Input tokens", "inputTokens"],
  ["of them from cache", "cacheReadTokens"],
  ["of them written to cache", "cacheWriteTokens"],
  ["Output tokens", "outputTokens"],
  ["of them reasoning", "reasoningTokens"],
  ["First token after", "timeToFirstToken"],
  ["Cost, as reported", "reportedCost"],
  ["Ended because", "finishReasons"],
  ["Prompt", "promptName"],
  ["Prompt version", "promptVersion"],
  ["Conversation", "conversation"],
  ["Error", "errorType"],
];

/** Fields without which a span is not about a model: others (an error, a user) every span may have. */
const telling: ReadonlySet<CallField> = new Set(["operation", "provider", "requestModel", "agent", "tool"]);

/**
 * What a span says of a call of a model, of an agent or of a tool, under any of the names that instrumentations use; empty
 * where it is about none.
 */
export function genAiFacts(span: Span): GenAiFact[] {
  const values = new Map(span.attributes.map(({ name, value }) => [name, value]));
  const found = told.flatMap(([label, field]) => {
    const name = acceptedNames(field).find((each) => values.has(each.name));
    const value = name && values.get(name.name);
    return value === undefined ? [] : [{ label, field, value: inUnits(written(value), field, name?.unit) }];
  });
  if (!found.some(({ field }) => telling.has(field))) return [];
  const model = found.find(({ field }) => field === "requestModel")?.value;
  return found
    .filter(({ field, value }) => field !== "responseModel" || value !== model)
    .map(({ label, value }) => ({ label, value }));
}

function inUnits(text: string, field: CallField, unit: "s" | "ms" | "USD" | undefined): string {
  const number = Number(text);
  if (text === "" || !Number.isFinite(number)) return text;
  if (field === "timeToFirstToken") return unit === "ms" ? `${number} ms` : `${number} s`;
  if (field === "reportedCost") return `$${number}`;
  return field.endsWith("Tokens") ? number.toLocaleString("en-US") : text;
}
