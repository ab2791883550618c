import { type AlertCase, alert, type RuleGroupInput } from "obs-stack";
import { by, counted, counterCases, gone, program } from "./counted.js";

const { matchers: own, labels } = program("prometheus");
const group = `${own}, rule_group="/etc/obs/rules/shop.yml;shop"`;

/** Ways in which samples are refused, by what people can do about them. */
const refused = {
  "older than what is still taken": "prometheus_tsdb_too_old_samples_total",
  "out of order": "prometheus_tsdb_out_of_order_samples_total",
  "out of bounds": "prometheus_tsdb_out_of_bound_samples_total",
  duplicates: "prometheus_target_scrapes_sample_duplicate_timestamp_total",
};

/** What goes wrong when the disk does. */
const storage = {
  "corrupt write-ahead log": "prometheus_tsdb_wal_corruptions_total",
  "writes to the write-ahead log": "prometheus_tsdb_wal_writes_failed_total",
  compaction: "prometheus_tsdb_compactions_failed_total",
  checkpoints: "prometheus_tsdb_checkpoint_creations_failed_total",
  "reloads of blocks": "prometheus_tsdb_reloads_failures_total",
};

const labelled = (metrics: Record<string, string>, label: string, of: (metric: string) => string) =>
  Object.entries(metrics)
    .map(([value, metric]) => `label_replace(${of(metric)}, "${label}", "${value}", "", "")`)
    .join("\nor\n");

