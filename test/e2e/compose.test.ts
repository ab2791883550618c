import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import type { StackInput } from "../../stack/define.js";
import { secret } from "../../stack/secret.js";
import { installPrograms } from "../../stack/toolchain/install.js";
import {
  actionsOf,
  type ComposeProject,
  type InspectedContainer,
  makeComposeProject,
} from "../support/compose-project.js";
import { applicationImage, buildTestImages } from "../support/images.js";
import { waitFor } from "../support/wait-for.js";

const names = [
  "otel-collector",
  "prometheus",
  "alertmanager",
  "loki",
  "jaeger",
  "node-exporter",
  "postgres",
  "llm-ledger",
] as const;
const unchanged = Object.fromEntries(names.map((name) => [name, "unchanged"]));
const never = () => new AbortController().signal;

// Images, and the programs in them where nobody has built those yet.
const patient = 1_800_000;
const minutes = 120_000;

let stack: ComposeProject;

beforeAll(async () => {
  await installPrograms(["docker-compose"]);
  await buildTestImages();
}, patient);

beforeAll(async () => {
  stack = await makeComposeProject();
  const { problems } = await stack.up();
  expect(problems).toEqual([]);
}, minutes);
afterAll(() => stack?.remove(), minutes);

/** Identity and start of every container: equal as long as nobody touched it. */
async function starts(): Promise<Record<string, string>> {
  const containers = await stack.containers();
  return Object.fromEntries(
    [...containers].map(([name, { Id, State }]) => [name, `${Id} ${State.StartedAt}`]),
  );
}

/** Services whose containers are not those they were. The preparation of a volume runs each time; it is no service. */
async function touchedBy(change: () => Promise<unknown>): Promise<string[]> {
  const before = await starts();
  await change();
  const after = await starts();
  return names.filter((name) => before[name] !== after[name]);
}

const url = (port: keyof ComposeProject["ports"], path: string) =>
  `http://127.0.0.1:${stack.ports[port]}${path}`;

async function getJson<T>(address: string): Promise<T> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return (await response.json()) as T;
}

const prometheusConfig = async () =>
  (await getJson<{ data: { yaml: string } }>(url("prometheus", "/api/v1/status/config"))).data.yaml;

test("every service is ready", async () => {
  const { running, services, problems } = await stack.runtime.status();
  expect({ running, problems }).toEqual({ running: true, problems: [] });
  expect(services.map(({ name, state }) => [name, state])).toEqual(names.map((name) => [name, "ready"]));
});

test("every container has a read-only root, no capabilities, no way to new privileges, and isn't root", async () => {
  for (const [name, container] of await stack.containers()) {
    const { ReadonlyRootfs, CapDrop, SecurityOpt, Memory, Privileged } = container.HostConfig;
    expect({ name, ReadonlyRootfs, CapDrop, SecurityOpt, Privileged }).toEqual({
      name,
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      // Docker adds options of its own to a container that sees the host's processes.
      SecurityOpt: expect.arrayContaining(["no-new-privileges:true"]),
      Privileged: false,
    });
    expect(Memory).toBeGreaterThan(0);
  }
});

test("the kernel agrees", async () => {
  for (const [name, { State }] of await stack.containers()) {
    if (State.Pid === 0) continue;
    const status = readFileSync(`/proc/${State.Pid}/status`, "utf8");
    const field = (key: string) => new RegExp(`^${key}:\\s+(\\S+)`, "m").exec(status)?.[1];
    expect([name, field("CapEff"), field("CapBnd"), field("NoNewPrivs")]).toEqual([
      name,
      "0000000000000000",
      "0000000000000000",
      "1",
    ]);
    expect(Number(field("Uid"))).toBeGreaterThan(0);
  }
});

test("no port is published on more than loopback", async () => {
  const published = (container: InspectedContainer) =>
    Object.values(container.HostConfig.PortBindings ?? {}).flat();
  const addresses = [...(await stack.containers()).values()].flatMap(published).map(({ HostIp }) => HostIp);
  expect(addresses.length).toBeGreaterThan(names.length);
  expect(new Set(addresses)).toEqual(new Set(["127.0.0.1"]));
});

test("a second up touches nothing", async () => {
  const touched = await touchedBy(async () => {
    const result = await stack.up();
    expect(result.problems).toEqual([]);
    expect(actionsOf(result)).toEqual(unchanged);
  });
  expect(touched).toEqual([]);
});

