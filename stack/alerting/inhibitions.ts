import type { Stack } from "../define.js";
import { drillLabel } from "../services/names.js";

/** An inhibition as Alertmanager has it. */
export interface InhibitRule {
  source_matchers: string[];
  target_matchers: string[];
  equal: string[];
}

/**
 * Labels that tell what two alerts are about, of all those that alerts of obs carry: what is missing on both counts as equal.
 * One left out would let a full disk silence the warning about another one.
 */
const subject = [
  "deployment_environment_name",
  "service",
  "service_name",
  "job",
  "instance",
  // Models and agents
  "provider",
  "model",
  "feature",
  "team",
  "agent",
  "tool",
  "kind",
  "evaluation",
  "variant",
  "budget",
  "scope",
  "slo",
  // The machine and the stack
  "mountpoint",
  "device",
  "fstype",
  "exporter",
  "receiver",
  "data_type",
];

/**
 * Inhibitions that come with the stack:
 * - critical silences warning of the same cause: alerts of one name in two severities, or with the same label `cause`;
 * - a target that is down silences the warnings of what it would have told: their series are stale or gone.
 */
const standard: readonly InhibitRule[] = [
  {
    source_matchers: ['severity="critical"'],
    target_matchers: ['severity="warning"'],
    equal: ["alertname", ...subject],
  },
  {
    source_matchers: ['severity="critical"', 'cause!=""'],
    target_matchers: ['severity="warning"', 'cause!=""'],
    equal: ["cause", ...subject],
  },
  {
    source_matchers: ['cause="target-down"'],
    target_matchers: ['cause!="target-down"', 'severity!="critical"'],
    equal: ["job", "instance"],
  },
];

/**
 * The inhibitions of a definition. The label of drills stands in every `equal`: an alert of a drill silences none of the
 * real ones, nor the other way round.
 */
export function inhibitRules({ alerting }: Stack): InhibitRule[] {
  const own = alerting.inhibitRules.map(({ source, target, equal }) => ({
    source_matchers: source,
    target_matchers: target,
    equal,
  }));
  return [...(alerting.standardInhibitions ? standard : []), ...own].map((rule) => ({
    ...rule,
    equal: [...new Set([...rule.equal, drillLabel])],
  }));
}
