import { appendFile, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { jest } from "@jest/globals";
import type { RuntimeEvent } from "../../stack/runtime/runtime.js";
import { type FakeStack, recordEvents, withFakeStack } from "../support/fake-stack.js";
import { freePorts } from "../support/free-ports.js";
import { isRunning, processesOf } from "../support/processes.js";
import { waitFor } from "../support/wait-for.js";

// The native runtime with its real supervisor (from dist/), and tiny programs that misbehave on purpose.

jest.setTimeout(120_000);

const never = () => new AbortController().signal;
const down = (stack: FakeStack, volumes = false) =>
  stack.runtime.down({ volumes, signal: never(), onEvent: () => {} });
const actions = (result: { services: { name: string; action: string }[] }) =>
  Object.fromEntries(result.services.map(({ name, action }) => [name, action]));
const supervisorPid = (stack: FakeStack) => stack.state()!.supervisor.pid;

async function killSupervisor(stack: FakeStack): Promise<number> {
  const pid = supervisorPid(stack);
  process.kill(pid, "SIGKILL");
  await waitFor("the supervisor's end", () => !isRunning(pid));
  return pid;
}

describe("up", () => {
  test("starts programs, finds nothing to do the second time, and does just what a change asks for", async () => {
    const [a, b, c] = await freePorts(3);
    await withFakeStack(async (stack) => {
      const prometheus = { behaviour: { port: a! }, config: { version: 1 }, reloads: true };
      const loki = { behaviour: { port: b! }, config: { version: 1 } };
      const jaeger = { behaviour: { port: c! } };
      const first = await stack.up({ prometheus, loki, jaeger });
      expect(first.problems).toEqual([]);
      expect(actions(first)).toEqual({ prometheus: "started", loki: "started", jaeger: "started" });
      const pids = [stack.pid("prometheus"), stack.pid("loki"), stack.pid("jaeger")];
      expect((await stat(stack.project.stateDir)).mode & 0o777).toBe(0o700);

      const second = await stack.up({ prometheus, loki, jaeger });
      expect(actions(second)).toEqual({ prometheus: "unchanged", loki: "unchanged", jaeger: "unchanged" });
      expect([stack.pid("prometheus"), stack.pid("loki"), stack.pid("jaeger")]).toEqual(pids);

      const { events, onEvent } = recordEvents();
      const third = await stack.up(
        {
          prometheus: { ...prometheus, config: { version: 2 } },
          loki: { ...loki, config: { version: 2 } },
        },
        { onEvent },
      );
      expect(third.problems).toEqual([]);
      expect(actions(third)).toEqual({ prometheus: "reloaded", loki: "restarted", jaeger: "removed" });
      expect(stack.pid("prometheus")).toBe(pids[0]);
      expect(stack.pid("loki")).not.toBe(pids[1]);
      expect(isRunning(pids[2]!)).toBe(false);
      expect((await stack.ask(a!)).config).toEqual({ version: 2 });
      expect((await stack.ask(b!)).config).toEqual({ version: 2 });
      expect(events).toContainEqual(
        expect.objectContaining({ service: "loki", phase: "restarting", detail: "configuration changed" }),
      );
    });
  });

  test("mends configuration that was changed by hand", async () => {
    const [port] = await freePorts(1);
    await withFakeStack(async (stack) => {
      const services = { loki: { behaviour: { port: port! }, config: { version: 1 } } };
      await stack.up(services);
      const file = join(stack.project.stateDir, "config/loki/loki.json");
      await writeFile(file, '{"version":"by hand"}');
      await writeFile(join(stack.project.stateDir, "config/loki/stray.json"), "{}");
      expect(actions(await stack.up(services))).toEqual({ loki: "restarted" });
      expect(await readFile(file, "utf8")).toBe('{"version":1}');
      await expect(stat(join(stack.project.stateDir, "config/loki/stray.json"))).rejects.toThrow("ENOENT");
    });
  });

  test("gives programs a bare environment and their secrets as files, and restarts for a new value", async () => {
    const [port] = await freePorts(1);
    await withFakeStack(async (stack) => {
      process.env.OBS_TEST_LEAK = "must not be seen";
      try {
        const services = { grafana: { behaviour: { port: port! }, secrets: ["ADMIN_PASSWORD"] } };
        const up = (value: string) => stack.up(services, { secrets: new Map([["ADMIN_PASSWORD", value]]) });
        await up("correct horse");
        const { env } = await stack.ask(port!);
        expect(env).not.toHaveProperty("OBS_TEST_LEAK");
        expect(JSON.stringify(env)).not.toContain("correct horse");
        expect(env.PATH).toBe(process.env.PATH);
        const file = join(stack.project.stateDir, "secrets/grafana/ADMIN_PASSWORD");
        expect(await readFile(file, "utf8")).toBe("correct horse");
        expect(await readFile(join(stack.project.stateDir, "run/state.json"), "utf8")).not.toContain("horse");

        expect(actions(await up("correct horse"))).toEqual({ grafana: "unchanged" });
        expect(actions(await up("battery staple"))).toEqual({ grafana: "restarted" });
      } finally {
        delete process.env.OBS_TEST_LEAK;
      }
    });
  });

  test("names a program that keeps crashing, its exit code and its last words, and leaves nothing", async () => {
    const [a, b] = await freePorts(2);
    await withFakeStack(async (stack) => {
      const result = await stack.up(
        {
          loki: {
            behaviour: {
              port: a!,
              exitAfterMs: 20,
              exitCode: 7,
              readyAfterMs: -1,
              say: "key is s3cr3t-value",
            },
          },
          jaeger: { behaviour: { port: b! } },
        },
        { secrets: new Map([["KEY", "s3cr3t-value"]]) },
      );
      expect(result.services).toEqual([]);
      expect(result.problems).toEqual([
        expect.objectContaining({
          id: "service-crashed",
          what: "loki ended with exit code 7, 3 times in a row.",
          next: expect.stringContaining("obs logs loki"),
          output: ["key is ***", "about to end"],
        }),
      ]);
      await waitFor("nothing left", () => processesOf(stack.project.root).length === 0);
      expect(await stack.runtime.status()).toMatchObject({ running: false, services: [], problems: [] });
    });
  });

  test("that fails leaves what ran before still running, with its former configuration", async () => {
    const [a, b, c, d] = await freePorts(4);
    await withFakeStack(async (stack) => {
      const prometheus = { behaviour: { port: a! }, config: { version: 1 }, reloads: true };
      const loki = { behaviour: { port: b! }, config: { version: 1 } };
      const jaeger = { behaviour: { port: c! } };
      await stack.up({ prometheus, loki, jaeger });
      const pids = { prometheus: stack.pid("prometheus"), jaeger: stack.pid("jaeger") };

      const result = await stack.up({
        prometheus: { ...prometheus, config: { version: 2 } },
        loki: { ...loki, config: { version: 2, broken: true } },
        alertmanager: { behaviour: { port: d! } },
      });
      expect(result.problems).toEqual([
        expect.objectContaining({
          id: "service-crashed",
          what: "loki ended with exit code 3, 3 times in a row.",
          output: ["fatal: the configuration is broken"],
        }),
      ]);
      expect((await stack.ask(a!)).config).toEqual({ version: 1 });
      expect((await stack.ask(b!)).config).toEqual({ version: 1 });
      expect({ prometheus: stack.pid("prometheus"), jaeger: stack.pid("jaeger") }).toEqual(pids);
      const status = await stack.runtime.status();
      expect(status.services.map(({ name, state }) => `${name} ${state}`).sort()).toEqual([
        "jaeger ready",
        "loki ready",
        "prometheus ready",
      ]);
      expect(actions(await stack.up({ prometheus, loki, jaeger }))).toEqual({
        prometheus: "unchanged",
        loki: "unchanged",
        jaeger: "unchanged",
      });
    });
  });

  test("whose reload is refused says so in the program's own words and puts the former files back", async () => {
    const [port] = await freePorts(1);
    await withFakeStack(async (stack) => {
      const prometheus = { behaviour: { port: port! }, config: { version: 1 }, reloads: true };
      await stack.up({ prometheus });
      const pid = stack.pid("prometheus");
      const result = await stack.up({ prometheus: { ...prometheus, config: { broken: true } } });
      expect(result.problems).toEqual([
        expect.objectContaining({
          id: "reload-refused",
          output: ["reload failed: the configuration is broken"],
        }),
      ]);
      expect(stack.pid("prometheus")).toBe(pid);
      expect(await readFile(join(stack.project.stateDir, "config/prometheus/prometheus.json"), "utf8")).toBe(
        '{"version":1}',
      );
      expect(actions(await stack.up({ prometheus }))).toEqual({ prometheus: "unchanged" });
    });
  });

  test("interrupted at the first start leaves no process", async () => {
    const [a, b] = await freePorts(2);
    await withFakeStack(async (stack) => {
      const interrupt = new AbortController();
      const result = await stack.up(
        {
          loki: { behaviour: { port: a!, readyAfterMs: -1, child: "escaped" } },
          jaeger: { behaviour: { port: b! } },
        },
        {
          signal: interrupt.signal,
          onEvent: ({ service, phase }: RuntimeEvent) => {
            if (service === "loki" && phase === "waiting") interrupt.abort("SIGINT");
          },
        },
      );
      expect(result.problems).toEqual([
        expect.objectContaining({ id: "interrupted", why: "Nothing was left running." }),
      ]);
      await waitFor("nothing left", () => processesOf(stack.project.root).length === 0);
      // And again works.
      expect((await stack.up({ jaeger: { behaviour: { port: b! } } })).problems).toEqual([]);
    });
  });

  test("interrupted while it changes a running stack goes back to what ran", async () => {
    const [a] = await freePorts(1);
    await withFakeStack(async (stack) => {
      const loki = { behaviour: { port: a! }, config: { version: 1 } };
      await stack.up({ loki });
      const interrupt = new AbortController();
      const result = await stack.up(
        { loki: { behaviour: { port: a!, readyAfterMs: -1 }, config: { version: 2 } } },
        {
          signal: interrupt.signal,
          onEvent: ({ phase }: RuntimeEvent) => {
            if (phase === "waiting") interrupt.abort("SIGINT");
          },
        },
      );
      expect(result.problems).toEqual([
        expect.objectContaining({ id: "interrupted", why: "What ran before runs on as it was." }),
      ]);
      expect((await stack.ask(a!)).config).toEqual({ version: 1 });
      expect(actions(await stack.up({ loki }))).toEqual({ loki: "unchanged" });
    });
  });

  test("refuses to run beside another one, and says which process is at it", async () => {
    const [a] = await freePorts(1);
    await withFakeStack(async (stack) => {
      const loki = { behaviour: { port: a!, readyAfterMs: -1 } };
      const interrupt = new AbortController();
      const { events, onEvent } = recordEvents();
      const first = stack.up({ loki }, { signal: interrupt.signal, onEvent });
      await waitFor("the first is at it", () => events.length > 0);
      await expect(stack.up({ loki })).rejects.toMatchObject({
        exitCode: 1,
        problems: [
          expect.objectContaining({
            id: "busy",
            what: expect.stringContaining(`\`obs up\` is at work on this stack (process ${process.pid}`),
          }),
        ],
      });
      await expect(down(stack)).rejects.toMatchObject({
        problems: [expect.objectContaining({ id: "busy" })],
      });
      interrupt.abort("SIGINT");
      await first;
    });
  });

  test("takes over the lock of a process that is gone", async () => {
    const [a] = await freePorts(1);
    await withFakeStack(async (stack) => {
      await mkdir(join(stack.project.stateDir, "run"), { recursive: true });
      await writeFile(
        join(stack.project.stateDir, "run/lock"),
        JSON.stringify({ pid: process.pid, startTime: "long ago", what: "up", since: "yesterday" }),
      );
      expect((await stack.up({ loki: { behaviour: { port: a! } } })).problems).toEqual([]);
    });
  });

  test("names who holds a port that it needs, and the key that changes it", async () => {
    const [a] = await freePorts(1);
    await withFakeStack(async (stack) => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(a!, "127.0.0.1", resolve));
      try {
        const result = await stack.up({ loki: { behaviour: { port: a! } } });
        expect(result.problems).toEqual([
          {
            id: "port-taken",
            severity: "error",
            what: `loki needs port ${a}, which is taken by node (process ${process.pid}).`,
            next: "Stop it, or set `ports.loki` to a free one.",
            place: { file: "obs.config.ts", keyPath: "ports.loki" },
          },
        ]);
        await waitFor("nothing left", () => processesOf(stack.project.root).length === 0);
      } finally {
        server.close();
      }
    });
  });

  test("tells when the holder is another stack that runs natively, and how to stop that", async () => {
    const [a] = await freePorts(1);
    await withFakeStack(async (other) => {
      await other.up({ loki: { behaviour: { port: a! } } });
      await withFakeStack(async (stack) => {
        const result = await stack.up({ loki: { behaviour: { port: a! } } });
        const { root } = other.project;
        expect(result.problems).toMatchObject([
          {
            what: `loki needs port ${a}, which is taken by loki of the local stack in ${root} (process ${other.pid("loki")}).`,
            next: `Run \`obs down\` in ${root}, or set \`ports.loki\` to a free one.`,
          },
        ]);
      });
    });
  });

  test("need not wait until all is ready; the next one does", async () => {
    const [a] = await freePorts(1);
    await withFakeStack(async (stack) => {
      const services = { loki: { behaviour: { port: a!, readyAfterMs: 1_000 } } };
      const { events, onEvent } = recordEvents();
      const result = await stack.up(services, { detach: true, onEvent });
      expect(actions(result)).toEqual({ loki: "started" });
      expect(events.map(({ phase }) => phase)).not.toContain("ready");
      expect(actions(await stack.up(services))).toEqual({ loki: "unchanged" });
      expect((await stack.runtime.status()).services).toEqual([expect.objectContaining({ state: "ready" })]);
    });
  });

  test("whose supervisor is killed under its hands puts back what ran, with a new one", async () => {
    const [a, b] = await freePorts(2);
    await withFakeStack(async (stack) => {
      const loki = { behaviour: { port: a! } };
      await stack.up({ loki });
      const pid = stack.pid("loki");
      const result = await stack.up(
        { loki, jaeger: { behaviour: { port: b!, readyAfterMs: -1 } } },
        {
          onEvent: ({ phase }: RuntimeEvent) => {
            if (phase === "waiting") process.kill(supervisorPid(stack), "SIGKILL");
          },
        },
      );
      expect(result.problems).toEqual([
        expect.objectContaining({ id: "supervisor-gone", severity: "error" }),
      ]);
      expect(await stack.runtime.status()).toMatchObject({
        services: [{ name: "loki", state: "ready", pid }],
        problems: [],
      });
    });
  });

  test("lets two services swap their ports", async () => {
    const [a, b] = await freePorts(2);
    await withFakeStack(async (stack) => {
      await stack.up({ loki: { behaviour: { port: a! } }, jaeger: { behaviour: { port: b! } } });
      const swapped = { loki: { behaviour: { port: b! } }, jaeger: { behaviour: { port: a! } } };
      const result = await stack.up(swapped);
      expect(result.problems).toEqual([]);
      const status = await stack.runtime.status();
      expect(status.services).toEqual([
        expect.objectContaining({ state: "ready", restarts: 0 }),
        expect.objectContaining({ state: "ready", restarts: 0 }),
      ]);
    });
  });
});

