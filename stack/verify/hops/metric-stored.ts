import { seek, type VerifyContext } from "../context.js";
import { HopFailure } from "../failure.js";
import { verifyMetric, verifyService } from "../payload.js";
import { queryPrometheus } from "../prometheus.js";
import { type HopResult, lastWords } from "../run-hop.js";

/** The metric is in Prometheus with the labels that tell who sent it. */
export async function metricStored(context: VerifyContext): Promise<HopResult<true>> {
  const selector = `${verifyMetric.stored}_count{${verifyMetric.label}="${context.ids.run}"}`;
  let labels: Record<string, string> | undefined;
  const { found, lastError } = await seek(context, async (signal) => {
    const [series] = await queryPrometheus(context, selector, signal);
    labels = series?.metric ?? labels;
    return series?.value?.[1] === "1" && series.metric.job === verifyService && series.metric.instance
      ? true
      : undefined;
  });
  if (found) return { value: true };
  throw new HopFailure({
    what: labels
      ? `The metric is in Prometheus, but not with the value and the labels job and instance it was sent with.`
      : "The metric did not arrive in Prometheus.",
    why: labels
      ? `Its labels are ${JSON.stringify(labels)}.`
      : (lastWords("prometheus", lastError) ?? "The collector had accepted it."),
    next: "Look at `obs logs otel-collector prometheus` for what Prometheus refused.",
    suspects: ["otel-collector", "prometheus"],
  });
}
