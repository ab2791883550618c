import type { Command } from "commander";
import { groups } from "../groups.js";
import { registerPreview } from "./dashboards/preview.js";

/** One verb a file, in dashboards/. */
export function register(program: Command): void {
  const dashboards = program
    .command("dashboards")
    .helpGroup(groups.dashboards)
    .summary("see dashboards while you write them")
    .description("The dashboards of the definition (`dashboards`), before they are in Grafana.");
  registerPreview(dashboards);
}
