import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { endpointsOf } from "../../stack/endpoints.js";
import { freePort } from "../../stack/free-port.js";
import { packageRoot, packageVersion } from "../../stack/package-root.js";
import type { Plan } from "../../stack/plan.js";
import type { Project } from "../../stack/project.js";
import { localAddress } from "../../stack/render/address.js";
import { withProjectLock } from "../../stack/runtime/lock.js";
import { findSupervision, type SupervisorClient } from "../../stack/runtime/native/client.js";
import { nativeDown } from "../../stack/runtime/native/down.js";
import { baseEnvironment } from "../../stack/runtime/native/environment.js";
import { ensureSupervisor } from "../../stack/runtime/native/launch.js";
import { layoutOf, logFileOf } from "../../stack/runtime/native/layout.js";
import type { NativeState, ProgramSpec } from "../../stack/runtime/native/state.js";
import { nativeStatus } from "../../stack/runtime/native/status.js";
import { markers } from "../../stack/runtime/process.js";
import { waitUntilReady } from "../../stack/runtime/readiness.js";
import type { StackStatus } from "../../stack/runtime/runtime.js";
import type { ServiceName } from "../../stack/services/service.js";
import { ProblemError } from "../../stack/validate/problem.js";
import type { Incident } from "./provider/behaviour.js";
import {
  type DemoOptions,
  type DemoService,
  type DemoSettings,
  demoServices,
  settingsVariable,
  tokenFileVariable,
} from "./settings.js";

/** The programs are small; the bound makes the engine collect early instead of growing. */
const heapMiB = 96;
const restart = "`obs demo start` starts it anew, `obs demo stop` stops what is left of it.";
/** Seconds within which a program answers, also on a busy machine. */
const readyWithin = 60;

/**
 * The demo of a project is supervised like the stack's own programs, in a state folder of its own: it starts, is stopped
 * and survives a killed supervisor as they do, and where the stack runs makes no difference to it.
 */
export function demoOf(project: Project): Project {
  return { ...project, stateDir: join(project.stateDir, "demo") };
}

/**
 * Starts the programs of the demo, in place of those that run; they send to the stack of the plan. Resolves when all
 * answer. Throws a ProblemError (`demo-not-started`) when one doesn't, and leaves nothing running then.
 */
export async function startDemo(plan: Plan, options: DemoOptions, signal: AbortSignal): Promise<void> {
  const demo = demoOf(plan.input.project);
  await stopDemo(plan.input.project, signal);
  const settings = await settingsFor(plan, options);
  await withProjectLock(demo, "demo start", async () => {
    const layout = layoutOf(demo);
    const client = await ensureSupervisor(layout);
    try {
      const specs = await Promise.all(demoServices.map((name) => specOf(plan, demo, name, settings)));
      await Promise.all(specs.map((spec) => client.put(spec)));
      await Promise.all(specs.map((spec) => untilReady(spec, signal)));
    } catch (error) {
      await client.shutdown();
      throw error;
    }
  });
}

/** Stops the demo and says which of its programs ran. Nothing running is no error. */
export async function stopDemo(project: Project, signal: AbortSignal): Promise<DemoService[]> {
  const demo = demoOf(project);
  if (!existsSync(demo.stateDir)) return [];
  const { stopped } = await nativeDown(demo, { volumes: false, signal, onEvent: () => {} });
  return stopped as string[] as DemoService[];
}

/** How the demo is, and how it was started; no settings: it doesn't run. */
export async function demoStatus(
  project: Project,
): Promise<{ status: StackStatus; settings: DemoSettings | undefined }> {
  const demo = demoOf(project);
  const found = await nativeStatus(demo);
  const status = { ...found, problems: found.problems.map((problem) => ({ ...problem, next: restart })) };
  if (!status.running) return { status, settings: undefined };
  const { state } = await findSupervision(layoutOf(demo));
  const spec = worldOf(state);
  return { status, settings: spec && settingsOf(spec) };
}

/**
 * Begins another incident, or ends it (`none`). Throws a ProblemError (`demo-not-running`) where there is no demo, or where
 * it doesn't answer.
 */
