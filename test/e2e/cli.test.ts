import { appendFile, chmod } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Silence } from "../../stack/alerting/silences.js";
import type { StackStatus } from "../../stack/runtime/runtime.js";
import { obsCommand } from "../support/run-obs.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

// One stack of the real programs, as a person meets it: each test goes on where the one before ended.
let stack: TestStack;
beforeAll(async () => {
  stack = await makeTestStack({ definition: { grafana: { enabled: false }, host: { enabled: false } } });
});
afterAll(() => removeTestStack(stack), 60_000);

const minutes = 60_000;

test(
  "before up, nothing runs: status, logs and verify say so, and down is content",
  async () => {
    const status = await stack.obs(["status"]);
    expect(status).toMatchObject({ exitCode: 1 });
    expect(status.stdout).toContain("Nothing runs");
    for (const verb of ["logs", "verify"]) {
      const run = await stack.obs([verb]);
      expect(run.exitCode).toBe(1);
      expect(run.stderr).toContain("obs up");
    }
    await stack.ok(["down"]);
  },
  minutes,
);

test(
  "up starts everything and ends with where to look and how to send",
  async () => {
    const { stdout } = await stack.ok(["up", "--runtime", "native"], { timeoutMs: 20 * minutes });
    expect(stdout).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=${stack.url("otlpHttp")}`);
    expect(stdout).toContain("obs verify");
    const status = await stack.json<StackStatus & { ready: boolean }>(["status"]);
    expect(status).toMatchObject({ ready: true, runtime: "native", running: true });
  },
  20 * minutes,
);

test(
  "a .env that others can read is told once, to a machine as well",
  async () => {
    await chmod(join(stack.folder, ".env"), 0o644);
    const { problems } = await stack.json<{ problems: { id: string }[] }>(["up"]);
    expect(problems.map(({ id }) => id)).toEqual(["env-file-readable"]);
    await chmod(join(stack.folder, ".env"), 0o600);
  },
  minutes,
);

test(
  "up again does nothing, in the runtime in which it runs, and tells a machine so",
  async () => {
    const again = await stack.json<{ runtime: string; services: { action: string }[] }>(["up"]);
    expect(again.runtime).toBe("native");
    expect(new Set(again.services.map(({ action }) => action))).toEqual(new Set(["unchanged"]));
  },
  minutes,
);

test(
  "the other runtime is refused while this one runs",
  async () => {
    const run = await stack.obs(["up", "--runtime", "compose"]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("other-runtime-up");
    expect(run.stderr).toContain("obs down");
  },
  minutes,
);

test(
  "an edit that doesn't validate stops before anything is touched",
  async () => {
    await stack.define({ traces: { backend: "zipkin" as "jaeger" } });
    const run = await stack.obs(["up"]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("traces.backend");
    await stack.define({ traces: { backend: "auto" } });
    expect((await stack.json<{ ready: boolean }>(["status"])).ready).toBe(true);
  },
  minutes,
);

test(
  "an edited scrape job reloads Prometheus and nothing else",
  async () => {
    await stack.define({ scrapeJobs: [{ job: "api", static: ["127.0.0.1:9"] }] });
    const { services } = await stack.json<{ services: { name: string; action: string }[] }>(["up"]);
    expect(services.filter(({ action }) => action !== "unchanged")).toMatchObject([
      { name: "prometheus", action: "reloaded" },
    ]);
  },
  minutes,
);

test(
  "logs name their service; of one alone they come as written; an unknown one is told from those there are",
  async () => {
    const all = await stack.ok(["logs", "--tail", "2"]);
    expect(all.stdout).toMatch(/^prometheus +│ /m);
    // Not Loki: it logs from warnings on, and may have had nothing to say.
    expect(all.stdout).toMatch(/^otel-collector +│ /m);
    const one = await stack.ok(["logs", "prometheus", "--tail", "2"]);
    expect(one.stdout).not.toContain("│");
    const unknown = await stack.obs(["logs", "promethius"]);
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain('Did you mean "prometheus"?');
  },
  minutes,
);

test(
  "following logs ends at Ctrl-C with 130, and the stack runs on",
  async () => {
    const child = execa(obsCommand, ["logs", "-f"], {
      cwd: stack.folder,
      reject: false,
      env: { NO_COLOR: "1" },
    });
    let seen = "";
    child.stdout.on("data", (chunk) => {
      seen += chunk;
    });
    await waitFor("some lines", () => seen.includes("│"));
    child.kill("SIGINT");
    expect((await child).exitCode).toBe(130);
    expect((await stack.json<{ ready: boolean }>(["status"])).ready).toBe(true);
  },
  minutes,
);

test(
  "following logs ends at the next line once its reader has had enough",
  async () => {
    const reading = execa("sh", ["-c", `'${obsCommand}' logs prometheus -f --tail 1 | head -1`], {
      cwd: stack.folder,
      timeout: minutes,
      env: { NO_COLOR: "1" },
    });
    let ended = false;
    void reading.finally(() => {
      ended = true;
    });
    // Prometheus may have nothing to say for minutes.
    const log = join(stack.folder, ".obs", "logs", "prometheus.log");
    await waitFor("the pipe to end", async () => {
      if (!ended) await appendFile(log, "another line\n");
      return ended;
    });
    const { exitCode, stdout } = await reading;
    expect(exitCode).toBe(0);
    expect(stdout.split("\n")).toHaveLength(1);
  },
  minutes,
);

test(
  "silences hold alerts back with author and reason, are listed, and end",
  async () => {
    const add = ["silence", "add", "alertname=Down", "team=~a|b", "--for", "2h", "--reason", "load test"];
    const added = await stack.ok([...add, "--author", "ada"]);
    expect(added.stdout).toContain('alertname="Down" team=~"a|b"');
    expect(added.stdout).toContain("Silenced for 2h by ada");
    const { silences } = await stack.json<{ silences: Silence[] }>(["silence", "list"]);
    expect(silences).toMatchObject([
      {
        state: "active",
        author: "ada",
        reason: "load test",
        matchers: [
          { label: "alertname", operator: "=", value: "Down" },
          { label: "team", operator: "=~", value: "a|b" },
        ],
      },
    ]);
    expect(Date.parse(silences[0]!.endsAt) - Date.parse(silences[0]!.startsAt)).toBeGreaterThan(119 * 60_000);
    const maintained = await stack.ok(["maintenance", "checkout", "--for", "1h"]);
    expect(maintained.stdout).toContain('service_name="checkout"');
    const listed = await stack.ok(["silence", "list"]);
    expect(listed.stdout.trim().split("\n")).toHaveLength(4);
    await stack.ok(["silence", "expire", silences[0]!.id.slice(0, 8)]);
    await stack.ok(["silence", "expire", "--all"]);
    expect((await stack.ok(["silence", "list"])).stdout).toBe("Nothing is silenced.");
    expect(
      (await stack.json<{ silences: Silence[] }>(["silence", "list", "--expired"])).silences,
    ).toHaveLength(4);
  },
  minutes,
);

test(
  "a silence of everything, of no length, of nothing known, is refused",
  async () => {
    const refused = async (...args: string[]) => {
      const { exitCode, stderr } = await stack.obs(["silence", ...args]);
      return `${exitCode} ${stderr}`;
    };
    const rest = ["--for", "1h", "--reason", "x"];
    expect(await refused("add", "severity=~.*", ...rest)).toMatch(/^2 [\s\S]*every alert/);
    expect(await refused("add", "severity", ...rest)).toMatch(/^2 [\s\S]*not a matcher/);
    expect(await refused("add", "a=b", "--for", "1 hour", "--reason", "x")).toMatch(
      /^2 [\s\S]*no length of time/,
    );
    expect(await refused("add", "a=b", "--for", "1h")).toMatch(/^2 [\s\S]*--reason/);
    expect(await refused("expire", "abc123")).toMatch(/^1 [\s\S]*no silence abc123/);
  },
  minutes,
);

test(
  "down stops it and says so; up --detach starts it without waiting",
  async () => {
    const { stdout } = await stack.ok(["down"]);
    expect(stdout).toMatch(/Stopped \d services/);
    expect((await stack.obs(["status"])).exitCode).toBe(1);
    const detached = await stack.ok(["up", "--runtime", "native", "--detach"]);
    expect(detached.stdout).toContain("obs status");
    await waitFor("everything is ready", async () => (await stack.obs(["status"])).exitCode === 0);
  },
  2 * minutes,
);
