import { defineRules, type RulePack } from "obs-stack";
import { fields, percent, text } from "../options.js";
import { certificateAlerts } from "./certificate.js";
import { collectorAlerts } from "./collector.js";
import { deliveryAlerts } from "./delivery.js";
import { prometheusAlerts } from "./prometheus.js";
import { logStoreAlerts, traceStoreAlerts } from "./stores.js";
import { absentTarget, targetAlerts, traceStoreMissing, watchdog } from "./targets.js";

/** Thresholds of {@link stackPack}. */
export interface StackPackOptions {
  /** Who answers for the stack. Default: `platform`. */
  owner?: string;
  /** Per cent of a collector queue that may be in use. Default: 50. */
  queuePercent?: number;
}

const optionsOf = fields<StackPackOptions>({ owner: text, queuePercent: percent });

/** The stack watches itself: collector, stores, rules, the way of alerts to people. */
export function stackPack(options: StackPackOptions = {}): RulePack {
  const { owner = "platform", queuePercent = 50 } = options;
  const faults = optionsOf(options, "");
  return defineRules({
    name: "stack",
    owner,
    description: "The stack itself: collector, stores, rules, and the way of alerts to people.",
    faults,
    groups:
      faults.length > 0
        ? []
        : [
            { name: "stack-targets", rules: [watchdog(), ...targetAlerts()] },
            {
              name: "stack-target-node-exporter",
              when: ({ stack }) => stack.host.enabled,
              rules: [absentTarget("node-exporter", "StackHostMetricsMissing")],
            },
            { name: "stack-collector", rules: collectorAlerts({ queue: queuePercent / 100 }) },
            {
              name: "stack-certificate",
              when: ({ facts }) => facts.certificate !== undefined,
              rules: certificateAlerts(),
            },
            { name: "stack-prometheus", rules: prometheusAlerts() },
            { name: "stack-delivery", rules: deliveryAlerts() },
            { name: "stack-logs", rules: logStoreAlerts() },
            ...(["tempo", "jaeger"] as const).map((backend) => ({
              name: `stack-${backend}`,
              when: ({ facts }: { facts: { traces: { backend: string } } }) =>
                facts.traces.backend === backend,
              rules: [traceStoreMissing(backend), ...traceStoreAlerts(backend)],
            })),
          ],
  });
}