describe("the supervisor", () => {
  test("may be killed: status says so, the programs run on, and the next up takes them over", async () => {
    const [a, b] = await freePorts(2);
    await withFakeStack(async (stack) => {
      const services = { loki: { behaviour: { port: a! } }, jaeger: { behaviour: { port: b! } } };
      await stack.up(services);
      const pids = [stack.pid("loki"), stack.pid("jaeger")];
      const killed = await killSupervisor(stack);

      const status = await stack.runtime.status();
      expect(status.running).toBe(true);
      expect(status.services.map(({ state }) => state)).toEqual(["ready", "ready"]);
      expect(status.problems).toEqual([
        expect.objectContaining({
          id: "supervisor-gone",
          what: "The supervisor is gone; 2 of its 2 programs run on without it.",
          next: expect.stringContaining("obs up"),
        }),
      ]);

      expect(actions(await stack.up(services))).toEqual({ loki: "unchanged", jaeger: "unchanged" });
      expect([stack.pid("loki"), stack.pid("jaeger")]).toEqual(pids);
      expect(supervisorPid(stack)).not.toBe(killed);
      expect((await stack.runtime.status()).problems).toEqual([]);

      // Taken over means watched: what ends is started again.
      process.kill(pids[0]!, "SIGKILL");
      await waitFor(
        "a new process",
        () => (stack.state()?.programs.loki?.process?.pid ?? pids[0]) !== pids[0],
      );
      await waitFor("ready again", async () =>
        (await stack.runtime.status()).services.every(({ state }) => state === "ready"),
      );
    });
  });

  test("does not take a stranger for its program when the process id was used again", async () => {
    const [a] = await freePorts(1);
    await withFakeStack(async (stack) => {
      const services = { loki: { behaviour: { port: a! } } };
      await stack.up(services);
      await killSupervisor(stack);
      const pid = stack.pid("loki");
      process.kill(pid, "SIGKILL");
      await waitFor("its end", () => !isRunning(pid));
      // As if the number had come round to a process that lives: this test's own.
      const file = join(stack.project.stateDir, "run/state.json");
      const state = stack.state()!;
      state.programs.loki!.process!.pid = process.pid;
      await writeFile(file, JSON.stringify(state));

      expect((await stack.runtime.status()).services).toEqual([
        expect.objectContaining({ state: "crashed" }),
      ]);
      expect((await stack.up(services)).problems).toEqual([]);
      expect(stack.pid("loki")).not.toBe(process.pid);
    });
  });

  test("is not needed to stop everything", async () => {
    const [a] = await freePorts(1);
    await withFakeStack(async (stack) => {
      await stack.up({ loki: { behaviour: { port: a!, child: true }, stopSeconds: 1 } });
      await killSupervisor(stack);
      expect(await down(stack)).toEqual({ stopped: ["loki"], problems: [] });
      expect(processesOf(stack.project.root)).toEqual([]);
    });
  });

  test("that hangs is replaced, and its programs are not touched", async () => {
    const [a] = await freePorts(1);
    await withFakeStack(async (stack) => {
      const services = { loki: { behaviour: { port: a! } } };
      await stack.up(services);
      const [loki, hanging] = [stack.pid("loki"), supervisorPid(stack)];
      process.kill(hanging, "SIGSTOP");
      expect(actions(await stack.up(services))).toEqual({ loki: "unchanged" });
      expect(stack.pid("loki")).toBe(loki);
      expect(isRunning(hanging)).toBe(false);
    });
  });

  test("starts a crashed program again, and tells of one that crashes again and again", async () => {
    const [a, b] = await freePorts(2);
    await withFakeStack(async (stack) => {
      await stack.up({
        loki: { behaviour: { port: a! } },
        jaeger: { behaviour: { port: b!, exitAfterMs: 1_500, exitCode: 9 } },
      });
      const pid = stack.pid("loki");
      process.kill(pid, "SIGKILL");
      await waitFor("a new process", async () => {
        const [loki] = (await stack.runtime.status()).services;
        return loki?.state === "ready" && loki.pid !== pid && loki.restarts === 1;
      });
      const crashed = await waitFor("a crash of the other", async () =>
        (await stack.runtime.status()).services.find(
          // In the instant of its end not even the supervisor knows how it ended.
          ({ state, reason }) => state === "crashed" && reason !== "It has just ended.",
        ),
      );
      expect(crashed).toMatchObject({
        name: "jaeger",
        reason: expect.stringMatching(/^It ended with exit code 9.*; started again in \d+ s\.$/),
        lastLog: ["about to end"],
      });
    });
  });

  test("stops everything on SIGTERM", async () => {
    const [a] = await freePorts(1);
    await withFakeStack(async (stack) => {
      await stack.up({ loki: { behaviour: { port: a!, child: true }, stopSeconds: 1 } });
      process.kill(supervisorPid(stack), "SIGTERM");
      await waitFor("nothing left", () => processesOf(stack.project.root).length === 0);
      expect(stack.state()).toBeUndefined();
    });
  });

  test("stops everything when the project's folder disappears", async () => {
    const [a] = await freePorts(1);
    await withFakeStack(async (stack) => {
      await stack.up({ loki: { behaviour: { port: a! } } });
      await rm(stack.project.stateDir, { recursive: true });
      await waitFor("nothing left", () => processesOf(stack.project.root).length === 0);
      await expect(stat(stack.project.stateDir)).rejects.toThrow("ENOENT");
    });
  });

  test("of a removed state folder doesn't get in the way of the next up", async () => {
    const [a] = await freePorts(1);
    await withFakeStack(async (stack) => {
      const services = { loki: { behaviour: { port: a! } } };
      await stack.up(services);
      const former = [stack.pid("loki"), supervisorPid(stack)];
      await rm(stack.project.stateDir, { recursive: true });
      expect((await stack.up(services)).problems).toEqual([]);
      expect(former.filter(isRunning)).toEqual([]);
    });
  });
});

