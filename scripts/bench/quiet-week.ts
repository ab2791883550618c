import { loadWorld } from "../../stack/catalog/load-world.js";
import { simulateQuietWeek } from "../noise/simulate.js";
import type { Figure } from "./figure.js";
import { referenceStack } from "./reference-stack.js";

/** How many alerts wake somebody in a week in which nothing is wrong. */
export const quietWeek: Figure = {
  id: "quiet-week",
  title: "pages in a simulated quiet week",
  unit: "count",
  must: { atMost: 0 },
  async measure({ say }) {
    const { context, project } = await referenceStack();
    const { world } = await loadWorld(project, context.stack);
    const { alerts, noise, errors } = await simulateQuietWeek(
      { packs: context.stack.alerting.packs, context, catalog: world.catalog },
      { signal: AbortSignal.timeout(20 * 60_000) },
    );
    if (alerts === 0) return { values: [0], fault: "the reference stack has no typed alerts" };
    for (const { severity, alert, labels, minutes } of noise)
      say(`${severity}: ${alert}${labels} for ${minutes} min`);
    for (const error of errors) say(`not simulated: ${error}`);
    const pages = noise.filter(({ severity }) => severity === "critical").length;
    return {
      values: [pages],
      note: `${alerts} alerts; ${noise.length - pages} fired that don't page`,
      ...(errors.length > 0 && { fault: "not all could be simulated" }),
    };
  },
};
