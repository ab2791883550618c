import { acceptedNames, type CallField } from "../../llm/semconv.js";

/** Fields of which every span that the ledger bills or counts carries at least one, whatever wrote it. */
const telling: readonly CallField[] = [
  "operation",
  "provider",
  "requestModel",
  "responseModel",
  "inputTokens",
  "outputTokens",
  "totalTokens",
  "spanKind",
];

/** Span attributes by one of which the ledger's spans are known. */
export const genAiSpanNames: readonly string[] = telling.flatMap((field) =>
  acceptedNames(field).map(({ name }) => name),
);