export function prometheusAlerts(): RuleGroupInput["rules"] {
  return [
    alert("StackRuleFailing", {
      expr: `sum by (rule_group, ${by}) (increase(prometheus_rule_evaluation_failures_total[5m])) > 0`,
      for: "6m",
      severity: "critical",
      summary: "Rules of {{ $labels.rule_group }} can't be evaluated",
      description:
        "Alerts of that group don't fire, whatever happens. The rules page of Prometheus has the error; often two series match where one should: `obs validate-rules`.",
      cases: [
        {
          kind: "fires",
          name: "every evaluation of one group of two",
          series: {
            [`prometheus_rule_evaluation_failures_total{${group}}`]: "0+6x20",
            [`prometheus_rule_evaluation_failures_total{${own}, rule_group="fine"}`]: "5x30",
          },
          firing: { "20m": [{ ...labels, rule_group: "/etc/obs/rules/shop.yml;shop" }] },
        },
        ...counterCases(
          [
            {
              series: `prometheus_rule_evaluation_failures_total{${group}}`,
              firing: { ...labels, rule_group: "/etc/obs/rules/shop.yml;shop", severity: "critical" },
            },
          ],
          { window: 5, for: 6 },
        ),
      ],
    }),
    alert("StackRulesSlow", {
      expr: `
prometheus_rule_group_last_duration_seconds / prometheus_rule_group_interval_seconds > 0.8
or increase(prometheus_rule_group_iterations_missed_total[5m]) > 0`,
      for: "6m",
      severity: "warning",
      summary: "Evaluating {{ $labels.rule_group }} takes nearly as long as its interval, or longer",
      description:
        "Its alerts come late, or not at all when evaluations are left out. Find the slow rule on the rules page of Prometheus: record what it computes, or give the group a longer interval.",
      cases: [
        {
          kind: "fires",
          name: "just more than four fifths of the interval, for six minutes",
          series: slow("1x2 8.1x20"),
          firing: {
            "8m": false,
            "9m": [{ rule_group: "/etc/obs/rules/shop.yml;shop", severity: "warning" }],
          },
        },
        {
          kind: "fires",
          name: "evaluations are left out",
          series: { ...slow("1x30"), [`prometheus_rule_group_iterations_missed_total{${group}}`]: "0+2x30" },
          firing: { "20m": true },
        },
        {
          kind: "quiet",
          name: "just less than four fifths, and one that was left out",
          series: {
            ...slow("7.9x30"),
            [`prometheus_rule_group_iterations_missed_total{${group}}`]: "1x5 2x20",
          },
          firing: { "9m": false, "11m": false, "12m": false, "20m": false },
        },
        {
          kind: "resolves",
          name: "it is quick again",
          series: slow("9x10 1x10"),
          firing: { "10m": true, "12m": false },
        },
        {
          kind: "no data",
          name: "the group has been taken out",
          series: slow("9x10 stale"),
          firing: { "10m": true, "12m": false },
        },
      ],
    }),
    alert("StackConfigReloadFailed", {
      expr: "prometheus_config_last_reload_successful == 0 or alertmanager_config_last_reload_successful == 0",
      for: "2m",
      severity: "warning",
      summary: "{{ $labels.job }} has refused its new configuration and goes on with the old one",
      description:
        "Rules, targets or routes that were changed don't count yet, and after a restart it won't start. `obs validate` and `obs logs {{ $labels.job }}` say why.",
      cases: [
        {
          kind: "fires",
          name: "Prometheus, for two minutes",
          series: reloaded("prometheus", "1x2 0x20"),
          firing: { "4m": false, "5m": [{ job: "prometheus", severity: "warning" }] },
        },
        {
          kind: "fires",
          name: "Alertmanager, while Prometheus is fine",
          series: { ...reloaded("alertmanager", "0x20"), ...reloaded("prometheus", "1x20") },
          firing: { "5m": [{ job: "alertmanager" }] },
        },
        {
          kind: "quiet",
          name: "both took theirs; one at the second try",
          series: { ...reloaded("alertmanager", "1x20"), ...reloaded("prometheus", "0x1 1x20") },
          firing: { "2m": false, "5m": false },
        },
        {
          kind: "resolves",
          name: "it has been mended",
          series: reloaded("prometheus", "0x5 1x5"),
          firing: { "5m": true, "6m": false },
        },
        {
          kind: "no data",
          name: gone,
          series: reloaded("prometheus", "0x5 stale"),
          firing: { "5m": true, "7m": false },
        },
      ],
    }),
    alert("StackSamplesRejected", {
      expr: labelled(refused, "why", (metric) => `sum by (${by}) (rate(${metric}[5m])) > 0`),
      for: "10m",
      severity: "warning",
      summary: "Prometheus refuses samples: {{ $labels.why }}",
      description:
        "{{ $value | humanize }} a second, for ten minutes. Two senders write the same series (replicas without `service.instance.id`), or a clock is wrong. `obs logs prometheus` names targets.",
      cases: counterCases(
        Object.entries(refused).map(([why, metric]) => ({
          series: `${metric}{${own}}`,
          firing: { ...labels, why, severity: "warning" },
        })),
        { window: 5, for: 10 },
      ),
    }),
    alert("StackStorageFailing", {
      expr: labelled(storage, "what", (metric) => `sum by (${by}) (${counted(metric, "15m")}) > 0`),
      severity: "critical",
      summary: "Prometheus can't store metrics as it should: {{ $labels.what }}",
      description:
        "A full or failing disk is the usual cause, and data is at stake. `df -h`, `dmesg | tail`, then `obs logs prometheus`.",
      cases: counterCases(
        Object.entries(storage).map(([what, metric]) => ({
          series: `${metric}{${own}}`,
          firing: { ...labels, what, severity: "critical" },
        })),
        { window: 15, for: 0, first: true },
      ),
    }),
    alert("StackHistoryShort", {
      // What a full retention would take, at the rate since the oldest sample; the first day tells too little.
      expr: `
prometheus_tsdb_storage_blocks_bytes
  / (time() - prometheus_tsdb_lowest_timestamp_seconds) * prometheus_tsdb_retention_limit_seconds
  > prometheus_tsdb_retention_limit_bytes
and prometheus_tsdb_retention_limit_bytes > 0
and time() - prometheus_tsdb_lowest_timestamp_seconds > 86400`,
      for: "1h",
      severity: "warning",
      summary: "Metrics won't be kept as long as they should: that would take {{ $value | humanize1024 }}B",
      description:
        "At `metrics.retentionSize` the oldest are deleted, before `metrics.retention` is over. Raise the size if the disk allows, or send fewer series: the status page of Prometheus shows which there are most of.",
      cases: historyCases(),
    }),
    alert("StackClockSkew", {
      expr: "prometheus_tsdb_head_max_time_seconds - time() > 60",
      for: "5m",
      severity: "warning",
      cause: "clock",
      summary: "Somebody sends samples from the future: {{ $value | humanizeDuration }} ahead",
      description:
        "The clock of a sender is wrong, or this machine's. Panels that end now don't show its data, and alerts see it late. Compare `date` here and there; HostClockSkew tells of this machine.",
      cases: [
        {
          kind: "fires",
          name: "just more than a minute, for five minutes",
          series: { [`prometheus_tsdb_head_max_time_seconds{${own}}`]: "0+60x1 181+60x20" },
          firing: { "6m": false, "7m": [{ severity: "warning" }] },
        },
        {
          kind: "quiet",
          name: "just less than a minute",
          series: { [`prometheus_tsdb_head_max_time_seconds{${own}}`]: "59+60x20" },
          firing: { "15m": false },
        },
        {
          kind: "resolves",
          name: "the clock has been set right",
          series: { [`prometheus_tsdb_head_max_time_seconds{${own}}`]: "300+60x10 660+60x10" },
          firing: { "10m": true, "12m": false },
        },
        {
          kind: "no data",
          name: gone,
          series: { [`prometheus_tsdb_head_max_time_seconds{${own}}`]: "300+60x10 stale" },
          firing: { "10m": true, "12m": false },
        },
      ],
    }),
  ];
}

