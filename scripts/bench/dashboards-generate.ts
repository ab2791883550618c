import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { packageRoot } from "../../stack/package-root.js";
import type { Figure } from "./figure.js";

/** Loading the library and building every dashboard to its JSON, in a process that has done nothing before. */
export const dashboardsGenerate: Figure = {
  id: "dashboards-generate",
  title: "all dashboards: loading the library, building, JSON",
  unit: "ms",
  must: { atMost: 150 },
  async measure({ runs }) {
    const library = pathToFileURL(join(packageRoot, "dist", "dashboards", "index.js")).href;
    const program = [
      "const begun = performance.now();",
      `const { allDashboards } = await import(${JSON.stringify(library)});`,
      "const json = JSON.stringify(allDashboards());",
      "console.log(JSON.stringify({ took: performance.now() - begun, size: json.length }));",
    ].join("\n");
    const values: number[] = [];
    let note = "";
    for (let run = 0; run < runs * 2; run++) {
      const { stdout } = await execa(process.execPath, ["--input-type=module", "-e", program]);
      const { took, size } = JSON.parse(stdout) as { took: number; size: number };
      values.push(took);
      note = `${Math.round(size / 1024)} KiB of JSON`;
    }
    return { values, note };
  },
};
