import { obsCommand } from "../../test/support/run-obs.js";
import { timed } from "./context.js";
import type { Figure } from "./figure.js";

/** `obs verify` right after the `obs up` of a stack without any data. */
export const verify: Figure = {
  id: "verify",
  title: "obs verify, from there",
  unit: "ms",
  must: { atMost: 15_000 },
  async measure({ runs, running }) {
    const stack = await running();
    const values: number[] = [];
    for (let run = 0; run < runs; run++) {
      await stack.ok(["down", "--volumes"]);
      await stack.ok(["up", "--runtime", "native"]);
      values.push(await timed(obsCommand, ["verify"], stack.folder));
    }
    return { values };
  },
};
