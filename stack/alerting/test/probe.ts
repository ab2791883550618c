import type { Labels, Series } from "../define-rules.js";

/**
 * A situation to be simulated, and what is to be read off it. promtool itself can only compare, and compares everything;
 * so a probe expects what can't be, and promtool's complaint says what there was (see observe.ts).
 */
export interface Probe {
  /** Lower-case letters, digits, dashes: names the file and the test. */
  id: string;
  /** Rule file of Prometheus, YAML. */
  rules: string;
  /** Names of its groups in the order of evaluation. */
  groups: readonly string[];
  series: Series;
  /** Milliseconds between values. */
  interval: number;
  /** Milliseconds between evaluations. Default: as between values. */
  evaluation?: number;
  /** When it begins. Default: 1970. */
  start?: Date;
  /** Which alerts are asked for when, milliseconds from the start. */
  alerts: readonly { name: string; at: number }[];
  /** Which queries are asked when. */
  samples: readonly { expr: string; at: number }[];
}

/** An alert that fires. */
export interface Fired {
  /** Without `alertname`. */
  labels: Labels;
  annotations: Labels;
}

export interface Sample {
  /** Without the metric's name. */
  labels: Labels;
  value: number;
}

/** What promtool saw in one situation. */
export interface Observed {
  /** Why it could not be simulated, in promtool's words; then the lists below may lack what was asked. */
  errors: string[];
  alerts: { name: string; at: number; fired: Fired[] }[];
  samples: { expr: string; at: number; samples: Sample[] }[];
}

/** A label that no alert and no series has. */
const nobody = "obs_probe";

/** A probe as a test file for `promtool test rules`; JSON, which is YAML. `ruleFile`: where its rules are. */
export function testFile(probe: Probe, ruleFile: string): string {
  const { id, groups, series, alerts, samples } = probe;
  const interval = `${probe.interval}ms`;
  return JSON.stringify({
    rule_files: [ruleFile],
    evaluation_interval: `${probe.evaluation ?? probe.interval}ms`,
    group_eval_order: groups,
    tests: [
      {
        name: id,
        interval,
        ...(probe.start && { start_timestamp: probe.start.toISOString() }),
        input_series: Object.entries(series).map(([selector, values]) => ({ series: selector, values })),
        alert_rule_test: alerts.map(({ name, at }) => ({
          eval_time: `${at}ms`,
          alertname: name,
          exp_alerts: [{ exp_labels: { [nobody]: "1" } }],
        })),
        promql_expr_test: samples.map(({ expr, at }) => ({
          expr,
          eval_time: `${at}ms`,
          exp_samples: [{ labels: `{${nobody}="1"}`, value: 1 }],
        })),
      },
    ],
  });
}
