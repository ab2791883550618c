import { stackSchema } from "../../define.js";
import { parseDuration } from "../../duration.js";
import { atKey, type Check } from "../check.js";

/** The queue holds metrics longer than Prometheus takes them late: after a long outage some are refused. */
export const lateSamples: Check = {
  id: "late-samples",
  run(context) {
    const { collector, metrics } = context.input.stack;
    const { retryFor } = collector.queue;
    const { outOfOrder } = metrics;
    const usual = stackSchema.parse({ name: "usual" });
    const changed = {
      retryFor: retryFor !== usual.collector.queue.retryFor,
      outOfOrder: outOfOrder !== usual.metrics.outOfOrder,
    };
    // The defaults are a choice of obs: most outages are short, and a wide window costs memory. Who sets both has chosen.
    if (changed.retryFor === changed.outOfOrder) return [];
    if (parseDuration(retryFor)! <= parseDuration(outOfOrder)!) return [];
    return [
      {
        id: "late-samples",
        severity: "notice",
        what: `Metrics may wait ${retryFor} in the collector's queue, and Prometheus takes samples ${outOfOrder} late.`,
        why: "Once it is back after a longer outage, new samples come in first, and older ones of the same series are refused.",
        next: "Make metrics.outOfOrder as long as collector.queue.retryFor where no sample may be lost.",
        place: atKey(context, changed.outOfOrder ? "metrics.outOfOrder" : "collector.queue.retryFor"),
      },
    ];
  },
};
