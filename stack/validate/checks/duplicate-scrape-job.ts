import { atKey, type Check } from "../check.js";
import type { Problem } from "../problem.js";

/** Two scrape jobs of one name, or one named like a program of the stack: Prometheus would refuse its configuration. */
export const duplicateScrapeJob: Check = {
  id: "duplicate-scrape-job",
  run(context) {
    const { scrapeJobs } = context.input.stack;
    const own = new Set<string>(context.rendered.plans.map(({ name }) => name));
    return scrapeJobs.flatMap(({ job }, at): Problem[] => {
      const first = scrapeJobs.findIndex((other) => other.job === job);
      if (first === at && !own.has(job)) return [];
      return [
        {
          id: "duplicate-scrape-job",
          severity: "error",
          what: own.has(job)
            ? `The scrape job "${job}" has the name of a program of the stack, which is scraped already.`
            : `There are two scrape jobs "${job}": scrapeJobs[${first}] and scrapeJobs[${at}].`,
          next: "Give it another name.",
          place: atKey(context, `scrapeJobs[${at}].job`),
        },
      ];
    });
  },
};
