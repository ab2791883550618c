import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../stack/package-root.js";

const folder = join(packageRoot, "test", "dashboards", "import", "exports");

/** Dashboards as Grafana exports them, in the shape of those that people share; written for these tests. */
export const exportedDashboards: readonly { file: string; path: string; text: string }[] = readdirSync(folder)
  .sort()
  .map((file) => ({ file, path: join(folder, file), text: readFileSync(join(folder, file), "utf8") }));
