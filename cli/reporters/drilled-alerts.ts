import type { Colors } from "picocolors/types.js";
import type { Hop } from "../../stack/verify/hop.js";
import { formatHop } from "./hops.js";
import { tookText } from "./time-text.js";

/** What an alert's hops come to, in one line. */
const legs: readonly (readonly [name: string, steps: readonly string[]])[] = [
  ["firing", ["breach", "pending", "firing"]],
  ["delivered", ["grouped", "delivered"]],
  ["resolved", ["resolved"]],
];

/** Shows the hops of many alerts: an alert that went all the way on one line, any other hop by hop; once its last one is done. */
export function alertLines(): (hop: Hop, colors: Colors) => string | undefined {
  const byAlert = new Map<string, Hop[]>();
  return (hop, colors) => {
    const [step, alert = ""] = [stepOf(hop), hop.id.slice(hop.id.indexOf(":") + 1)];
    const hops = [...(byAlert.get(alert) ?? []), hop];
    byAlert.set(alert, hops);
    if (step !== "resolved") return undefined;
    if (hops.some(({ state }) => state !== "passed"))
      return hops.map((each) => formatHop(each, colors)).join("\n");
    const took = (some: readonly Hop[]) => tookText(some.reduce((sum, { ms }) => sum + ms, 0));
    const parts = legs.map(
      ([name, steps]) => `${name} ${took(hops.filter((each) => steps.includes(stepOf(each))))}`,
    );
    return `${colors.green("✔")} ${alert.padEnd(28)}  ${colors.dim(parts.join(" · "))}`;
  };
}

function stepOf({ id }: Hop): string {
  return id.slice(0, id.indexOf(":"));
}
