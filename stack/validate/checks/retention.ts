import { parseDuration } from "../../duration.js";
import type { Analysis } from "../../promql/index.js";
import { atKey, type Check, type CheckContext } from "../check.js";
import { inQuery } from "../dashboards/finding.js";
import { dashboardWorld } from "../dashboards/world.js";
import type { Problem } from "../problem.js";
import { mappingAt } from "../yaml-values.js";

const id = "retention";

/** What is kept can be asked for, what is taken in is kept, and what is to go, goes. */
export const retention: Check = {
  id,
  run: async (context) => [
    ...twoRetentions(context),
    ...ofMetrics(context),
    ...ofLogs(context),
    ...ofQueues(context),
    ...(await ofDashboards(context)),
  ],
};

/** Prometheus' configuration may say, too, how long it keeps metrics. */
function twoRetentions(context: CheckContext): Problem[] {
  const { metrics, overrides } = context.input.stack;
  const { time } = mappingAt(overrides.prometheus, ["storage", "tsdb", "retention"]);
  if (time === undefined || milliseconds(time) === parseDuration(metrics.retention)) return [];
  return [
    {
      id,
      severity: "warning",
      what: `Metrics are kept for ${metrics.retention} by metrics.retention, and for ${String(time)} by the override.`,
      why: "Prometheus goes by one of them, and obs by the other.",
      next: "Take the override out, and say it in metrics.retention.",
      place: atKey(context, "overrides.prometheus.storage.tsdb.retention.time"),
    },
  ];
}

/** Of rules the check promql-time says the same. */
async function ofDashboards(context: CheckContext): Promise<Problem[]> {
  const { dashboards } = await dashboardWorld(context);
  return dashboards.flatMap(({ queries }) =>
    queries.flatMap((read) =>
      tooFarBack(context, read.analysis).map(({ from, id, ...fault }) =>
        inQuery(context, id, read, { ...fault, at: from }),
      ),
    ),
  );
}

type Finding = Pick<Problem, "id" | "severity" | "what" | "why" | "next"> & { from: number };

/** Ranges, with the offset in front of them, that begin before the oldest sample. */
function tooFarBack(context: CheckContext, { ranges, subqueries }: Analysis): Finding[] {
  const { retention: kept } = context.input.stack.metrics;
  return [...ranges, ...subqueries].flatMap(({ range, offset, rangeFrom }) => {
    const back = range + (offset?.ms ?? 0);
    if (!(back > parseDuration(kept)!)) return [];
    return [
      {
        id,
        severity: "warning",
        what: `This looks ${shownDuration(back)} back, and metrics are kept for ${kept}.`,
        why: "It sees only what is still there, and takes that for the whole time.",
        next: "Look less far back, or keep metrics longer: metrics.retention.",
        from: rangeFrom,
      },
    ];
  });
}

/** In the largest unit that goes into it. */
function shownDuration(milliseconds: number): string {
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
  ] as const;
  const [unit, length] = units.find(([, each]) => milliseconds % each === 0) ?? ["s", 1000];
  return `${milliseconds / length}${unit}`;
}

/** Milliseconds; undefined for what isn't a duration, or zero: no limit. */
function milliseconds(value: unknown): number | undefined {
  const text = typeof value === "number" ? `${value}ms` : String(value ?? "");
  // Go's `168h0m0s` has parts that are zero.
  return parseDuration(text) || parseDuration(text.replaceAll(/(?<!\d)0[a-z]+/g, "")) || undefined;
}

function ofMetrics(context: CheckContext): Problem[] {
  const { metrics, overrides } = context.input.stack;
  const window = mappingAt(context.read("prometheus/prometheus.yml"), [
    "storage",
    "tsdb",
  ]).out_of_order_time_window;
  if ((milliseconds(window) ?? 0) <= parseDuration(metrics.retention)!) return [];
  const raw = mappingAt(overrides.prometheus, ["storage", "tsdb"]);
  const own = "out_of_order_time_window" in raw;
  return [
    {
      id,
      severity: "warning",
      what: `Samples may come ${String(window)} late, and are kept for ${metrics.retention}.`,
      why: "What comes later than that is stored, and deleted at once.",
      next: "Keep metrics longer than samples may be late.",
      place: atKey(
        context,
        own ? "overrides.prometheus.storage.tsdb.out_of_order_time_window" : "metrics.outOfOrder",
      ),
    },
  ];
}

function ofLogs(context: CheckContext): Problem[] {
  const config = mappingAt(context.read("loki/loki.yml"), []);
  const limits = mappingAt(config, ["limits_config"]);
  const kept = milliseconds(limits.retention_period);
  const problems: Problem[] = [];
  const finding = (what: string, why: string, next: string, ...keys: string[]) => {
    problems.push({
      id,
      severity: "warning",
      what,
      why,
      next,
      place: atKey(context, ["overrides", "loki", ...keys].join(".")),
    });
  };
  if (mappingAt(config, ["compactor"]).retention_enabled !== true) {
    finding(
      "Loki keeps logs for ever.",
      "Without compactor.retention_enabled it deletes nothing, whatever logs.retention says; the disk fills.",
      "Take the override out.",
      "compactor",
      "retention_enabled",
    );
  }
  // As the user wrote it: what was rendered from the definition has Go's form.
  const raw = mappingAt(context.input.stack.overrides.loki, ["limits_config"]).retention_period;
  const shown = String(raw ?? context.input.stack.logs.retention);
  const lookback = milliseconds(limits.max_query_lookback);
  if (kept !== undefined && lookback !== undefined && lookback < kept) {
    finding(
      `Logs are kept for ${shown}, and can be asked for ${String(limits.max_query_lookback)} back.`,
      "What is older takes up disk, and nobody can see it.",
      "Make max_query_lookback as long as logs.retention, or leave it out.",
      "limits_config",
      "max_query_lookback",
    );
  }
  const accepted = milliseconds(limits.reject_old_samples_max_age);
  if (kept !== undefined && accepted !== undefined && accepted > kept) {
    finding(
      `Loki takes logs that are ${String(limits.reject_old_samples_max_age)} old, and keeps them for ${shown}.`,
      "What is older than that is stored, and deleted at its next round.",
      "Make reject_old_samples_max_age at most as long as logs.retention.",
      "limits_config",
      "reject_old_samples_max_age",
    );
  }
  return problems;
}

/** A queue that gives data up later than its store takes it keeps it in vain. */
function ofQueues(context: CheckContext): Problem[] {
  const { collector, logs, traces, metrics } = context.input.stack;
  const retry = parseDuration(collector.queue.retryFor)!;
  return (
    [
      ["logs", logs.retention],
      ["traces", traces.retention],
      ["metrics", metrics.retention],
    ] as const
  ).flatMap(([signal, keep]): Problem[] =>
    retry <= parseDuration(keep)!
      ? []
      : [
          {
            id,
            severity: "warning",
            what: `The collector tries to deliver ${signal} for ${collector.queue.retryFor}, and they are kept for ${keep}.`,
            why: "What arrives later than that is refused, or deleted at once.",
            next: `Make collector.queue.retryFor at most as long as ${signal}.retention.`,
            place: atKey(context, `${signal}.retention`),
          },
        ],
  );
}
