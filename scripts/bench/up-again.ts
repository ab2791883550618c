import { obsCommand } from "../../test/support/run-obs.js";
import { timed } from "./context.js";
import type { Figure } from "./figure.js";

/** `obs up` of a running stack of which nothing changed. */
export const upAgain: Figure = {
  id: "up-again",
  title: "obs up again, nothing changed",
  unit: "ms",
  must: { atMost: 1_500 },
  async measure({ runs, running }) {
    const stack = await running();
    const values: number[] = [];
    for (let run = 0; run < runs; run++)
      values.push(await timed(obsCommand, ["up", "--runtime", "native"], stack.folder));
    return { values };
  },
};
