import type { Stack } from "../define.js";
import type { Project } from "../project.js";
import type { Rendered } from "../render/rendered.js";
import type { Runtime } from "../runtime/runtime.js";
import { verifyWebhookSecret } from "../services/names.js";
import type { Problem } from "../validate/problem.js";
import type { VerifyContext } from "./context.js";
import type { Hop } from "./hop.js";
import { accepted } from "./hops/accepted.js";
import { alertDelivered } from "./hops/alert-delivered.js";
import { alertResolved } from "./hops/alert-resolved.js";
import { callBilled } from "./hops/call-billed.js";
import { callCounted } from "./hops/call-counted.js";
import { exemplarStored } from "./hops/exemplar-stored.js";
import { logLeadsToTrace } from "./hops/log-leads-to-trace.js";
import { logStored } from "./hops/log-stored.js";
import { metricStored } from "./hops/metric-stored.js";
import { spanExemplar } from "./hops/span-exemplar.js";
import { spansCounted } from "./hops/spans-counted.js";
import { targetsUp } from "./hops/targets-up.js";
import { traceStored } from "./hops/trace-stored.js";
import { freshIds } from "./ids.js";
import { verifyPayloads } from "./payload.js";
import { hopLimitMs } from "./poll.js";
import { HopRun } from "./run-hop.js";
import { samplingSenders } from "./sampled.js";
import { testAlert } from "./test-alert.js";
import { traceStoreName } from "./trace-store.js";
import { unidentifiedSenders } from "./unidentified.js";
import { withWebhook } from "./with-webhook.js";

/** What to verify, and who listens. */
export interface VerifyRequest {
  project: Project;
  stack: Stack;
  /** As rendered for the runtime that the stack runs in. */
  rendered: Rendered;
  runtime: Runtime;
  /** Aborting it leaves nothing behind; the promise rejects with its reason. */
  signal: AbortSignal;
  /** Told when a hop begins and when it ends. */
  onHop: (hop: Hop) => void;
  /** How long one hop may take, in ms; 30 s unless given. */
  limitMs?: number;
}

/**
 * Proves with live data that the running stack works: sends a trace, a log and a metric that belong together and reads
 * each back from its store, links included; sends a test alert through Alertmanager. Hops that don't build on each
 * other run at the same time. Every failed hop is among the problems, with its next step.
 * Throws a ProblemError (`busy`) while another one is at work.
 */
export async function verifyStack(request: VerifyRequest): Promise<{ hops: Hop[]; problems: Problem[] }> {
  const { onHop, limitMs = hopLimitMs, ...given } = request;
  const context: VerifyContext = { ...given, limitMs, ids: freshIds(), sentAt: Date.now() };
  const run = new HopRun(context, onHop);
  const payloads = verifyPayloads(context.ids, context.sentAt, context.stack.llm.ledger.enabled);
  const store = traceStoreName(context);
  const alert = testAlert(context.ids);

  const senders = Promise.all([unidentifiedSenders(context), samplingSenders(context)]);
  senders.catch(() => {});
  await withWebhook(context, { verb: "verify", secret: verifyWebhookSecret }, async (webhook) => {
    const traces = run.start("traces-accepted", "collector accepts traces", [], () =>
      accepted(context, "traces", payloads.traces),
    );
    const logs = run.start("logs-accepted", "collector accepts logs", [], () =>
      accepted(context, "logs", payloads.logs),
    );
    const metrics = run.start("metrics-accepted", "collector accepts metrics", [], () =>
      accepted(context, "metrics", payloads.metrics),
    );
    const trace = run.start("trace-stored", `trace in ${store}, all its spans`, [traces], () =>
      traceStored(context),
    );
    const log = run.start("log-stored", "log in Loki, by its trace id", [logs], () => logStored(context));
    const link = run.start(
      "log-leads-to-trace",
      `log leads to its span in ${store}`,
      [log, trace],
      async () => logLeadsToTrace(context, (await log.result)!.value),
    );
    const metric = run.start("metric-stored", "metric in Prometheus, with job and instance", [metrics], () =>
      metricStored(context),
    );
    const exemplar = run.start("exemplar-stored", "its exemplar points at the trace", [metric], () =>
      exemplarStored(context),
    );
    const counted = run.start("spans-counted", "span metrics count the trace", [traces], () =>
      spansCounted(context),
    );
    const spans = run.start("span-exemplar", "span metrics' exemplar points at the trace", [trace], () =>
      spanExemplar(context),
    );
    const billed = context.stack.llm.ledger.enabled
      ? [
          run.start("call-billed", "model call in the ledger, with its price", [traces], () =>
            callBilled(context),
          ),
        ]
      : [];
    const callMetrics = billed.map((row) =>
      run.start("call-counted", "and in the metrics of model calls", [row], async () =>
        callCounted(context, (await row.result)!.value),
      ),
    );
    const targets = run.start("targets-up", "Prometheus scrapes every program", [], () => targetsUp(context));
    const delivered = run.start("alert-delivered", "Alertmanager delivers a test alert", [], () =>
      alertDelivered(context, alert, webhook),
    );
    const resolved = run.start("alert-resolved", "and tells that it is resolved", [delivered], () =>
      alertResolved(context, alert, webhook),
    );
    await Promise.all(
      [
        traces,
        logs,
        metrics,
        trace,
        log,
        link,
        metric,
        exemplar,
        counted,
        spans,
        ...billed,
        ...callMetrics,
        targets,
        delivered,
        resolved,
      ].map(({ result }) => result),
    );
  });
  return {
    hops: run.hops,
    problems: [...run.hops.flatMap(({ problem }) => (problem ? [problem] : [])), ...(await senders).flat()],
  };
}
