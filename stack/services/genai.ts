import { acceptedNames, tellingFields } from "../../llm/semconv.js";
import { contract } from "../catalog/contract.js";

/** Span attributes by one of which the ledger's spans are known. */
export const genAiSpanNames: readonly string[] = tellingFields.flatMap((field) =>
  acceptedNames(field).map(({ name }) => name),
);

/** OpenTelemetry's names of metrics that Prometheus would name like those of the ledger. An RE2 pattern. */
export const ledgerMetricNames = `^(?:${contract
  // How many agents run now only they themselves know: the SDK says it under this name.
  .filter(({ producer }) => producer === "ledger")
  // Prometheus adds the ending by type and unit, and makes underscores of dots.
  .map(({ name }) => name.replace(/_(?:total|seconds)$/, "").replaceAll("_", "[._]"))
  .join("|")})(?:[._]seconds)?(?:[._]total)?$`;
