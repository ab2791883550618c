import type { Check } from "../check.js";
import { dashboardWorld } from "../dashboards/world.js";

/** A recording in the project's catalog/ that can't be used: what it should tell isn't known. */
export const catalogFile: Check = {
  id: "catalog-file",
  run: async (context) => (await dashboardWorld(context)).problems,
};
