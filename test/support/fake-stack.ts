import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Project, projectAt } from "../../stack/project.js";
import type { ServicePlan } from "../../stack/render/artefact.js";
import type { Rendered } from "../../stack/render/rendered.js";
import { makeNativeRuntime } from "../../stack/runtime/native/index.js";
import { type NativeState, readState } from "../../stack/runtime/native/state.js";
import type { Runtime, RuntimeEvent, UpRequest, UpResult } from "../../stack/runtime/runtime.js";
import type { ServiceName } from "../../stack/services/service.js";
import { processesOf } from "./processes.js";
import { waitFor } from "./wait-for.js";

const fakeProgram = fileURLToPath(new URL("./fake-program.mjs", import.meta.url));

/** How a fake program behaves: see fake-program.mjs. */
export interface FakeBehaviour {
  port?: number;
  readyAfterMs?: number;
  exitAfterMs?: number;
  exitCode?: number;
  deaf?: boolean;
  child?: true | "escaped";
  say?: string;
  chatter?: number;
}

/** A fake service of a stack. */
export interface FakeService {
  behaviour: FakeBehaviour & { port: number };
  /** Content of its configuration file; it has none without. */
  config?: object;
  /** Takes up a new configuration on SIGHUP, and tells how that went. */
  reloads?: boolean;
  stopSeconds?: number;
  secrets?: string[];
}

/** A native stack of fake programs in a folder of its own. */
export interface FakeStack {
  project: Project;
  runtime: Runtime;
  up(services: Partial<Record<ServiceName, FakeService>>, request?: Partial<UpRequest>): Promise<UpResult>;
  state(): NativeState | undefined;
  /** Process id of a running service; throws when it has none. */
  pid(service: ServiceName): number;
  /** What a service answers: its pid, behaviour, configuration and environment. */
  ask(port: number): Promise<{ pid: number; config: Record<string, unknown>; env: Record<string, string> }>;
}

/** Makes a stack of fake programs, hands it to `use`, and leaves no process and no folder behind. */
export async function withFakeStack(use: (stack: FakeStack) => Promise<void>): Promise<void> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "obs-fake-")));
  const project = projectAt(join(folder, "obs.config.ts"));
  const runtime = makeNativeRuntime(project, async () => process.execPath);
  const state = () => readState(join(project.stateDir, "run", "state.json"));
  try {
    await use({
      project,
      runtime,
      state,
      up: (services, request = {}) =>
        runtime.up({
          rendered: renderedOf(project, services),
          secrets: new Map(),
          signal: new AbortController().signal,
          onEvent: () => {},
          ...request,
        }),
      pid(service) {
        const pid = state()?.programs[service]?.process?.pid;
        if (pid === undefined) throw new Error(`${service} is not running`);
        return pid;
      },
      ask: async (port) => (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as never,
    });
  } finally {
    await runtime
      .down({ volumes: true, signal: new AbortController().signal, onEvent: () => {} })
      .catch(() => {});
    await waitFor("no process left", () => processesOf(folder).length === 0, { timeoutMs: 20_000 }).catch(
      () => {
        for (const { pid } of processesOf(folder)) process.kill(pid, "SIGKILL");
      },
    );
    await rm(folder, { recursive: true, force: true });
  }
}

/** What render would have made of these services. */
export function renderedOf(project: Project, services: Partial<Record<ServiceName, FakeService>>): Rendered {
  const plans = Object.entries(services).map(([name, service]) =>
    planOf(project, name as ServiceName, service),
  );
  return {
    facts: { traces: { backend: "jaeger", why: "test" }, grafana: { present: false, why: "test" } },
    artefacts: plans.flatMap(({ files }) => files),
    plans,
  };
}

function planOf(project: Project, name: ServiceName, service: FakeService): ServicePlan {
  const { behaviour, config, reloads = false, stopSeconds = 5, secrets = [] } = service;
  const url = `http://127.0.0.1:${behaviour.port}`;
  const file = config && `${name}/${name}.json`;
  const told = file ? { ...behaviour, config: join(project.stateDir, "config", file) } : behaviour;
  return {
    name,
    title: "fake",
    program: "fake",
    args: [fakeProgram, JSON.stringify(told)],
    env: {},
    secrets,
    ready: { url: `${url}/ready` },
    reload: reloads ? "SIGHUP" : "restart",
    ...(reloads && {
      reloadMetrics: {
        successful: "last_reload_successful",
        timestamp: "last_reload_timestamp",
        url: `${url}/metrics`,
      },
    }),
    stopSeconds,
    ports: [{ name, address: `127.0.0.1:${behaviour.port}`, protocol: "tcp" }],
    files: file ? [{ path: file, text: JSON.stringify(config), owner: name, keys: [] }] : [],
  };
}

/** Collects events, and lets a test act on one of them. */
export function recordEvents(): { events: RuntimeEvent[]; onEvent: (event: RuntimeEvent) => void } {
  const events: RuntimeEvent[] = [];
  return { events, onEvent: (event) => events.push(event) };
}
