import { tmpdir } from "node:os";
import { obsCommand } from "../../test/support/run-obs.js";
import { timed } from "./context.js";
import type { Figure } from "./figure.js";
import { spreadOf } from "./statistics.js";

/** How much of a wait `obs --help` is, compared with starting Node for nothing. Runs of the two take turns. */
export const helpStart: Figure = {
  id: "help",
  title: "obs --help, against node -e 0",
  unit: "ratio",
  must: { atMost: 3 },
  async measure({ runs }) {
    const folder = tmpdir();
    const help = () => timed(obsCommand, ["--help"], folder);
    const bare = () => timed(process.execPath, ["-e", "0"], folder);
    await help();
    await bare();
    const values: number[] = [];
    const bareTimes: number[] = [];
    for (let run = 0; run < runs * 4; run++) {
      const nothing = await bare();
      values.push((await help()) / nothing);
      bareTimes.push(nothing);
    }
    return { values, note: `node -e 0: ${spreadOf(bareTimes).median.toFixed(0)} ms` };
  },
};
