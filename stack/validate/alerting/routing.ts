import { isMapping } from "../../render/merge.js";
import { drillLabel, verifyLabel } from "../../services/names.js";
import { atKey, type CheckContext } from "../check.js";
import { keyPath } from "../key-path.js";
import type { Place } from "../problem.js";
import { mappingAt, textsOf } from "../yaml-values.js";
import { faultyMatchers, matchersIn, type PlacedMatcher } from "./matchers.js";

/** A route as Alertmanager has it, overrides included. */
export interface Route {
  /** Its own or, as Alertmanager has it, that of the route around it. */
  receiver: string;
  matchers: PlacedMatcher[];
  /** What Alertmanager refuses about its matchers. */
  faults: { place: Place; what: string; next: string }[];
  continue: boolean;
  routes: Route[];
  /** Names of intervals, each with the key that it stands under. */
  intervals: { name: string; place: Place }[];
  place: Place;
  /** Whether it comes with the stack: the one of `alerting.heartbeat`. */
  builtIn?: true;
  /** Place of one of its matchers. */
  placeOf(matcher: Pick<PlacedMatcher, "at">): Place;
}

/** Alertmanager's rendered configuration, overrides included, as an independent reader understands it. */
export function alertmanagerConfig(context: CheckContext): Record<string, unknown> {
  return mappingAt(context.read("alertmanager/alertmanager.yml"), []);
}

/** Labels by which the stack's own routes keep its test alerts from people. */
const ownLabels: readonly string[] = [drillLabel, verifyLabel];

/** The root route of what was rendered. Left out: those that keep the stack's own test alerts from people. */
export function routing(context: CheckContext): Route {
  const root = mappingAt(alertmanagerConfig(context), ["route"]);
  const raw = mappingAt(context.input.stack.overrides.alertmanager, ["route"]);
  const listed = Array.isArray(root.routes) ? root.routes.filter(isMapping) : [];
  // A list of an override replaces the rendered one as a whole, which begins with the stack's own route.
  const routes: { route: Record<string, unknown>; path: PropertyKey[]; builtIn?: true }[] =
    "routes" in raw
      ? listed.map((route, at) => ({ route, path: ["overrides", "alertmanager", "route", "routes", at] }))
      : listed
          .slice(ownLabels.length)
          .map((route, at) =>
            at === 0
              ? { route, path: ["alerting", "heartbeat"], builtIn: true }
              : { route, path: ["alerting", "route", "routes", at - 1] },
          );
  const receiver = String(root.receiver ?? "");
  const own = matchersIn(root);
  return {
    receiver,
    matchers: own,
    faults: [],
    continue: false,
    routes: routes
      .filter(({ route }) => !matchersIn(route).some(({ label }) => ownLabels.includes(label)))
      .map(({ route, path, builtIn }) => ({
        ...readRoute(context, route, path, receiver),
        ...(builtIn && { builtIn }),
      })),
    intervals: intervalsOf(context, root, ["overrides", "alertmanager", "route"]),
    place: atKey(context, "receiver" in raw ? "overrides.alertmanager.route" : "alerting.route"),
    placeOf: () => atKey(context, "overrides.alertmanager.route"),
  };
}

function readRoute(
  context: CheckContext,
  route: Record<string, unknown>,
  path: readonly PropertyKey[],
  inherited: string,
): Route {
  const receiver = typeof route.receiver === "string" ? route.receiver : inherited;
  const placeOf = ({ at }: Pick<PlacedMatcher, "at">) => atKey(context, keyPath([...path, ...at]));
  return {
    receiver,
    matchers: matchersIn(route),
    faults: faultyMatchers(route).map(({ at, ...fault }) => ({ ...fault, place: placeOf({ at }) })),
    continue: route.continue === true,
    routes: (Array.isArray(route.routes) ? route.routes.filter(isMapping) : []).map((inner, at) =>
      readRoute(context, inner, [...path, "routes", at], receiver),
    ),
    intervals: intervalsOf(context, route, path),
    place: atKey(context, keyPath(path)),
    placeOf,
  };
}

function intervalsOf(
  context: CheckContext,
  route: Record<string, unknown>,
  path: readonly PropertyKey[],
): Route["intervals"] {
  const written = path[0] === "overrides";
  return (
    [
      ["mute_time_intervals", "muteTimeIntervals"],
      ["active_time_intervals", "activeTimeIntervals"],
    ] as const
  ).flatMap(([rendered, typed]) =>
    textsOf(route[rendered]).map((name, at) => ({
      name,
      place: atKey(context, keyPath([...path, written ? rendered : typed, at])),
    })),
  );
}

/** A route and all below it. */
export function* routesBelow(route: Route): Generator<Route> {
  yield route;
  for (const inner of route.routes) yield* routesBelow(inner);
}