export async function setIncident(project: Project, incident: Incident): Promise<void> {
  const { state, client } = await findSupervision(layoutOf(demoOf(project)));
  const spec = worldOf(state);
  if (!spec || !client) throw notRunning("there is nothing to go wrong");
  const settings = settingsOf(spec);
  try {
    const answer = await fetch(`${settings.provider}/incident`, { method: "PUT", body: incident });
    if (!answer.ok) throw new Error(`it answers ${answer.status}`);
  } catch (error) {
    throw new ProblemError([
      {
        id: "demo-not-running",
        severity: "error",
        what: "The demo doesn't answer.",
        why: (error as Error).message,
        next: restart,
      },
    ]);
  }
  // Should it be started again after a crash, the incident goes on.
  await amend(client, spec, { ...settings, incident });
}

/** What a command that needs a running demo throws where there is none; `so` is what follows from that. */
export function notRunning(so: string): ProblemError {
  return new ProblemError([
    {
      id: "demo-not-running",
      severity: "error",
      what: `The demo doesn't run, so ${so}.`,
      next: "Start it: `obs demo start`.",
    },
  ]);
}

/** The program that incidents happen in, and whose settings are kept true. */
function worldOf(state: NativeState | undefined): ProgramSpec | undefined {
  return state?.programs["demo-world" satisfies DemoService as string as ServiceName]?.spec;
}

function amend(client: SupervisorClient, spec: ProgramSpec, settings: DemoSettings): Promise<void> {
  return client.amend({ ...spec, env: { ...spec.env, [settingsVariable]: JSON.stringify(settings) } });
}

function settingsOf(spec: ProgramSpec): DemoSettings {
  return JSON.parse(spec.env[settingsVariable]!) as DemoSettings;
}

/** With addresses of loopback that are free now. */
async function settingsFor({ input: { stack } }: Plan, options: DemoOptions): Promise<DemoSettings> {
  const ports = new Set<number>();
  while (ports.size <= demoServices.length) ports.add(await freePort());
  const [provider, ...urls] = [...ports].map((port) => `http://127.0.0.1:${port}`);
  return {
    ...options,
    urls: Object.fromEntries(demoServices.map((name, at) => [name, urls[at]])) as DemoSettings["urls"],
    provider: provider!,
    ...(stack.llm.ledger.enabled && { ledger: `http://${localAddress(stack, "ledger")}` }),
  };
}

async function specOf(
  { input, rendered }: Plan,
  demo: Project,
  name: DemoService,
  settings: DemoSettings,
): Promise<ProgramSpec> {
  const layout = layoutOf(demo);
  const { otlp } = input.stack;
  const url = settings.urls[name];
  const unused = { program: "", arguments: "", environment: "", secrets: "" };
  return {
    // The native runtime knows its programs by name only.
    name: name as string as ServiceName,
    path: process.execPath,
    args: [
      `--max-old-space-size=${heapMiB}`,
      await realpath(join(packageRoot, "dist", "llm", "demo", "main.js")),
      name,
    ],
    env: {
      ...baseEnvironment(),
      OTEL_EXPORTER_OTLP_ENDPOINT: endpointsOf(input, rendered).otlp.http,
      OTEL_SERVICE_NAME: name,
      OTEL_RESOURCE_ATTRIBUTES: `deployment.environment.name=production,service.version=${packageVersion}`,
      ...(otlp.tls && { OTEL_EXPORTER_OTLP_CERTIFICATE: join(input.project.root, otlp.tls.certificate) }),
      ...(otlp.token && {
        [tokenFileVariable]: join(input.project.stateDir, "secrets", "otel-collector", otlp.token.secret),
      }),
      [settingsVariable]: JSON.stringify(settings),
      [markers.stack]: demo.stateDir,
      [markers.service]: name,
    },
    cwd: layout.logDir,
    log: logFileOf(layout, name),
    stopSeconds: 5,
    readyUrl: `${url}/ready`,
    ports: [{ name, address: new URL(url).host, protocol: "tcp" }],
    processHash: unused,
    filesHash: "",
  };
}

async function untilReady(spec: ProgramSpec, signal: AbortSignal): Promise<void> {
  const { ready, reason } = await waitUntilReady(spec.readyUrl, { timeoutMs: readyWithin * 1000, signal });
  if (ready) return;
  throw new ProblemError([
    {
      id: "demo-not-started",
      severity: "error",
      what: `${spec.name} did not start within ${readyWithin} s: it ${reason}.`,
      next: `Look at ${spec.log}.`,
    },
  ]);
}
