import type { Json } from "../../stack/validate/dashboards/dashboard.js";
import { normalised, renumbered } from "./normalise.js";
import { written } from "./write.js";

/** The text of a file that `obs dashboards import` writes for a dashboard, under the name that it exports already. */
export function rewritten(dashboard: object, exported: string): string {
  const normal: Json = renumbered(normalised(dashboard));
  return written(normal, exported).text;
}
