import { parseDuration } from "../../duration.js";
import { atKey, type Check } from "../check.js";
import type { Problem } from "../problem.js";

/** Prometheus refuses a scrape job whose timeout is longer than its interval. */
export const scrapeTimeout: Check = {
  id: "scrape-timeout",
  run(context) {
    const { scrapeJobs, metrics } = context.input.stack;
    return scrapeJobs.flatMap((job, at): Problem[] => {
      // Where only the interval is given, Prometheus shortens its default by itself.
      if (job.timeout === undefined) return [];
      const interval = job.interval ?? metrics.scrapeInterval;
      if (parseDuration(job.timeout)! <= parseDuration(interval)!) return [];
      return [
        {
          id: "scrape-timeout",
          severity: "error",
          what: `The scrape job "${job.job}" waits ${job.timeout} for an answer, but asks every ${interval}.`,
          next: "Make the timeout at most as long as the interval.",
          place: atKey(context, `scrapeJobs[${at}].timeout`),
        },
      ];
    });
  },
};
