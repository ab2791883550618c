import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Hop } from "../../stack/verify/hop.js";
import { packConfig } from "../support/pack-config.js";
import { processesOf } from "../support/processes.js";
import { obsCommand } from "../support/run-obs.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

const pack = `
const series = (failed: number) => ({
  'llm_requests_total{model="m",provider="p",status="error"}': \`0+\${failed}x60\`,
  'llm_requests_total{model="m",provider="p",status="ok"}': \`0+\${60 - failed}x60\`,
});
const texts = { severity: "critical", summary: "{{ $labels.model }} fails", description: "Calls fail." };
const fires = { kind: "fires", name: "calls fail", series: series(6), firing: { "20m": true } } as const;
const resolves = { kind: "resolves", name: "they work again", series: series(0), firing: { "0": false, "20m": false } } as const;

export const pack = defineRules({
  name: "drilled",
  owner: "tests",
  groups: [
    {
      name: "drilled",
      rules: [
        record("model:llm_errors:ratio_rate5m", {
          expr: 'sum by (model) (rate(llm_requests_total{status="error"}[5m])) / sum by (model) (rate(llm_requests_total[5m]))',
        }),
        alert("AfterAWhile", { ...texts, expr: "model:llm_errors:ratio_rate5m > 0.05", for: "5m", cases: [fires, resolves] }),
        alert("AtOnce", { ...texts, expr: "model:llm_errors:ratio_rate5m > 0.05", cases: [fires] }),
        alert("GoesOn", {
          ...texts,
          expr: "model:llm_errors:ratio_rate5m > 0.05",
          severity: "warning",
          keepFiringFor: "10m",
          cases: [fires, resolves],
        }),
        alert("NeverFires", {
          ...texts,
          expr: "model:llm_errors:ratio_rate5m > 0.5",
          severity: "warning",
          cases: [fires],
        }),
        alert("AlwaysFires", { ...texts, expr: "vector(1)", severity: "none", cases: [] }),
        alert("WithoutCase", { ...texts, expr: "model:llm_errors:ratio_rate5m > 0.5", severity: "warning", cases: [] }),
      ],
    },
  ],
});
`;

interface Report {
  hops: Hop[];
  problems: { id: string; what: string; next?: string }[];
}

let stack: TestStack;
beforeAll(async () => {
  stack = await makeTestStack({ definition: { grafana: { enabled: false }, host: { enabled: false } } });
  await stack.write("obs.config.ts", packConfig(stack.definition, pack));
  await stack.ok(["up", "--runtime", "native"], { timeoutMs: 20 * 60_000 });
}, 20 * 60_000);
afterAll(() => removeTestStack(stack), 60_000);

const minutes = 60_000;

/** What a drill must not leave behind. */
async function expectNothingLeft() {
  await waitFor("no second Prometheus", () =>
    processesOf(stack.folder).every(({ command }) => !command.includes("run/drill-")),
  );
  const run = await readdir(join(stack.folder, ".obs", "run"));
  expect(run.filter((name) => name.startsWith("drill-"))).toEqual([]);
  const secret = join(stack.folder, ".obs/secrets/alertmanager/OBS_DRILL_WEBHOOK_URL");
  expect(await readFile(secret, "utf8")).toBe("http://127.0.0.1:9/");
}

async function drill(...args: string[]): Promise<Report & { exitCode: number | undefined }> {
  const run = await stack.obs(["drill", ...args, "--json"], { timeoutMs: 3 * minutes });
  return { ...JSON.parse(run.stdout), exitCode: run.exitCode };
}

const states = ({ hops }: Report) =>
  hops.filter(({ state }) => state !== "passed").map(({ id, state }) => `${id} ${state}`);

test(
  "critical alerts go from the breach to the webhook and resolve; the stack's own series stay as they are",
  async () => {
    const report = await drill();
    expect(states(report)).toEqual([]);
    expect(report.exitCode).toBe(0);
    expect([...new Set(report.hops.map(({ id }) => id.split(":")[1]))].sort()).toEqual([
      "AfterAWhile",
      "AtOnce",
    ]);
    expect(
      report.hops.filter(({ id }) => id.endsWith(":AfterAWhile")).map(({ id }) => id.split(":")[0]),
    ).toEqual(["breach", "pending", "firing", "grouped", "delivered", "resolved"]);
    for (const query of ["llm_requests_total", 'ALERTS{alertname=~"AfterAWhile|AtOnce"}']) {
      const url = stack.url("prometheus", `/api/v1/series?match[]=${encodeURIComponent(query)}`);
      const answer = (await (await fetch(url)).json()) as { data: unknown[] };
      expect(answer.data).toEqual([]);
    }
    await expectNothingLeft();
    await waitFor("Alertmanager to have none of it", async () => {
      const alerts = await (await fetch(stack.url("alertmanager", "/api/v2/alerts"))).json();
      return (alerts as { labels: Record<string, string> }[]).every(({ labels }) => !labels.drill);
    });
  },
  4 * minutes,
);

