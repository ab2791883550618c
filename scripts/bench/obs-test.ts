import { packageRoot } from "../../stack/package-root.js";
import { obsCommand } from "../../test/support/run-obs.js";
import { timed } from "./context.js";
import type { Figure } from "./figure.js";

/** How long all cases of all packs take, as a whole process. */
export const obsTest: Figure = {
  id: "obs-test",
  title: "obs test of the reference stack",
  unit: "ms",
  must: { atMost: 10_000 },
  async measure({ runs }) {
    const values: number[] = [];
    for (let run = 0; run < runs; run++) values.push(await timed(obsCommand, ["test"], packageRoot));
    return { values };
  },
};
