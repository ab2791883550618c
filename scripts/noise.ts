// Runs the alerts of the reference stack over a simulated quiet week. Whatever fires is noise: what pages fails, the rest
// is listed. A job of its own, because it takes longer than `obs test`.
import { loadWorld } from "../stack/catalog/load-world.js";
import { referenceStack } from "./bench/reference-stack.js";
import { simulateQuietWeek } from "./noise/simulate.js";

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupt.abort(signal));
/** Twenty times what it took when it was written. */
const longestMs = 20 * 60_000;

const { context, project } = await referenceStack(process.argv[2]);
const { world } = await loadWorld(project, context.stack);
const begun = performance.now();
try {
  const week = await simulateQuietWeek(
    { packs: context.stack.alerting.packs, context, catalog: world.catalog },
    {
      signal: AbortSignal.any([interrupt.signal, AbortSignal.timeout(longestMs)]),
      onDone: (done, of) => {
        if (process.stderr.isTTY)
          process.stderr.write(`\r\u001b[2K${done === of ? "" : `${done} of ${of} parts`}`);
      },
    },
  );
  const pages = week.noise.filter(({ severity }) => severity === "critical");
  for (const { pack, alert, severity, labels, minutes, days } of week.noise)
    console.log(
      `${severity}  ${pack} ${alert}${labels}: ${minutes} min${days.length > 0 ? `, days ${days.join(", ")}` : ""}`,
    );
  for (const error of week.errors) console.log(`not simulated: ${error}`);
  if (week.undescribed.length > 0) console.log(`Guessed: ${week.undescribed.join(", ")}`);
  if (week.missing.length > 0) console.log(`No series: ${week.missing.join(", ")}`);
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  console.log(`${week.alerts} alerts over a quiet week in ${seconds} s: ${pages.length} pages.`);
  process.exitCode = pages.length > 0 || week.errors.length > 0 ? 1 : 0;
} catch (error) {
  if (interrupt.signal.aborted) process.exitCode = 130;
  else throw error;
}