describe("down", () => {
  test("kills what ignores SIGTERM, and children in whatever group, once their time is over", async () => {
    const [a, b] = await freePorts(2);
    await withFakeStack(async (stack) => {
      await stack.up({
        loki: { behaviour: { port: a!, deaf: true, child: true }, stopSeconds: 1 },
        jaeger: { behaviour: { port: b!, child: "escaped" }, stopSeconds: 1 },
      });
      expect(processesOf(stack.project.root).length).toBe(5);
      expect((await down(stack)).stopped.sort()).toEqual(["jaeger", "loki"]);
      expect(processesOf(stack.project.root)).toEqual([]);
    });
  });

  test("interrupted, lets the supervisor finish what was begun", async () => {
    const [a, b] = await freePorts(2);
    await withFakeStack(async (stack) => {
      await stack.up({
        loki: { behaviour: { port: a!, deaf: true }, stopSeconds: 1 },
        jaeger: { behaviour: { port: b! } },
      });
      const interrupt = new AbortController();
      const stopping = stack.runtime.down({
        volumes: false,
        signal: interrupt.signal,
        onEvent: ({ service, phase }) => {
          if (service === "jaeger" && phase === "stopped") interrupt.abort("SIGINT");
        },
      });
      await expect(stopping).rejects.toBe("SIGINT");
      await waitFor("nothing left", () => processesOf(stack.project.root).length === 0);
      expect(stack.state()).toBeUndefined();
    });
  });

  test("keeps the data unless told otherwise", async () => {
    const [a] = await freePorts(1);
    await withFakeStack(async (stack) => {
      await stack.up({ loki: { behaviour: { port: a! } } });
      const kept = join(stack.project.stateDir, "data/loki/chunk");
      await writeFile(kept, "data");
      await down(stack);
      expect(await readFile(kept, "utf8")).toBe("data");
      await down(stack, true);
      await expect(stat(join(stack.project.stateDir, "data"))).rejects.toThrow("ENOENT");
    });
  });

  test("says that nothing ran, which is no error", async () => {
    await withFakeStack(async (stack) => {
      expect(await down(stack)).toEqual({
        stopped: [],
        problems: [expect.objectContaining({ id: "nothing-running", severity: "notice" })],
      });
    });
  });
});

