import { withDeadline } from "../deadline.js";
import type { Problem } from "../validate/problem.js";
import type { VerifyContext } from "./context.js";
import { queryPrometheus } from "./prometheus.js";

/**
 * Warns of services whose replicas cannot be told apart: the collector found nothing to derive an instance id from, so
 * all of them write into the same series and their counters become nonsense.
 */
export async function unidentifiedSenders(context: VerifyContext): Promise<Problem[]> {
  // One instant query over the index; two replicas of a service show as one series here, so every service is named.
  const query = 'group by (job) ({instance="unidentified"})';
  const series = await withDeadline(5_000, context.signal, (within) =>
    queryPrometheus(context, query, within),
  ).catch(() => {
    // That Prometheus can't be asked is what the hops say.
    context.signal.throwIfAborted();
    return [];
  });
  return series.map(({ metric }) => {
    const service = metric.job ?? "an unnamed service";
    return {
      id: "instance-unidentified",
      severity: "warning",
      what: `Replicas of ${service} cannot be told apart: it sends metrics without service.instance.id.`,
      why: "Two of them would write into the same series, and their counters become nonsense.",
      next: `Start each replica of ${service} with OTEL_RESOURCE_ATTRIBUTES=service.instance.id=<something of its own>.`,
    } satisfies Problem;
  });
}
