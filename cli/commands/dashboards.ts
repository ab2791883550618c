import type { Command } from "commander";
import { groups } from "../groups.js";
import { registerDiff } from "./dashboards/diff.js";
import { registerExport } from "./dashboards/export.js";
import { registerImport } from "./dashboards/import.js";
import { registerList } from "./dashboards/list.js";
import { registerPreview } from "./dashboards/preview.js";
import { registerScreenshot } from "./dashboards/screenshot.js";

/** One verb a file, in dashboards/. */
export function register(program: Command): void {
  const dashboards = program
    .command("dashboards")
    .helpGroup(groups.dashboards)
    .summary("see dashboards while you write them")
    .description("The dashboards of the definition (`dashboards`), before they are in Grafana.");
  registerList(dashboards);
  registerPreview(dashboards);
  registerExport(dashboards);
  registerImport(dashboards);
  registerDiff(dashboards);
  registerScreenshot(dashboards);
}
