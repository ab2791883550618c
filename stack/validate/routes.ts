import type { RouteInput } from "../define.js";

/** One route of the tree, with its place in the definition. */
export interface PlacedRoute extends RouteInput {
  keyPath: string;
}

/** The root route and all below it, in the order in which Alertmanager tries them. */
export function routesOf(root: RouteInput, keyPath = "alerting.route"): PlacedRoute[] {
  return [
    { ...root, keyPath },
    ...(root.routes ?? []).flatMap((route, at) => routesOf(route, `${keyPath}.routes[${at}]`)),
  ];
}
