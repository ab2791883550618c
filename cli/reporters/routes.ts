import pc from "picocolors";
import type { Told } from "../../stack/validate/alerting/who-is-told.js";
import { columns } from "./table.js";

/** Who is told of an alert, a line each with the route; or that nobody is. */
export function formatTold(told: readonly Told[], { color }: { color: boolean }): string {
  const colors = pc.createColors(color);
  if (told.length === 0) return `${colors.yellow("Nobody is told")}: no route takes it to a receiver.`;
  return columns(
    told.map(({ receiver, route, intervals }) => [
      colors.bold(receiver),
      colors.dim(`by ${route}`),
      intervals.length > 0 ? colors.dim(`subject to ${intervals.join(", ")}`) : "",
    ]),
    { indent: 0 },
  );
}

/** The verdict about the cases of the routes. */
export function formatRouteCases(cases: number, failed: number, { color }: { color: boolean }): string {
  const colors = pc.createColors(color);
  if (cases === 0)
    return "The definition has no alerting.routeCases. With --label name=value, obs prints who is told.";
  return failed === 0
    ? `${colors.green("✔")} ${cases} ${cases === 1 ? "case holds" : "cases hold"}.`
    : `${colors.red("✖")} ${failed} of ${cases} ${cases === 1 ? "case does" : "cases do"} not hold.`;
}
