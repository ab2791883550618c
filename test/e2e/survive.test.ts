import { jest } from "@jest/globals";
import { collectorMetric, countTraces, linesInLoki, queryMetrics } from "../support/ask-stores.js";
import { pidsOf } from "../support/stack-state.js";
import { sendLoad, telemetrygenPath } from "../support/telemetrygen.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

// What is lost when the collector is killed in the middle of its work: nothing that it had acknowledged of metrics and
// logs, and no trace it had decided to keep. "Acknowledged": telemetrygen got the collector's answer, sending again until
// it did. "Decided": the collector's own counter of kept traces, read just before the kill, has it. A trace that waits
// for its decision lies in memory and may be lost; docs say how long that is.

jest.setTimeout(1_800_000);

let stack: TestStack;

beforeAll(async () => {
  stack = await makeTestStack({
    definition: { traces: { sampling: { keepPercent: 100, afterRoot: "1s" } } },
  });
  await stack.ok(["up", "--runtime", "native"]);
});

afterAll(() => removeTestStack(stack));

const decided = () =>
  collectorMetric(stack, "otelcol_processor_tail_sampling_global_count_traces_sampled", 'sampled="true"');

test("kill -9 of the collector under load loses nothing that it had acknowledged or decided", async () => {
  const telemetrygen = await telemetrygenPath();
  const pids = await pidsOf(stack);
  const stores = [pids.jaeger!, pids.loki!, pids.prometheus!];
  // The stores stand still: whatever is acknowledged now exists nowhere but in the collector.
  for (const pid of stores) process.kill(pid, "SIGSTOP");
  const ending = new AbortController();
  let decidedBefore = 0;
  try {
    const count = { traces: 600, metrics: 300, logs: 600 };
    // A series for each sample: two that fall into one millisecond of one series would count as one.
    const args = {
      traces: [],
      metrics: ["--unique-timeseries", "--unique-timeseries-duration=1h"],
      logs: [],
    };
    const load = (signal: keyof typeof count, rate: number) =>
      sendLoad(
        telemetrygen,
        stack,
        { signal, service: "survive", count: count[signal], rate, args: args[signal] },
        ending.signal,
      );
    const loads = [load("traces", 100), load("metrics", 50), load("logs", 100)];
    const ended = Promise.all(loads);
    ended.catch(() => {});
    await waitFor("a part of everything to be acknowledged, and of the traces to be decided", async () => {
      const accepted = (kind: string) => collectorMetric(stack, `otelcol_receiver_accepted_${kind}`);
      return (
        (await decided()) >= 100 &&
        (await accepted("metric_points")) >= 50 &&
        (await accepted("log_records")) >= 100
      );
    });
    expect(loads.map(({ exitCode }) => exitCode)).toEqual([null, null, null]);
    decidedBefore = await decided();
    process.kill(pids["otel-collector"]!, "SIGKILL");
    await waitFor("another collector", async () => {
      const { "otel-collector": pid } = await pidsOf(stack);
      return (
        pid !== undefined && pid !== pids["otel-collector"] && (await fetch(stack.url("collectorHealth"))).ok
      );
    });
    await ended;
    await waitFor("the decision about every trace that came after the kill", async () => {
      const received = await collectorMetric(stack, "otelcol_processor_tail_sampling_new_trace_id_received");
      return received > 0 && (await decided()) === received;
    });
  } finally {
    ending.abort();
    for (const pid of stores) process.kill(pid, "SIGCONT");
  }
  const decidedAfter = await decided();

  await waitFor("every acknowledged log in Loki", async () => {
    const lines = await linesInLoki(stack, '{service_name="survive"}');
    return lines.length >= 600;
  });
  await waitFor("every acknowledged metric in Prometheus", async () => {
    const [series] = await queryMetrics(stack, 'count(last_over_time(gen{job="survive"}[1h]))');
    return series !== undefined && series.value >= 300;
  });
  await waitFor("every decided trace in Jaeger", async () => {
    return (await countTraces(stack, "survive")) >= decidedBefore + decidedAfter;
  });
});
