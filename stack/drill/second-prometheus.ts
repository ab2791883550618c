import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Stack } from "../define.js";
import { freePort } from "../free-port.js";
import { toYaml } from "../render/yaml.js";
import { baseEnvironment } from "../runtime/native/environment.js";
import type { Runtime } from "../runtime/runtime.js";
import { drillLabel } from "../services/names.js";
import { HopFailure } from "../verify/failure.js";
import { poll } from "../verify/poll.js";

/** A Prometheus that lives as long as a drill. */
export interface SecondPrometheus {
  /** Where it is asked. */
  url: string;
  /** Ends it; what it stored stays in its folder. */
  stop(): Promise<void>;
}

/** What it is to do. */
export interface SecondPrometheusOptions {
  stack: Stack;
  runtime: Runtime;
  /** Its own; absolute. */
  folder: string;
  /** Rule files, as the stack's own Prometheus has them. */
  rules: readonly { name: string; text: string }[];
  /** Value of the label that every alert of it carries. */
  drill: string;
  /** Whether it tells the stack's Alertmanager. */
  notify: boolean;
  signal: AbortSignal;
}

/**
 * Reads one line, or the end of its input, and ends the program: so it ends with whoever started it, however that ended.
 */
const untilInputEnds =
  '"$@" </dev/null & program=$!; read -r _; kill "$program" 2>/dev/null; wait "$program"';

/** Starts it; resolves once it answers. Throws HopFailure with its last words where it doesn't. */
export async function startSecondPrometheus(options: SecondPrometheusOptions): Promise<SecondPrometheus> {
  const { stack, runtime, folder, rules, signal } = options;
  const port = await freePort();
  const plan = await runtime.secondPrometheus({ stack, folder, port });
  await mkdir(join(folder, "rules"), { recursive: true });
  await mkdir(join(folder, "data"), { recursive: true });
  for (const { name, text } of rules) await writeFile(join(folder, "rules", name), text);
  await writeFile(join(folder, "prometheus.yml"), toYaml(configuration(options, plan)));
  const log = await open(join(folder, "prometheus.log"), "a");
  let child: ChildProcess;
  try {
    const [file, ...args] = plan.command;
    child = spawn("sh", ["-c", untilInputEnds, "sh", file, ...args, ...flags(plan)], {
      cwd: folder,
      env: { ...baseEnvironment(), ...plan.env },
      stdio: ["pipe", log.fd, log.fd],
      // Ctrl-C of a terminal is for us: we end it in our own time.
      detached: true,
    });
    child.stdin?.on("error", () => {});
  } finally {
    await log.close();
  }
  const ended = once(child, "exit").catch(() => {});
  const stop = async () => {
    child.stdin?.end();
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    const { found } = await poll(
      async (within) => ((await fetch(`${url}/-/ready`, { signal: within })).ok ? true : undefined),
      { signal, limitMs: 30_000 },
    );
    if (found) return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
  await stop();
  throw new HopFailure({
    what: "The drill's own Prometheus did not start.",
    why: lastLine(await readFile(join(folder, "prometheus.log"), "utf8").catch(() => "")),
    next: "Run `obs validate`, then this again.",
    suspects: [],
  });
}

function configuration(
  { drill, notify }: SecondPrometheusOptions,
  { folder, alertmanager }: { folder: string; alertmanager: string },
): object {
  return {
    // Each hop waits for an evaluation.
    global: { evaluation_interval: "1s", external_labels: { [drillLabel]: drill } },
    rule_files: [`${folder}/rules/*`],
    otlp: { translation_strategy: "NoTranslation" },
    // Cases may begin weeks ago.
    storage: { tsdb: { out_of_order_time_window: "60d" } },
    ...(notify && { alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] } }),
  };
}

function flags({ folder, listen }: { folder: string; listen: string }): string[] {
  return [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/data`,
    "--storage.tsdb.retention.time=120d",
    `--web.listen-address=${listen}`,
    "--web.enable-otlp-receiver",
    // Its samples are deleted to let alerts resolve; nobody else's are in it.
    "--web.enable-admin-api",
    // What was pending before it was started again goes on at once; and each evaluation is told.
    "--rules.alert.for-grace-period=1s",
    "--rules.alert.resend-delay=1s",
    "--log.level=warn",
  ];
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) || "It said nothing.";
}
