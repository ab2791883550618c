/**
 * START HERE. The dashboards that come with obs, by what they are about, and the library they are made of (`lib/`), for
 * yours: `dashboards: withHome(...llmDashboards(), ...hostDashboards(), myDashboard)`.
 * This file is what users import as "obs-stack/dashboards".
 */
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { home } from "./home.js";
import { host } from "./host.js";
import { agents } from "./llm/agents.js";
import { llmCost } from "./llm/cost.js";
import { llmOverview } from "./llm/overview.js";
import { llmProviders } from "./llm/providers.js";
import { serviceDetail } from "./services/detail.js";
import { services } from "./services/services.js";
import { sloBudgets } from "./slo.js";
import { stackHealth } from "./stack.js";

export * from "./lib/index.js";

/** Calls of models, their cost and providers, and agents. They ask for the records of `llmPack()`. */
export const llmDashboards = (): Dashboard[] => [llmOverview(), llmCost(), llmProviders(), agents()];

/** All services, and one of them with its traces and logs. They ask for the records of `servicePack()`. */
export const serviceDashboards = (): Dashboard[] => [services(), serviceDetail()];

/** Error budgets; asks for the records of `slo()`, `llmSlos()` or `serviceSlos()`. */
export const sloDashboards = (): Dashboard[] => [sloBudgets()];

/** The machine. */
export const hostDashboards = (): Dashboard[] => [host()];

/** The stack itself. */
export const stackDashboards = (): Dashboard[] => [stackHealth()];

/** A home page that leads to some dashboards, before these: Grafana opens the first. */
export const withHome = (...dashboards: readonly Dashboard[]): Dashboard[] => [
  home(dashboards),
  ...dashboards,
];

/** Every dashboard that comes with obs, the home page first. */
export const allDashboards = (): Dashboard[] =>
  withHome(
    ...llmDashboards(),
    ...serviceDashboards(),
    ...sloDashboards(),
    ...hostDashboards(),
    ...stackDashboards(),
  );
