import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../stack/package-root.js";
import { obsCommand } from "../../test/support/run-obs.js";
import { timed } from "./context.js";
import type { Figure } from "./figure.js";

/** `obs generate` and `obs validate` of a copy of the reference stack, the upstream programs' own checkers included. */
export const generateValidate: Figure = {
  id: "validate",
  title: "generate + validate, real checkers",
  unit: "ms",
  must: { atMost: 2_000 },
  async measure({ runs }) {
    const folder = await mkdtemp(join(tmpdir(), "obs-bench-"));
    try {
      for (const name of ["obs.config.ts", "alerts", "dashboards", "package.json"])
        await cp(join(packageRoot, name), join(folder, name), { recursive: true });
      await symlink(join(packageRoot, "node_modules"), join(folder, "node_modules"));
      const both = async () =>
        (await timed(obsCommand, ["generate"], folder)) + (await timed(obsCommand, ["validate"], folder));
      // The first may have to build checkers.
      await both();
      const values: number[] = [];
      for (let run = 0; run < runs; run++) values.push(await both());
      return { values };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
