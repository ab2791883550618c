import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { StackInput } from "../../stack/define.js";
import type { PortName } from "../../stack/ports.js";
import { freeStackPorts } from "./free-ports.js";
import { processesOf } from "./processes.js";
import { type ObsRun, type ObsRunOptions, parsedOutput, runObs } from "./run-obs.js";
import { waitFor } from "./wait-for.js";

/** A project of its own for one test, with ports that nothing else uses. */
export interface TestStack {
  /** The project folder, outside the repository. */
  folder: string;
  ports: Record<PortName, number>;
  /** The definition as last written, ports included. */
  definition: StackInput;
  /** Changes top-level keys of the definition and writes `obs.config.ts` again. */
  define(changes: Partial<StackInput>): Promise<void>;
  /** Writes a file of the project, e.g. a rule file, which may lie in a new folder; `.env` with mode 0600. */
  write(path: string, text: string): Promise<void>;
  /** Runs `obs ARGS` in the project folder; never throws for an exit code. */
  obs(args: string[], options?: Partial<ObsRunOptions>): Promise<ObsRun>;
  /** Runs `obs ARGS` and throws with all of its output unless it exits with 0. */
  ok(args: string[], options?: Partial<ObsRunOptions>): Promise<ObsRun>;
  /** Runs `obs ARGS --json`, which must succeed, and parses what it prints. */
  json<T>(args: string[]): Promise<T>;
  /** `http://127.0.0.1:<port of that name><path>` */
  url(port: PortName, path?: string): string;
}

/** What the project consists of, and whether it is brought up first. */
export interface TestStackOptions {
  /** Merged over `{ name, ports }` by top-level keys. */
  definition?: Partial<StackInput>;
  /** More files, by path in the project folder; `.env` for instance. */
  files?: Record<string, string>;
  /** Runs `obs up --runtime ...` before the test's body; not given: nothing is started. */
  up?: "native" | "compose";
  env?: Record<string, string>;
}

/**
 * Makes a temporary project, hands it to `use`, and leaves nothing behind: `obs down --volumes`, no process that
 * belongs to the folder, no folder. Throws when `down` fails or leaves a process, unless the body failed already.
 */
export async function withStack(
  options: TestStackOptions,
  use: (stack: TestStack) => Promise<void>,
): Promise<void> {
  const stack = await makeTestStack(options);
  let failed = false;
  try {
    if (options.up) await stack.ok(["up", "--runtime", options.up]);
    await use(stack);
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    await removeTestStack(stack, failed);
  }
}

/** The project alone; whoever calls it also calls {@link removeTestStack}, e.g. in beforeAll and afterAll. */
export async function makeTestStack(options: TestStackOptions): Promise<TestStack> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "obs-test-")));
  const ports = await freeStackPorts();
  const environment = options.env ?? {};
  const stack: TestStack = {
    folder,
    ports,
    definition: {
      name: `t${folder
        .slice(-6)
        .toLowerCase()
        .replaceAll(/[^a-z0-9]/g, "0")}`,
      ports,
      ...options.definition,
    },
    async define(changes) {
      stack.definition = { ...stack.definition, ...changes };
      await writeFile(
        join(folder, "obs.config.ts"),
        `import { defineStack } from "obs-stack";\n\nexport default defineStack(${JSON.stringify(stack.definition, null, 2)});\n`,
      );
    },
    async write(path, text) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text, { mode: path.endsWith(".env") ? 0o600 : 0o644 });
    },
    obs: (args, run = {}) => runObs(args, { cwd: folder, ...run, env: { ...environment, ...run.env } }),
    async ok(args, run) {
      const result = await stack.obs(args, run);
      if (result.exitCode !== 0)
        throw new Error(`obs ${args.join(" ")} ended with ${result.exitCode}:\n${result.all}`);
      return result;
    },
    json: async <T>(args: string[]) => parsedOutput<T>(await stack.ok([...args, "--json"])),
    url: (port, path = "") => `http://127.0.0.1:${ports[port]}${path}`,
  };
  await stack.define({});
  for (const [path, text] of Object.entries(options.files ?? {})) await stack.write(path, text);
  return stack;
}

/** Stops and removes what {@link makeTestStack} made; `quietly` when a failure here would hide the one that matters. */
export async function removeTestStack(stack: TestStack, quietly = false): Promise<void> {
  const down = await stack.obs(["down", "--volumes"]);
  const complaints: string[] = [];
  if (down.exitCode !== 0) complaints.push(`obs down --volumes ended with ${down.exitCode}:\n${down.all}`);
  try {
    await waitFor("no process of the test's stack", () => processesOf(stack.folder).length === 0, {
      timeoutMs: 20_000,
    });
  } catch {
    for (const { pid, command } of processesOf(stack.folder)) {
      complaints.push(`left running: ${pid} ${command}`);
      process.kill(pid, "SIGKILL");
    }
  }
  await rm(stack.folder, { recursive: true, force: true });
  if (complaints.length > 0 && !quietly) throw new Error(complaints.join("\n"));
}
