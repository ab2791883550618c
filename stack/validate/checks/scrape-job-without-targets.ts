import { atKey, type Check } from "../check.js";
import type { Problem } from "../problem.js";

/** A scrape job that names no way to find targets collects nothing. */
export const scrapeJobWithoutTargets: Check = {
  id: "scrape-job-without-targets",
  run: (context) =>
    context.input.stack.scrapeJobs.flatMap((job, at): Problem[] =>
      (job.static ?? job.files ?? job.dns ?? job.docker)
        ? []
        : [
            {
              id: "scrape-job-without-targets",
              severity: "error",
              what: `The scrape job "${job.job}" has no targets.`,
              next: 'Give it static, files, dns or docker; for example static: ["localhost:8080"].',
              place: atKey(context, `scrapeJobs[${at}]`),
            },
          ],
    ),
};
