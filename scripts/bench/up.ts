import { obsCommand } from "../../test/support/run-obs.js";
import { timed } from "./context.js";
import type { Figure } from "./figure.js";

/** `obs up` of a stack without any data, programs cached, until all is ready. */
export const up: Figure = {
  id: "up",
  title: "obs up, native, cached, to all ready",
  unit: "ms",
  must: { atMost: 6_000 },
  async measure({ runs, running }) {
    const stack = await running();
    const values: number[] = [];
    for (let run = 0; run < runs; run++) {
      await stack.ok(["down", "--volumes"]);
      values.push(await timed(obsCommand, ["up", "--runtime", "native"], stack.folder));
    }
    return { values };
  },
};