test(
  "an alert that is kept firing is ended by the drill, which says so",
  async () => {
    const report = await drill("GoesOn");
    expect(states(report)).toEqual([]);
    expect(report.hops.at(-1)).toMatchObject({
      id: "resolved:GoesOn",
      detail: expect.stringContaining("10m"),
    });
  },
  2 * minutes,
);

test(
  "an alert that stays quiet fails its hop with the next step, and the rest is skipped",
  async () => {
    const report = await drill("NeverFires");
    expect(report.exitCode).toBe(1);
    expect(states(report)).toEqual([
      "pending:NeverFires failed",
      "firing:NeverFires skipped",
      "grouped:NeverFires skipped",
      "delivered:NeverFires skipped",
      "resolved:NeverFires skipped",
    ]);
    expect(report.problems).toMatchObject([
      { id: "drill-pending", next: expect.stringContaining("obs test NeverFires") },
    ]);
    await expectNothingLeft();
  },
  2 * minutes,
);

test(
  "names of no alert, and alerts without a case, are told before anything starts",
  async () => {
    const report = await drill("AtOnec", "WithoutCase");
    expect(report.exitCode).toBe(2);
    expect(report.problems).toMatchObject([
      { id: "drill-without-case" },
      { id: "unknown-alert", next: 'Did you mean "AtOnce"?' },
    ]);
  },
  minutes,
);

test.each(["SIGINT", "SIGKILL"] as const)(
  "%s in the middle of a drill leaves no program behind, and the next drill works",
  async (signal) => {
    const child = execa(obsCommand, ["drill", "NeverFires"], { cwd: stack.folder, reject: false });
    await waitFor("its Prometheus", () =>
      processesOf(stack.folder).some(({ command }) => command.includes("run/drill-")),
    );
    child.kill(signal);
    const { exitCode } = await child;
    await waitFor("no second Prometheus", () =>
      processesOf(stack.folder).every(({ command }) => !command.includes("run/drill-")),
    );
    if (signal === "SIGINT") {
      expect(exitCode).toBe(130);
      await expectNothingLeft();
    }
    expect(states(await drill("AtOnce"))).toEqual([]);
    await expectNothingLeft();
  },
  3 * minutes,
);

test(
  "a silence that holds the alert back, and an Alertmanager that is away, are told as what they are",
  async () => {
    const matchers = [{ name: "alertname", value: "AtOnce", isRegex: false, isEqual: true }];
    const silence = { matchers, startsAt: new Date(), endsAt: new Date(Date.now() + 60 * minutes) };
    const response = await fetch(stack.url("alertmanager", "/api/v2/silences"), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...silence, createdBy: "tests", comment: "a test" }),
    });
    const { silenceID } = (await response.json()) as { silenceID: string };
    expect((await drill("AtOnce")).problems).toMatchObject([
      { id: "drill-grouped", what: expect.stringContaining("silence") },
    ]);
    await fetch(stack.url("alertmanager", `/api/v2/silence/${silenceID}`), { method: "DELETE" });

    const { services } = await stack.json<{ services: { name: string; pid: number }[] }>(["status"]);
    const { pid } = services.find(({ name }) => name === "alertmanager")!;
    process.kill(pid, "SIGSTOP");
    try {
      const report = await drill("AtOnce");
      expect(report.exitCode).toBe(1);
      expect(report.problems).toMatchObject([{ id: "drill-alertmanager" }]);
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await expectNothingLeft();
  },
  4 * minutes,
);

/** Sum of Alertmanager's own metrics whose line begins so. */
async function metric(beginning: string): Promise<number> {
  const lines = (await (await fetch(stack.url("alertmanager", "/metrics"))).text()).split("\n");
  return lines
    .filter((line) => line.startsWith(beginning))
    .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

test(
  "Alertmanager has nothing left to tell of a drill, nor of one that was interrupted",
  async () => {
    // Its own alert, which is in the stack's Prometheus as well: the only group that is to stay.
    const groups = async () => metric("alertmanager_dispatcher_aggregation_groups ");
    const failed = 'alertmanager_notification_requests_failed_total{integration="webhook"';
    await waitFor("the groups of former drills to be gone", async () => (await groups()) === 1, {
      timeoutMs: 2 * minutes,
    });
    const before = await metric(failed);
    expect(states(await drill("AtOnce"))).toEqual([]);
    const child = execa(obsCommand, ["drill", "AfterAWhile"], { cwd: stack.folder, reject: false });
    await waitFor("an alert of the drill in Alertmanager", async () => (await groups()) > 2);
    child.kill("SIGINT");
    await child;
    await waitFor("all of its groups to be gone", async () => (await groups()) === 1, {
      timeoutMs: 2 * minutes,
    });
    expect(await metric(failed)).toBe(before);
  },
  5 * minutes,
);
