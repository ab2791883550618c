import { randomBytes } from "node:crypto";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { type StackInput, stackSchema } from "../../stack/define.js";
import type { PortName } from "../../stack/ports.js";
import { type Project, projectAt } from "../../stack/project.js";
import { render } from "../../stack/render/render.js";
import { composeRuntime } from "../../stack/runtime/compose/index.js";
import type { Runtime, RuntimeEvent, UpResult } from "../../stack/runtime/runtime.js";
import { generatedSecrets } from "../../stack/services/names.js";
import type { ServiceName } from "../../stack/services/service.js";
import { freeStackPorts } from "./free-ports.js";
import { testRegistry } from "./images.js";

/** A stack under Compose for one test file: a name, folder and ports of its own, and only images that can be built. */
export interface ComposeProject {
  name: string;
  project: Project;
  runtime: Runtime;
  ports: Record<PortName, number>;
  /** Brings it up with these changes of the definition, which stay. */
  up(changes?: Partial<StackInput>, options?: UpOptions): Promise<UpResult>;
  /** What `docker inspect` says of each container, by service. */
  containers(): Promise<Map<string, InspectedContainer>>;
  /** Removes containers, volumes and the folder. */
  remove(): Promise<void>;
}

interface UpOptions {
  secrets?: Record<string, string>;
  signal?: AbortSignal;
  onEvent?: (event: RuntimeEvent) => void;
}

/** The parts of `docker inspect` that tests look at. */
export interface InspectedContainer {
  Id: string;
  RestartCount: number;
  State: { Status: string; StartedAt: string; Pid: number; ExitCode: number };
  Config: { User: string; Labels: Record<string, string> };
  HostConfig: {
    ReadonlyRootfs: boolean;
    CapDrop: string[] | null;
    SecurityOpt: string[] | null;
    Memory: number;
    Privileged: boolean;
    PortBindings: Record<string, { HostIp: string; HostPort: string }[]> | null;
  };
  NetworkSettings: { Networks: Record<string, object> };
}

/** What `obs up` would make up. */
const madeUp = Object.fromEntries(generatedSecrets.map((name) => [name, "made up for a test"]));

/** Makes the project; nothing is started. The caller removes it. */
export async function makeComposeProject(definition: Partial<StackInput> = {}): Promise<ComposeProject> {
  const name = `obs-test-${randomBytes(4).toString("hex")}`;
  const root = await realpath(await mkdtemp(join(tmpdir(), `${name}-`)));
  const project = projectAt(join(root, "obs.config.ts"));
  const runtime = composeRuntime(project);
  const ports = await freeStackPorts();
  let current: StackInput = {
    name,
    ports,
    images: { registry: testRegistry },
    traces: { backend: "jaeger", sampling: { keepPercent: 100, afterRoot: "100ms" } },
    // Neither Grafana nor Tempo can be built from a package registry.
    grafana: { enabled: false },
    ...definition,
  };
  return {
    name,
    project,
    runtime,
    ports,
    async up(changes = {}, { secrets = {}, signal = new AbortController().signal, onEvent = () => {} } = {}) {
      current = { ...current, ...changes };
      const rendered = render({
        project,
        stack: stackSchema.parse(current),
        ruleFiles: [],
        facts: { traces: { backend: "jaeger", why: "test" }, grafana: { present: false, why: "test" } },
        runtime: "compose",
      });
      const all = { ...madeUp, ...secrets };
      return runtime.up({ rendered, secrets: new Map(Object.entries(all)), signal, onEvent });
    },
    async containers() {
      const filter = `label=com.docker.compose.project=${name}`;
      const { stdout } = await execa("docker", ["ps", "--all", "--quiet", "--filter", filter]);
      if (stdout === "") return new Map();
      const inspected = await execa("docker", ["inspect", ...stdout.split("\n")]);
      return new Map(
        (JSON.parse(inspected.stdout) as InspectedContainer[]).map((container) => [
          container.Config.Labels["com.docker.compose.service"]!,
          container,
        ]),
      );
    },
    async remove() {
      await runtime.down({ volumes: true, signal: new AbortController().signal, onEvent: () => {} });
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** What `up` did, by service. */
export function actionsOf(result: UpResult): Partial<Record<ServiceName, string>> {
  return Object.fromEntries(result.services.map(({ name, action }) => [name, action]));
}
