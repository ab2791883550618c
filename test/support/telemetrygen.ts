import { execa, type ResultPromise } from "execa";
import { installPrograms } from "../../stack/toolchain/install.js";
import type { TestStack } from "./with-stack.js";

/** Path of the load generator, built when it isn't there yet. */
export async function telemetrygenPath(): Promise<string> {
  const { programs, problems } = await installPrograms(["telemetrygen"]);
  const [program] = programs;
  if (!program) throw new Error(`no telemetrygen: ${problems.map(({ what }) => what).join("; ")}`);
  return program.path;
}

/** What one run of it sends. */
export interface Load {
  signal: "traces" | "metrics" | "logs";
  service: string;
  count: number;
  /** Per second. */
  rate: number;
  /** More of its options. */
  args?: string[];
}

/**
 * Sends a number of items over OTLP/gRPC, retrying what was not acknowledged, as SDKs do. It ends with 0 only when
 * every one of them was acknowledged. Aborting ends it.
 */
export function sendLoad(
  path: string,
  stack: TestStack,
  load: Load,
  cancelSignal: AbortSignal,
): ResultPromise {
  const { signal, service, count, rate, args = [] } = load;
  const all = [
    signal,
    "--otlp-insecure",
    `--otlp-endpoint=127.0.0.1:${stack.ports.otlpGrpc}`,
    `--service=${service}`,
    `--${signal}=${count}`,
    `--rate=${rate}`,
    "--workers=1",
    "--timeout=60s",
    ...args,
  ];
  return execa(path, all, { cancelSignal });
}
