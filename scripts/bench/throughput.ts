import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { findProgram } from "../../stack/toolchain/find.js";
import { freePorts } from "../../test/support/free-ports.js";
import { telemetrygenPath } from "../../test/support/telemetrygen.js";
import { waitFor } from "../../test/support/wait-for.js";
import { type CollectorMetrics, collectorMetrics } from "./collector-metrics.js";
import { programPids } from "./context.js";
import { cpuSeconds } from "./cpu.js";
import type { Figure, Measured } from "./figure.js";
import { spreadOf } from "./statistics.js";

/** Enough to keep the collector busy, so that what it costs idle hardly counts; the generator can send it without losing any itself. */
const load = { workers: 8, ratePerWorker: 4_000, seconds: 10 };

// As in the stack's own collector: it is the configurations that are compared.
const bareEnvironment = { GOGC: "400" };

const lost = /refused|dropped|failed|rejected/;

/**
 * Spans per second of the collector's processor time: the stack's own collector, with its real stores behind it, against
 * one that only receives, batches and writes a file. Runs take turns, so that both meet the same machine.
 */
export function throughput({ id, childSpans }: { id: string; childSpans: number }): Figure {
  return {
    id,
    title: `spans per CPU-second, against otlp -> batch -> file, ${childSpans + 1} spans a trace`,
    unit: "ratio",
    must: { atLeast: 0.45 },
    async measure({ runs, running, say }): Promise<Measured> {
      const stack = await running();
      const pid = (await programPids(stack)).get("otel-collector")!;
      const metricsUrl = stack.url("collectorMetrics", "/metrics");
      const telemetrygen = await telemetrygenPath();
      const values: number[] = [];
      const own: number[] = [];
      const bare: number[] = [];
      const faults: string[] = [];
      for (let run = 0; run < runs; run++) {
        const reference = await withBareCollector(async (collector) => {
          const sent = (after: CollectorMetrics) => after.sum("otelcol_exporter_sent_spans");
          return spansPerSecond(collector, {
            telemetrygen,
            childSpans,
            done: (after, spans) => sent(after) === spans,
          });
        });
        const before = await collectorMetrics(metricsUrl);
        const measured = await spansPerSecond(
          { pid, metricsUrl, otlpPort: stack.ports.otlpGrpc },
          {
            telemetrygen,
            childSpans,
            // Every trace is decided, and what was kept has left the queue.
            done: (after) =>
              after.sum("otelcol_processor_tail_sampling_global_count_traces_sampled") ===
                after.sum("otelcol_processor_tail_sampling_new_trace_id_received") &&
              after.sum("otelcol_exporter_queue_size") === 0,
          },
        );
        const after = await collectorMetrics(metricsUrl);
        const was = new Set(before.nonZero(lost));
        faults.push(...after.nonZero(lost).filter((line) => !was.has(line)));
        values.push(measured / reference);
        own.push(measured);
        bare.push(reference);
        say(`${id}: ${measured.toFixed(0)} against ${reference.toFixed(0)} spans per CPU-second`);
      }
      const [ours, theirs] = [own, bare].map((each) => `${(spreadOf(each).median / 1000).toFixed(0)}k`);
      return {
        values,
        note: `${ours} against ${theirs}`,
        ...(faults.length > 0 && { fault: `not everything arrived: ${[...new Set(faults)].join(", ")}` }),
      };
    },
  };
}

interface Collector {
  pid: number;
  metricsUrl: string;
  otlpPort: number;
}

interface Run {
  telemetrygen: string;
  childSpans: number;
  /** Whether all work that this run's spans made is done. */
  done(after: CollectorMetrics, acceptedSpans: number): boolean;
}

async function spansPerSecond({ pid, metricsUrl, otlpPort }: Collector, run: Run): Promise<number> {
  const before = await collectorMetrics(metricsUrl);
  const cpuBefore = await cpuSeconds(pid);
  await execa(run.telemetrygen, [
    "traces",
    "--otlp-insecure",
    `--otlp-endpoint=127.0.0.1:${otlpPort}`,
    `--workers=${load.workers}`,
    `--rate=${load.ratePerWorker / ((run.childSpans + 1) / 2)}`,
    `--duration=${load.seconds}s`,
    `--child-spans=${run.childSpans}`,
  ]);
  const accepted = "otelcol_receiver_accepted_spans";
  const spans = await waitFor("all work to be done", async () => {
    const after = await collectorMetrics(metricsUrl);
    return run.done(after, after.sum(accepted)) && after.sum(accepted) - before.sum(accepted);
  });
  return spans / ((await cpuSeconds(pid)) - cpuBefore);
}

async function withBareCollector<T>(use: (collector: Collector) => Promise<T>): Promise<T> {
  const program = await findProgram("otelcol");
  if (!program) throw new Error("the collector is not built: run `obs toolchain install`");
  const folder = await mkdtemp(join(tmpdir(), "obs-bench-"));
  const [otlpPort, metricsPort] = (await freePorts(2)) as [number, number];
  const config = join(folder, "bare.yml");
  await writeFile(config, stringify(bareConfig(otlpPort, metricsPort, join(folder, "spans.jsonl"))));
  const child = execa(program.path, [`--config=${config}`], {
    env: bareEnvironment,
    reject: false,
    stdio: "ignore",
  });
  try {
    const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
    await waitFor("the bare collector", async () => (await fetch(metricsUrl)).ok);
    return await use({ pid: child.pid!, metricsUrl, otlpPort });
  } finally {
    child.kill("SIGKILL");
    await child;
    await rm(folder, { recursive: true, force: true });
  }
}

function bareConfig(otlpPort: number, metricsPort: number, path: string): object {
  const prometheus = { host: "127.0.0.1", port: metricsPort };
  return {
    receivers: { otlp: { protocols: { grpc: { endpoint: `127.0.0.1:${otlpPort}` } } } },
    processors: { batch: {} },
    exporters: { file: { path } },
    service: {
      telemetry: { metrics: { level: "normal", readers: [{ pull: { exporter: { prometheus } } }] } },
      pipelines: { traces: { receivers: ["otlp"], processors: ["batch"], exporters: ["file"] } },
    },
  };
}
