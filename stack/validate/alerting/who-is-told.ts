import { ownReceivers } from "../../services/names.js";
import type { CheckContext } from "../check.js";
import { takes, type Verdict } from "./matchers.js";
import { reached } from "./reached.js";
import { type Route, routing } from "./routing.js";

/** Who is told of an alert, and by which route. */
export interface Told {
  receiver: string;
  /** Key path of the route in the definition, or in its override. */
  route: string;
  /** Time intervals during which it is not told, or only told. */
  intervals: string[];
}

/** Who is told of an alert with these labels, in Alertmanager's order; nobody gives an empty list. */
export function whoIsTold(context: CheckContext, labels: Readonly<Record<string, string>>): Told[] {
  const root = routing(context);
  return reached(
    root,
    (matchers): Verdict =>
      matchers.every((matcher) => takes(matcher, labels[matcher.label] ?? "") === "yes") ? "yes" : "no",
  )
    .filter(({ receiver }) => receiver !== ownReceivers.nobody)
    .map((route) => told(route));
}

function told({ receiver, place, intervals }: Route): Told {
  return { receiver, route: place.keyPath ?? "", intervals: intervals.map(({ name }) => name) };
}
