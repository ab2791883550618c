import type { Problem } from "./problem.js";

/** Checks of obs whose errors amtool reports, too: without the place, and only the first that it comes upon. */
const alsoOfAmtool: ReadonlySet<string> = new Set([
  "unknown-receiver",
  "route-matcher",
  "inhibition",
  "time-interval",
]);

/** What the programs found, without what a check of obs has said already, in the user's own place. */
export function withoutSaid(found: readonly Problem[], own: readonly Problem[]): Problem[] {
  const errors = own.filter(({ id, severity }) => severity === "error" && alsoOfAmtool.has(id));
  return found.filter(
    ({ id, output = [] }) =>
      id !== "amtool-check-config" ||
      !errors.some(({ what }) => output.some((line) => subjects(line).some((each) => what.includes(each)))),
  );
}

/** What a line of amtool is about: names in quotes, what follows the last colon, a regular expression. */
function subjects(line: string): string[] {
  const regexp = /`\^\(\?:(.*)\)\$`/.exec(line)?.[1];
  const last = /: ([^:]+)$/.exec(line)?.[1];
  return [
    ...[...line.matchAll(/"([^"]+)"/g)].map(([quoted]) => quoted),
    ...(regexp ? [JSON.stringify(regexp)] : []),
    ...(last ? [last.trim()] : []),
  ];
}