describe("status", () => {
  test("tells why a running program is not ready", async () => {
    const [a] = await freePorts(1);
    await withFakeStack(async (stack) => {
      const { events, onEvent } = recordEvents();
      const interrupt = new AbortController();
      const up = stack.up(
        { loki: { behaviour: { port: a!, readyAfterMs: -1, say: "warming up" } } },
        { signal: interrupt.signal, onEvent },
      );
      await waitFor("it waits", () => events.some(({ phase }) => phase === "waiting"));
      const loki = await waitFor("its answer", async () =>
        (await stack.runtime.status()).services.find(({ reason }) => reason?.includes("503")),
      );
      expect(loki).toMatchObject({
        state: "starting",
        reason: `It answers 503 (still warming up) at http://127.0.0.1:${a}/ready.`,
        lastLog: ["warming up"],
      });
      interrupt.abort("SIGINT");
      await up;
    });
  });
});

describe("logs", () => {
  test("follow across a rotation and lose no line that was written before or after it", async () => {
    const [a] = await freePorts(1);
    await withFakeStack(async (stack) => {
      // Larger than a log may become: the supervisor rotates it at its next look.
      const lines = 110_000;
      await stack.up({ loki: { behaviour: { port: a!, say: "first line", chatter: lines } } });
      const log = join(stack.project.stateDir, "logs/loki.log");
      const stop = new AbortController();
      const seen: string[] = [];
      const following = stack.runtime.logs({
        services: ["loki"],
        follow: true,
        tail: 2,
        signal: stop.signal,
        onLine: (_service, line) => seen.push(line),
      });
      try {
        expect(seen).toEqual([`${lines - 1}`.padEnd(100, "."), "chatter done"]);
        await appendFile(log, "just before\n");
        await waitFor("rotation", async () => (await stat(`${log}.1`)).size > 10 * 1024 * 1024);
        await appendFile(log, "just after\n");
        await waitFor("the last line", () => seen.includes("just after"));
        expect(seen.slice(2)).toEqual(["just before", "just after"]);
        expect(await readFile(log, "utf8")).toBe("just after\n");
        expect((await readFile(`${log}.1`, "utf8")).startsWith("first line\n")).toBe(true);

        // The program still writes to the emptied file, at its new end.
        process.kill(stack.pid("loki"), "SIGKILL");
        await waitFor("its next words", () => seen.at(-1) === "chatter done");
      } finally {
        stop.abort();
        await following;
      }
    });
  });
});
