import type { RenderInput } from "../render/render.js";
import { services } from "../services/index.js";
import { serviceNames } from "../services/names.js";
import type { Catalog } from "./catalog.js";

/** Which series there are in one stack: what queries are held against. */
export interface SeriesWorld {
  catalog: Catalog;
  /** Jobs of the stack's own programs, whether part of this stack or not. */
  ownJobs: ReadonlySet<string>;
  /** Own programs that are not part of this stack. */
  absent: ReadonlySet<string>;
  /** Every scrape job of this stack: the values of `job` that `up` and the like have. */
  scrapeJobs: ReadonlySet<string>;
  /** Jobs of the user's that nothing is recorded of: what they expose can't be known. */
  unrecordedJobs: readonly string[];
}

/** The world of a definition on its way to a runtime. */
export function seriesWorld(
  { stack, facts }: Pick<RenderInput, "stack" | "facts">,
  catalog: Catalog,
): SeriesWorld {
  const absent = new Set<string>(serviceNames.filter((name) => !services[name].wanted(stack, facts)));
  const users = userJobs(stack);
  return {
    catalog,
    ownJobs: new Set<string>(serviceNames),
    absent,
    scrapeJobs: new Set([...serviceNames.filter((name) => !absent.has(name)), ...users]),
    unrecordedJobs: users.filter((job) => !catalog.hasJob(job)),
  };
}

/** The user's scrape jobs; those that an override of Prometheus' configuration brings, too. */
function userJobs({ scrapeJobs, overrides }: RenderInput["stack"]): string[] {
  const raw = overrides.prometheus?.scrape_configs;
  const added = Array.isArray(raw)
    ? raw.flatMap((each: { job_name?: unknown } | null) =>
        typeof each?.job_name === "string" ? [each.job_name] : [],
      )
    : [];
  const own = new Set<string>(serviceNames);
  return [...new Set([...scrapeJobs.map(({ job }) => job), ...added])].filter((job) => !own.has(job));
}
