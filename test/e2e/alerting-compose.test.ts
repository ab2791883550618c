import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { jest } from "@jest/globals";
import { execa } from "execa";
import type { Hop } from "../../stack/verify/hop.js";
import { buildTestImages, testRegistry } from "../support/images.js";
import { packConfig } from "../support/pack-config.js";
import { processesOf } from "../support/processes.js";
import { obsCommand } from "../support/run-obs.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

// A drill under Compose: its Prometheus is a container of the stack's own image, in the stack's network.

jest.setTimeout(1_800_000);

const pack = `
const series = (failed: number) => ({
  'llm_requests_total{model="m",provider="p",status="error"}': \`0+\${failed}x60\`,
  'llm_requests_total{model="m",provider="p",status="ok"}': \`0+\${60 - failed}x60\`,
});
const texts = { severity: "critical", summary: "{{ $labels.model }} fails", description: "Calls fail." };
const expr = 'sum by (model) (rate(llm_requests_total{status="error"}[5m])) / sum by (model) (rate(llm_requests_total[5m]))';
const fires = { kind: "fires", name: "calls fail", series: series(6), firing: { "20m": true } } as const;
const resolves = { kind: "resolves", name: "they work again", series: series(0), firing: { "0": false, "20m": false } } as const;

export const pack = defineRules({
  name: "drilled",
  owner: "tests",
  groups: [
    {
      name: "drilled",
      rules: [
        alert("AfterAWhile", { ...texts, expr: expr + " > 0.05", for: "5m", cases: [fires, resolves] }),
        alert("AtOnce", { ...texts, expr: expr + " > 0.05", cases: [fires] }),
        alert("NeverFires", { ...texts, expr: expr + " > 0.5", severity: "warning", cases: [fires] }),
      ],
    },
  ],
});
`;

let stack: TestStack;
beforeAll(async () => {
  await buildTestImages();
  stack = await makeTestStack({
    definition: {
      // A mirror: nothing but it has the images.
      images: { registry: testRegistry },
      traces: { backend: "jaeger" },
      grafana: { enabled: false },
      host: { enabled: false },
    },
  });
  await stack.write("obs.config.ts", packConfig(stack.definition, pack));
  await stack.ok(["up", "--runtime", "compose"]);
});
afterAll(() => removeTestStack(stack));

/** Containers of drills, running or not. */
async function drillContainers(): Promise<string[]> {
  const filter = `name=${stack.definition.name}-drill-`;
  const { stdout } = await execa("docker", ["ps", "--all", "--format", "{{.Names}}", "--filter", filter]);
  return stdout.split("\n").filter((name) => name !== "");
}

async function volumes(): Promise<string[]> {
  return (await execa("docker", ["volume", "ls", "--quiet"])).stdout.split("\n").sort();
}

async function expectNothingLeft() {
  await waitFor("no container of the drill", async () => (await drillContainers()).length === 0);
  await waitFor("no process of the drill", () =>
    processesOf(stack.folder).every(({ command }) => !command.includes("run/drill-")),
  );
  const run = await readdir(join(stack.folder, ".obs", "run"));
  expect(run.filter((name) => name.startsWith("drill-"))).toEqual([]);
  const secrets = await readdir(join(stack.folder, ".obs"), { recursive: true, withFileTypes: true });
  const webhook = secrets.find(({ name }) => name === "OBS_DRILL_WEBHOOK_URL")!;
  expect(await readFile(join(webhook.parentPath, webhook.name), "utf8")).toBe("http://127.0.0.1:9/");
}

async function drill(...names: string[]): Promise<{ hops: Hop[]; exitCode: number; all: string }> {
  const run = await stack.obs(["drill", ...names, "--json"]);
  return { ...JSON.parse(run.stdout), exitCode: run.exitCode, all: run.all };
}

test("critical alerts go from the breach to the webhook on this machine and resolve, and nothing is left", async () => {
  const before = await volumes();
  const { hops, exitCode, all } = await drill();
  expect(hops.filter(({ state }) => state !== "passed").length === 0 ? "" : all).toBe("");
  expect(exitCode).toBe(0);
  expect([...new Set(hops.map(({ id }) => id.split(":")[1]))].sort()).toEqual(["AfterAWhile", "AtOnce"]);
  const own = stack.url("prometheus", `/api/v1/series?match[]=${encodeURIComponent("llm_requests_total")}`);
  expect(((await (await fetch(own)).json()) as { data: unknown[] }).data).toEqual([]);
  await expectNothingLeft();
  expect(await volumes()).toEqual(before);
});

test("its container can write nothing but its folder, and is asked from this machine alone", async () => {
  const child = execa(obsCommand, ["drill", "NeverFires"], { cwd: stack.folder, reject: false });
  try {
    const [name] = await waitFor("its container", async () => {
      const found = await drillContainers();
      return found.length > 0 && found;
    });
    const { stdout } = await execa("docker", ["inspect", name!]);
    const [{ HostConfig, Config, Mounts }] = JSON.parse(stdout);
    expect(HostConfig).toMatchObject({
      ReadonlyRootfs: true,
      Privileged: false,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      Memory: 512 * 1024 * 1024,
      PortBindings: { "9090/tcp": [{ HostIp: "127.0.0.1", HostPort: expect.any(String) }] },
    });
    expect(Config.User).toBe(`${process.getuid!()}:${process.getgid!()}`);
    expect(Config.Image).toContain(testRegistry);
    const bound = (Mounts as { Type: string; Source: string }[]).filter(({ Type }) => Type === "bind");
    expect(bound.map(({ Source }) => Source.startsWith(join(stack.folder, ".obs/run/drill-")))).toEqual([
      true,
    ]);
  } finally {
    child.kill("SIGINT");
    await child;
  }
  await expectNothingLeft();
});

test.each(["SIGINT", "SIGKILL"] as const)(
  "%s in the middle of a drill leaves no container behind, and the next drill works",
  async (signal) => {
    const child = execa(obsCommand, ["drill", "NeverFires"], { cwd: stack.folder, reject: false });
    await waitFor("its container", async () => (await drillContainers()).length > 0);
    child.kill(signal);
    const { exitCode } = await child;
    if (signal === "SIGINT") {
      expect(exitCode).toBe(130);
      await expectNothingLeft();
    }
    await waitFor("no container of the drill", async () => (await drillContainers()).length === 0);
    const { hops } = await drill("AtOnce");
    expect(hops.filter(({ state }) => state !== "passed")).toEqual([]);
    await expectNothingLeft();
  },
);