test(
  "a changed scrape job makes Prometheus read it, and touches no container",
  async () => {
    const touched = await touchedBy(async () => {
      const result = await stack.up({ scrapeJobs: [{ job: "api", static: ["api.invalid:8000"] }] });
      expect(result.problems).toEqual([]);
      expect(actionsOf(result)).toEqual({ ...unchanged, prometheus: "reloaded" });
    });
    expect(touched).toEqual([]);
    expect(await prometheusConfig()).toContain("api.invalid:8000");
  },
  minutes,
);

test(
  "a changed setting of Loki makes only Loki's container anew",
  async () => {
    const touched = await touchedBy(async () => {
      const result = await stack.up({ logs: { ingestionRateMB: 8 } });
      expect(result.problems).toEqual([]);
      expect(actionsOf(result)).toEqual({ ...unchanged, loki: "restarted" });
    });
    expect(touched).toEqual(["loki"]);
  },
  minutes,
);

test(
  "a changed secret restarts only the service that reads it",
  async () => {
    const scrapeJobs = [{ job: "api", static: ["api.invalid:8000"], auth: { bearer: secret("API_TOKEN") } }];
    const first = await stack.up({ scrapeJobs }, { secrets: { API_TOKEN: "one" } });
    expect(first.problems).toEqual([]);
    const touched = await touchedBy(async () => {
      const result = await stack.up({}, { secrets: { API_TOKEN: "two" } });
      expect(result.problems).toEqual([]);
      expect(actionsOf(result)).toEqual({ ...unchanged, prometheus: "restarted" });
    });
    expect(touched).toEqual(["prometheus"]);
    const again = await stack.up({ scrapeJobs: [] });
    expect(again.problems).toEqual([]);
  },
  minutes,
);

test(
  "an application on the telemetry network reaches the collector by its name",
  async () => {
    const endpoint = `otel-collector:${stack.ports.otlpHttp}`;
    await execa("docker", [
      ...["run", "--rm", "--network", `${stack.name}-telemetry`, applicationImage, "traces", "--otlp-http"],
      ...["--otlp-insecure", "--otlp-endpoint", endpoint, "--traces", "1", "--service", "app-in-a-container"],
    ]);
    await waitFor("the trace is in Jaeger", async () => {
      const { data } = await getJson<{ data: string[] | null }>(url("jaeger", "/api/services"));
      return data?.includes("app-in-a-container");
    });
  },
  minutes,
);

test(
  "a container reaches a webhook that listens where webhookAddress says",
  async () => {
    const { listen, reach } = await stack.runtime.webhookAddress();
    expect(["0.0.0.0", "::"]).not.toContain(listen);
    let asked = false;
    const server = createServer((_, response) => {
      asked = true;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, listen, resolve));
    try {
      const endpoint = `${reach}:${(server.address() as AddressInfo).port}`;
      const network = `${stack.name}_ingress`;
      await execa(
        "docker",
        [
          ...["run", "--rm", "--network", network, applicationImage, "traces", "--otlp-http"],
          ...["--otlp-insecure", "--otlp-endpoint", endpoint, "--traces", "1"],
        ],
        { reject: false },
      );
      expect(asked).toBe(true);
    } finally {
      server.close();
    }
  },
  minutes,
);

test("logs come from the services asked for, oldest first", async () => {
  const lines: [string, string][] = [];
  await stack.runtime.logs({
    services: ["prometheus", "alertmanager"],
    follow: false,
    tail: 5,
    signal: never(),
    onLine: (service, line) => lines.push([service, line]),
  });
  expect(new Set(lines.map(([service]) => service))).toEqual(new Set(["prometheus", "alertmanager"]));
  const times = lines.map(([, line]) => /time=(\S+)/.exec(line)?.[1] ?? "");
  expect(times).toEqual([...times].sort());
});

test(
  "followed logs go on until aborted",
  async () => {
    const stop = new AbortController();
    const lines: string[] = [];
    const done = stack.runtime.logs({
      services: ["alertmanager"],
      follow: true,
      tail: 1,
      signal: stop.signal,
      onLine: (_, line) => lines.push(line),
    });
    await waitFor("the past", () => lines.length > 0);
    const past = lines.length;
    await execa("docker", ["kill", "--signal", "HUP", `${stack.name}-alertmanager-1`]);
    await waitFor("a new line", () => lines.length > past);
    stop.abort();
    await done;
  },
  minutes,
);

