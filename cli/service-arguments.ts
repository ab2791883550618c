import type { ServiceName } from "../stack/services/service.js";

/** The services that words of the command line name; throws a ProblemError (exit code 2) for the first that doesn't exist. */
export async function servicesFrom(
  words: readonly string[],
  present: readonly ServiceName[],
): Promise<ServiceName[]> {
  const unknown = words.find((word) => !present.includes(word as ServiceName));
  if (unknown === undefined) return [...new Set(words as ServiceName[])];
  const { didYouMean } = await import("../stack/validate/suggest.js");
  const { ProblemError } = await import("../stack/validate/problem.js");
  const meant = didYouMean(unknown, present);
  throw new ProblemError(
    [
      {
        id: "unknown-service",
        severity: "error",
        what: `There is no service "${unknown}" in this stack.`,
        next: meant ? `Did you mean "${meant}"?` : `There are ${present.join(", ")}.`,
      },
    ],
    2,
  );
}
