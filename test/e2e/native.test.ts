import { jest } from "@jest/globals";
import { listenersOf } from "../support/listeners.js";
import { isRunning, processesOf } from "../support/processes.js";
import { pidsOf, upAgain, verified } from "../support/stack-state.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

// The whole way of a user without Docker, on the real programs: a project, up, verify, an edit, down.

jest.setTimeout(1_800_000);

let stack: TestStack;

beforeAll(async () => {
  stack = await makeTestStack({});
  await stack.ok(["up", "--runtime", "native"]);
});

afterAll(() => removeTestStack(stack));

const allHops = {
  "traces-accepted": "passed",
  "logs-accepted": "passed",
  "metrics-accepted": "passed",
  "trace-stored": "passed",
  "log-stored": "passed",
  "log-leads-to-trace": "passed",
  "metric-stored": "passed",
  "exemplar-stored": "passed",
  "spans-counted": "passed",
  "span-exemplar": "passed",
  "call-billed": "passed",
  "call-counted": "passed",
  "targets-up": "passed",
  "alert-delivered": "passed",
  "alert-resolved": "passed",
};

test("obs verify proves the fresh stack, hop by hop", async () => {
  expect(await verified(stack)).toEqual(allHops);
});

test("obs verify proves it again after a collector that died in between", async () => {
  const { "otel-collector": pid } = await pidsOf(stack);
  process.kill(pid!, "SIGKILL");
  await waitFor("another collector that is ready", async () => {
    const pids = await pidsOf(stack);
    const health = await fetch(stack.url("collectorHealth"));
    return health.ok && pids["otel-collector"] !== undefined && pids["otel-collector"] !== pid;
  });
  expect(await verified(stack)).toEqual(allHops);
});

test("a second up finds nothing to do", async () => {
  const before = await pidsOf(stack);
  const actions = await upAgain(stack);
  expect(new Set(Object.values(actions))).toEqual(new Set(["unchanged"]));
  expect(await pidsOf(stack)).toEqual(before);
});

test("after an edit of a scrape job only Prometheus reads its configuration again, and nothing restarts", async () => {
  const before = await pidsOf(stack);
  await stack.define({ scrapeJobs: [{ job: "itself", static: [`127.0.0.1:${stack.ports.prometheus}`] }] });
  const { prometheus, ...others } = await upAgain(stack);
  expect(prometheus).toBe("reloaded");
  expect(new Set(Object.values(others))).toEqual(new Set(["unchanged"]));
  expect(await pidsOf(stack)).toEqual(before);
  await waitFor("the new target in Prometheus", async () => {
    const response = await fetch(stack.url("prometheus", "/api/v1/targets?scrapePool=itself"));
    const { data } = (await response.json()) as { data: { activeTargets: { health: string }[] } };
    return data.activeTargets[0]?.health === "up";
  });
});

test("no program listens beyond this machine, neither TCP nor UDP", async () => {
  const listeners = listenersOf(processesOf(stack.folder).map(({ pid }) => pid));
  // The list is not empty for want of looking: what the stack offers is in it.
  const addresses = listeners.map(({ protocol, address }) => `${protocol} ${address}`);
  expect(addresses).toContain(`tcp 127.0.0.1:${stack.ports.otlpHttp}`);
  expect(addresses).toContain(`udp 127.0.0.1:${stack.ports.jaegerThriftUdp}`);
  const exposed = listeners.filter(({ address }) => !/^127\.|^\[::1\]/.test(address));
  expect(exposed).toEqual([]);
});

test("down leaves no process, and verify then says that nothing runs", async () => {
  const processes = processesOf(stack.folder);
  expect(processes.length).toBeGreaterThan(5);
  await stack.ok(["down"]);
  expect(processes.filter(({ pid }) => isRunning(pid))).toEqual([]);
  expect(processesOf(stack.folder)).toEqual([]);
  const run = await stack.obs(["verify"]);
  expect(run.exitCode).not.toBe(0);
  expect(run.all).toContain("obs up");
});