function slow(seconds: string): Record<string, string> {
  return {
    [`prometheus_rule_group_last_duration_seconds{${group}}`]: seconds,
    [`prometheus_rule_group_interval_seconds{${group}}`]: "10x60",
  };
}

function reloaded(job: "prometheus" | "alertmanager", values: string): Record<string, string> {
  return { [`${job}_config_last_reload_successful{job="${job}", instance="${job}:1"}`]: values };
}

/** Blocks; by default ten days may be kept, in 100 bytes, and the oldest sample came after two hours. */
function history(blocks: string, limit = "100x500"): Record<string, string> {
  return {
    [`prometheus_tsdb_storage_blocks_bytes{${own}}`]: blocks,
    [`prometheus_tsdb_lowest_timestamp_seconds{${own}}`]: "7200x500",
    [`prometheus_tsdb_retention_limit_seconds{${own}}`]: "864000x500",
    [`prometheus_tsdb_retention_limit_bytes{${own}}`]: limit,
  };
}

/** So many bytes a day, in steps of ten minutes from two hours on. */
function growing(aDay: number, steps = "300"): string {
  return `0x11 0+${aDay / 144}x${steps}`;
}

/** In steps of ten minutes. */
function historyCases(): AlertCase[] {
  const interval = "10m";
  return [
    {
      kind: "fires",
      name: "at this rate ten days take just more than there may be; after a day and an hour",
      series: history(growing(10.1)),
      interval,
      firing: { "26h50m": false, "27h20m": [{ severity: "warning" }], "40h": true },
    },
    {
      kind: "quiet",
      name: "just as much as there may be",
      series: history(growing(9.9)),
      interval,
      firing: { "30h": false, "48h": false },
    },
    {
      kind: "quiet",
      name: "no limit of size is set",
      series: history(growing(50), "0x300"),
      interval,
      firing: { "30h": false },
    },
    {
      kind: "resolves",
      name: "it may take more",
      series: history(growing(15), "100x180 1000x120"),
      interval,
      firing: { "29h": true, "31h": false },
    },
    {
      kind: "no data",
      name: gone,
      series: history(growing(15, "180 stale")),
      interval,
      firing: { "29h": true, "33h": false },
    },
  ];
}
