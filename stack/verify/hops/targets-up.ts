import { parseDuration } from "../../duration.js";
import { services } from "../../services/index.js";
import type { ServiceName } from "../../services/service.js";
import { askJson } from "../ask.js";
import { seek, urlOf, type VerifyContext } from "../context.js";
import { HopFailure } from "../failure.js";
import { type HopResult, lastWords } from "../run-hop.js";

interface Targets {
  data: {
    activeTargets: { labels: { job: string }; health: "up" | "down" | "unknown"; lastError: string }[];
  };
}

/** Prometheus scrapes every program of the stack that has metrics. */
export async function targetsUp(context: VerifyContext): Promise<HopResult<true>> {
  const scraped = context.rendered.plans.map(({ name }) => name).filter((name) => services[name].metrics);
  const missing = new Map<ServiceName, string>();
  const { found, lastError } = await seek(context, async (signal) => {
    const answer = await askJson<Targets>(
      urlOf(context, "prometheus", "/api/v1/targets?state=active"),
      signal,
    );
    missing.clear();
    for (const service of scraped) {
      const target = answer?.data.activeTargets.find(({ labels }) => labels.job === service);
      if (!target) missing.set(service, "is no target");
      else if (target.health === "down") missing.set(service, `is down: ${target.lastError}`);
      else if (target.health === "unknown") missing.set(service, notYet);
    }
    return missing.size === 0 || undefined;
  });
  if (found) return { value: true, detail: `${scraped.length} targets` };
  const late = [...missing].filter(([, why]) => why === notYet).map(([service]) => service);
  const { scrapeInterval } = context.stack.metrics;
  // With a long interval a target's first turn may not have come: that is no failure, but it is said.
  if (
    late.length === missing.size &&
    (parseDuration(scrapeInterval) ?? 0) > context.limitMs &&
    missing.size > 0
  )
    return { value: true, detail: `not yet due (every ${scrapeInterval}): ${late.join(", ")}` };
  throw new HopFailure({
    what:
      missing.size === 0
        ? "Prometheus does not tell what it scrapes."
        : `Prometheus does not scrape ${[...missing.keys()].join(", ")}.`,
    why:
      lastWords("prometheus", lastError) ??
      `${[...missing].map(([service, why]) => `${service} ${why}`).join("; ")}.`,
    next: `Look at \`obs status\` and \`obs logs ${[...missing.keys()].join(" ") || "prometheus"}\`.`,
    suspects: ["prometheus", ...missing.keys()],
  });
}

const notYet = "has not been scraped yet";
