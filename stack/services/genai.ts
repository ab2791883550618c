import { acceptedNames, tellingFields } from "../../llm/semconv.js";

/** Span attributes by one of which the ledger's spans are known. */
export const genAiSpanNames: readonly string[] = tellingFields.flatMap((field) =>
  acceptedNames(field).map(({ name }) => name),
);