describe("a change that doesn't work", () => {
  const bad: [string, Partial<StackInput>, string, string][] = [
    ["a program that ends at once", { overrides: { loki: { nonsense: 1 } } }, "service-crashes", "nonsense"],
    ["a refused reload", { overrides: { prometheus: { nonsense: 1 } } }, "reload-refused", "nonsense"],
    [
      "an image that isn't there",
      { images: { registry: "other.invalid" } },
      "image-unavailable",
      "other.invalid",
    ],
  ];
  test.each(bad)(
    "%s: the finding says so, and what ran before runs",
    async (_, change, id, said) => {
      const files = async () => [
        await readFile(stack.project.composeFile, "utf8"),
        await readFile(join(stack.project.generatedDir, "loki", "loki.yml"), "utf8"),
        await readFile(join(stack.project.generatedDir, "prometheus", "prometheus.yml"), "utf8"),
      ];
      const before = await files();
      const configBefore = await prometheusConfig();
      const { problems } = await stack.up(change);
      expect(problems.map((problem) => problem.id)).toEqual([id]);
      expect(JSON.stringify(problems)).toContain(said);
      expect(await files()).toEqual(before);
      const again = await stack.up({ overrides: {}, images: { registry: "obs-test.invalid" } });
      expect(again.problems).toEqual([]);
      expect(actionsOf(again)).toEqual(unchanged);
      expect(await prometheusConfig()).toBe(configBefore);
    },
    minutes,
  );

  test(
    "Ctrl-C in the middle: what ran before runs",
    async () => {
      const interrupt = new AbortController();
      const { problems } = await stack.up(
        { logs: { ingestionRateMB: 4 } },
        {
          signal: interrupt.signal,
          onEvent: ({ service, phase }) => {
            if (service === "loki" && phase === "restarting") interrupt.abort();
          },
        },
      );
      expect(problems).toMatchObject([{ id: "interrupted" }]);
      const again = await stack.up({ logs: { ingestionRateMB: 8 } });
      expect(again.problems).toEqual([]);
      expect(actionsOf(again)).toEqual(unchanged);
    },
    minutes,
  );
});

test(
  "a killed program is told of honestly, and only it is started again",
  async () => {
    await execa("docker", ["kill", `${stack.name}-alertmanager-1`]);
    const { services } = await stack.runtime.status();
    expect(services.find(({ name }) => name === "alertmanager")).toMatchObject({
      state: "crashed",
      reason: "It ended by itself with exit code 137.",
    });
    expect(services.filter(({ state }) => state === "ready")).toHaveLength(names.length - 1);
    const result = await stack.up();
    expect(result.problems).toEqual([]);
    expect(actionsOf(result)).toEqual({ ...unchanged, alertmanager: "started" });
  },
  minutes,
);

test(
  "a port of somebody else is a finding before anything is touched",
  async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const taken = (other.address() as AddressInfo).port;
    try {
      const touched = await touchedBy(async () => {
        const failed = stack.up({ ports: { ...stack.ports, prometheus: taken } });
        await expect(failed).rejects.toMatchObject({
          problems: [{ id: "port-taken", what: expect.stringContaining(String(taken)) }],
        });
      });
      expect(touched).toEqual([]);
    } finally {
      other.close();
      await stack.up({ ports: stack.ports });
    }
  },
  minutes,
);

test(
  "down stops all and keeps the data; with volumes it goes, too",
  async () => {
    const down = (volumes: boolean) => stack.runtime.down({ volumes, signal: never(), onEvent: () => {} });
    const list = async (...args: string[]) => {
      const filter = `label=com.docker.compose.project=${stack.name}`;
      return (await execa("docker", [...args, "--quiet", "--filter", filter])).stdout;
    };
    const { stopped, problems } = await down(false);
    expect(problems).toEqual([]);
    expect([...stopped].sort()).toEqual([...names].sort());
    expect(await list("ps", "--all")).toBe("");
    expect(await list("network", "ls")).toBe("");
    expect(await list("volume", "ls")).not.toBe("");
    expect(await stack.runtime.status()).toMatchObject({ running: false });

    expect(await down(true)).toEqual({ stopped: [], problems: [] });
    expect(await list("volume", "ls")).toBe("");
  },
  minutes,
);
