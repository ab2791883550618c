import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { ratio } from "./expressions.js";
import {
  above,
  dashboard,
  firingAlerts,
  type Row,
  row,
  type StatInput,
  stat,
  toDashboard,
} from "./lib/index.js";
import { limits } from "./limits.js";
import { reasons } from "./llm/calls.js";

/** What tells whether somebody should look at a page, by its uid; in the order in which people think of them. */
const signs: Readonly<Record<string, Omit<StatInput, "links">>> = {
  "llm-overview": {
    title: "Failed calls of models",
    description: "Share of calls that failed within five minutes.",
    whenRed: "Click: the overview says which model, since when, and has traces of it.",
    mayBeEmpty: reasons.noCalls,
    unit: "ratio",
    sparkline: true,
    thresholds: limits.failed,
    queries: [{ promql: ratio("sum(call:llm_errors:increase5m)", "sum(call:llm_requests:increase5m)") }],
  },
  "llm-cost": {
    title: "Cost of models in 24 hours",
    description: "All calls of models.",
    whenRed: "Click: by feature, team and model, and what is left of the budgets.",
    mayBeEmpty: reasons.noSums,
    unit: "usd",
    sparkline: true,
    queries: [{ promql: "sum(call:llm_cost:increase1d)" }],
  },
  "llm-providers": {
    title: "P95 latency of models",
    description: "95 of 100 calls are answered within this time.",
    whenRed: "Click: providers side by side, quota and fallbacks.",
    mayBeEmpty: reasons.noCalls,
    unit: "seconds",
    sparkline: true,
    thresholds: limits.callSeconds,
    queries: [
      {
        promql:
          "histogram_quantile(0.95, sum by (le) (rate(llm_request_duration_seconds_bucket[$__rate_interval])))",
      },
    ],
  },
  agents: {
    title: "Failed runs of agents",
    description: "Share of runs that failed within 15 minutes.",
    whenRed: "Click: which agent, and which tool.",
    mayBeEmpty: "no agent ran in this time.",
    unit: "ratio",
    sparkline: true,
    thresholds: limits.failedRuns,
    queries: [
      { promql: ratio("sum(increase(agent_errors_total[15m]))", "sum(increase(agent_requests_total[15m]))") },
    ],
  },
  services: {
    title: "Failed requests of services",
    description: "Share of requests that failed, of the service that fails most.",
    whenRed: "Click: which service, and from there its traces and logs.",
    mayBeEmpty: "no service answered requests in this time.",
    unit: "ratio",
    sparkline: true,
    thresholds: limits.failed,
    queries: [{ promql: "max(service:request_errors:rate5m / (service:requests:rate5m > 0))" }],
  },
  slo: {
    title: "Least error budget left",
    description: "Of the promise that is nearest to being broken.",
    whenRed: "Click: which promise, and whether its budget burns now.",
    mayBeEmpty: "nothing is promised yet, or nothing happened that promises are about.",
    unit: "ratio",
    sparkline: true,
    thresholds: limits.errorBudget,
    queries: [{ promql: "min(slo:period_error_budget_remaining:ratio)" }],
  },
  host: {
    title: "Least disk space of a host",
    description: "Share that is free of the fullest file system.",
    whenRed: "Click: which one, and how fast it fills.",
    unit: "ratio",
    sparkline: true,
    thresholds: limits.diskSpace,
    queries: [
      {
        promql:
          'min(node_filesystem_avail_bytes{fstype!~"tmpfs|ramfs|squashfs|erofs|iso9660|udf|fuse.+"} / node_filesystem_size_bytes)',
      },
    ],
  },
  "stack-health": {
    title: "Stack targets down",
    description: "Programs that don't answer Prometheus.",
    whenRed: "Click: whether telemetry is lost meanwhile. `obs status` says why.",
    unit: "count",
    thresholds: above({ critical: 1 }),
    queries: [{ promql: "sum(up == bool 0)" }],
  },
};

/** The page that everybody begins at: is something wrong, and where? It leads to those of the given dashboards it knows. */
export function home(dashboards: readonly Dashboard[]): Dashboard {
  const tiles = Object.entries(signs).flatMap(([uid, input]) => {
    const known = dashboards.find((each) => each.uid === uid);
    return known ? [stat({ ...input, links: [toDashboard(uid, `Open ${known.title}`)] })] : [];
  });
  return dashboard({
    uid: "home",
    title: "Home",
    description: "Is something wrong, and where? A click on a number leads to its page.",
    alerts: ".*",
    rows: [...inRows(tiles), row(10, firingAlerts(".*", { owner: true }))],
  });
}

/** At most four beside each other, so that the numbers can be read from afar. */
function inRows(tiles: readonly ReturnType<typeof stat>[]): Row[] {
  const lines = Math.ceil(tiles.length / 4);
  const rows: Row[] = [];
  for (let line = 0; line < lines; line++) {
    const from = Math.round((line * tiles.length) / lines);
    rows.push(row(5, ...tiles.slice(from, Math.round(((line + 1) * tiles.length) / lines))));
  }
  return rows;
}
