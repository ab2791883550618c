import { join } from "node:path";
import { execa } from "execa";
import { packageRoot } from "../../stack/package-root.js";
import type { Figure } from "./figure.js";

const programs = join(packageRoot, "dist", "scripts", "bench");

/** Median of what an observed call takes longer than one of the bare client, in the same run. */
export const sdkOverhead: Figure = {
  id: "sdk-overhead",
  title: "SDK: what a call takes longer, median",
  unit: "ms",
  must: { atMost: 0.15 },
  measure: ({ runs }) => overhead(runs, "median"),
};

/** The same at the slow end: P99 of the one minus P99 of the other. */
export const sdkOverheadP99: Figure = {
  id: "sdk-overhead-p99",
  title: "SDK: what a call takes longer, P99",
  unit: "ms",
  must: { atMost: 1 },
  measure: ({ runs }) => overhead(runs, "p99"),
};

/** Chunks a second of 1,000 observed streams at once, against as many of the bare client in the same run. */
export const sdkStreams: Figure = {
  id: "sdk-streams",
  title: "SDK: throughput of 1,000 streams at once, against the bare client",
  unit: "ratio",
  must: { atLeast: 0.9 },
  async measure({ runs }) {
    const found = await measured<{ ratio: number; bare: number }>(runs, "streams");
    const rate = Math.round(found[0]!.bare);
    return { values: found.map(({ ratio }) => ratio), note: `bare: ${rate} chunks a second` };
  },
};

async function overhead(runs: number, which: "median" | "p99") {
  const found = await measured<{ median: number; p99: number; bare: number }>(runs, "calls");
  return {
    values: found.map((each) => each[which]),
    note: `a bare call takes ${found[0]!.bare.toFixed(2)} ms`,
  };
}

/** One process with both clients a run, all against one provider. */
async function measured<Found>(runs: number, what: "calls" | "streams"): Promise<Found[]> {
  const server = execa(process.execPath, [join(programs, "sdk-server.js")], { stdin: "pipe" });
  try {
    const line = await new Promise<string>((resolve, reject) => {
      server.stdout.once("data", (text) => resolve(String(text)));
      server.catch(reject);
    });
    const { provider, collector } = JSON.parse(line) as Record<"provider" | "collector", string>;
    const found: Found[] = [];
    for (let run = 0; run < runs; run++) {
      const { stdout } = await execa(process.execPath, [join(programs, "sdk-client.js"), what, provider], {
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector },
      });
      found.push(JSON.parse(stdout) as Found);
    }
    return found;
  } finally {
    server.stdin.end();
    await server.catch(() => {});
  }
}
