import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { jest } from "@jest/globals";
import { execa } from "execa";
import type { DashboardAnswer, ErrorAnswer, SqlAnswer, State } from "../../dashboards/preview/api.js";
import { freePorts } from "../support/free-ports.js";
import { freshCall } from "../support/llm-spans.js";
import { processesOf } from "../support/processes.js";
import { obsCommand } from "../support/run-obs.js";
import { sendSpans } from "../support/stack-ledger.js";
import { verified } from "../support/stack-state.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

// The preview's server beside the real programs: what `obs up` starts where no Grafana is, and `obs dashboards preview`.

jest.setTimeout(600_000);

/** A definition whose dashboards come from files, one of them JSON. */
const definition = (stack: TestStack) => `
import { defineStack } from "obs-stack";
import { page } from "./page.ts";
import titles from "./titles.json";
export default defineStack({
  ...${JSON.stringify(stack.definition)},
  dashboards: titles.map((title) => page(title, "up")),
});
`;

const page = (query = "query") => `
export const page = (title: string, query: string) => ({
  uid: title,
  title,
  panels: [{
    id: 1, type: "stat", title: "Up", datasource: { type: "prometheus", uid: "prometheus" },
    fieldConfig: { defaults: { unit: "short" }, overrides: [] },
    targets: [{ refId: "A", expr: ${query} }],
  }],
});
`;

let stack: TestStack;

beforeAll(async () => {
  stack = await makeTestStack({ definition: { llm: { ledger: { enabled: true } } } });
  await stack.write("page.ts", page());
  await stack.write("titles.json", '["one"]');
  await stack.write("obs.config.ts", definition(stack));
  await stack.ok(["up", "--runtime", "native"]);
});

afterAll(() => removeTestStack(stack));

async function json<T>(path: string, init?: RequestInit): Promise<T> {
  return (await (await fetch(stack.url("preview", path), init)).json()) as T;
}

const state = () => json<State>("/api/state");

async function sql(text: string): Promise<SqlAnswer & ErrorAnswer> {
  const now = Date.now();
  return json("/api/ds/ledger/sql", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ sql: text, from: now - 3_600_000, to: now + 60_000, intervalMs: 30_000 }),
  });
}

test("up starts it where no Grafana is, tells its address, and status shows it", async () => {
  const status = await stack.json<{ services: { name: string; state: string }[] }>(["status"]);
  expect(status.services.find(({ name }) => name === "preview")).toMatchObject({ state: "ready" });
  expect((await stack.ok(["up", "--runtime", "native"])).stdout).toContain(stack.url("preview"));
});

test("every store of the stack is up, and tells what came in", async () => {
  await verified(stack);
  expect((await state()).dataSources.map(({ uid, state }) => [uid, state])).toEqual([
    ["prometheus", "up"],
    ["loki", "up"],
    ["traces", "up"],
    ["alertmanager", "up"],
    ["ledger", "up"],
  ]);
  const up = await json<{ data: { result: unknown[] } }>("/api/ds/prometheus/api/v1/query?query=up");
  expect(up.data.result.length).toBeGreaterThan(5);
  const labels = await json<{ data: string[] }>("/api/ds/loki/loki/api/v1/labels");
  expect(labels.data).toContain("service_name");
  const services = await json<{ data: string[] }>("/api/ds/traces/api/services");
  expect(services.data).toContain("obs-verify");
  expect(Array.isArray(await json("/api/ds/alertmanager/api/v2/alerts"))).toBe(true);
});

test("a query that a store refuses is answered with its words", async () => {
  const { error } = await json<ErrorAnswer>("/api/ds/prometheus/api/v1/query?query=sum(up");
  expect(error).toMatchObject({ status: 400, what: expect.stringMatching(/^Prometheus: .*parse error/) });
});

test("the ledger is asked in SQL with Grafana's macros, and types come as the page needs them", async () => {
  await sendSpans(stack, [freshCall({ feature: "seen" })]);
  const query =
    "SELECT $__timeGroupAlias(at, '1h'), feature, count(*) AS calls, bool_and(true) AS all, NULL AS none " +
    "FROM (SELECT timestamp AS at, feature FROM llm_usage) AS calls WHERE $__timeFilter(at) GROUP BY 1, 2";
  const { columns, rows } = await waitFor("the call in the ledger", async () => {
    const answer = await sql(query);
    if (answer.error) throw new Error(answer.error.what);
    return answer.rows.some(([, feature]) => feature === "seen") && answer;
  });
  expect(columns).toEqual([
    { name: "time", type: "time" },
    { name: "feature", type: "string" },
    { name: "calls", type: "number" },
    { name: "all", type: "boolean" },
    { name: "none", type: "string" },
  ]);
  const [time, , calls, all, none] = rows.find(([, feature]) => feature === "seen")!;
  expect([Number(time) % 3_600_000, calls, all, none]).toEqual([0, 1, true, null]);
});

test.each([
  ["SELECT 1; DROP TABLE llm_usage", 400],
  ["DELETE FROM llm_usage", 400],
  ["WITH gone AS (DELETE FROM llm_usage RETURNING 1) SELECT * FROM gone", 400],
  ["SELECT set_config('transaction_read_only', 'off', false)", 400],
  ["SELECT nothing FROM nowhere", 400],
  ["SELECT pg_read_file('/etc/passwd')", 400],
  ["SELECT * FROM generate_series(1, 20000)", 413],
])("%s changes nothing", async (text, status) => {
  const before = await sql("SELECT count(*) FROM llm_usage");
  expect((await sql(text)).error?.status).toBe(status);
  expect(await sql("SELECT count(*) FROM llm_usage")).toEqual(before);
});

test("no answer holds the password of the database", async () => {
  const answers = [await state(), await sql("SELECT 1"), await sql("SELECT current_setting('nothing')")];
  const secrets = (await readFile(join(stack.folder, ".env"), "utf8")).match(/(?<==).{12,}/g)!;
  expect(secrets.length).toBeGreaterThan(1);
  for (const secret of secrets) expect(JSON.stringify(answers)).not.toContain(secret);
});

test("saves are told as they come: of the definition's files, also those that Node keeps; failures keep what was", async () => {
  const told: State[] = [];
  const control = new AbortController();
  const following = follow(control.signal, (next) => told.push(next));
  const until = (what: string, probe: (last: State) => boolean) =>
    waitFor(what, () => {
      const last = told.at(-1);
      return last && probe(last) ? last : undefined;
    });
  try {
    const { revision } = await until("the first state", () => true);
    await stack.write("titles.json", '["one", "two"]');
    await until("a dashboard more", (last) => last.dashboards.length === 2 && last.revision > revision);

    await stack.write("page.ts", page('query + " ="'));
    const broken = await until("the broken query", (last) => last.problems.length > 0);
    expect(broken.problems.map(({ id, dashboard, panelId }) => [id, dashboard, panelId])).toEqual([
      ["dashboard-query", "one", 1],
      ["dashboard-query", "two", 1],
    ]);
    const shown = await json<DashboardAnswer>("/api/dashboards/two");
    expect(shown.problems.map(({ panelId }) => panelId)).toEqual([1]);

    await stack.write("page.ts", page('(() => { throw new Error("not today"); })()'));
    const thrown = await until("what was thrown", (last) => last.problems[0]?.id === "config-throws");
    expect(thrown).toMatchObject({ dashboards: [{ uid: "one" }, { uid: "two" }] });
    expect(thrown.problems[0]).toMatchObject({
      what: "page.ts threw an error: not today.",
      place: { file: "page.ts", line: 8 },
    });

    await stack.write("page.ts", page("(() => { for (;;); })()"));
    const endless = await until("a definition without end", (last) =>
      last.problems.some(({ what }) => what.includes("not done")),
    );
    expect(endless.dashboards).toHaveLength(2);

    await stack.write("page.ts", page());
    await until("all well again", (last) => last.problems.length === 0);
  } finally {
    control.abort();
    await following;
  }
});

/** Follows the server's events until it is aborted. */
async function follow(signal: AbortSignal, onState: (state: State) => void): Promise<void> {
  const response = await fetch(stack.url("preview", "/api/events"), { signal });
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      const events = text.split("\n\n");
      text = events.pop()!;
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data) onState(JSON.parse(data) as State);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

test("a store that is down is told, and the others answer on", async () => {
  const [jaeger] = processesOf(stack.folder).filter(({ command }) => command.includes("jaeger"));
  process.kill(jaeger!.pid, "SIGSTOP");
  try {
    const { uid, why } = await waitFor("the store to be down", async () =>
      (await state()).dataSources.find(({ state }) => state === "down"),
    );
    expect([uid, why]).toEqual(["traces", expect.stringContaining("does not answer")]);
    expect(await json("/api/ds/prometheus/api/v1/labels")).toMatchObject({ status: "success" });
  } finally {
    process.kill(jaeger!.pid, "SIGCONT");
  }
});

test("by hand it runs until Ctrl-C; a port that is taken is told with who has it", async () => {
  const [port] = await freePorts(1);
  const preview = execa(obsCommand, ["dashboards", "preview", "--json", "--port", String(port)], {
    cwd: stack.folder,
    reject: false,
  });
  try {
    const url = `http://127.0.0.1:${port}/`;
    await waitFor("the preview", async () => (await fetch(`${url}ready`)).ok, { timeoutMs: 300_000 });
    const again = await stack.obs(["dashboards", "preview", "--port", String(port)]);
    expect(again.exitCode).toBe(2);
    expect(again.all).toMatch(new RegExp(`port ${port}, which is taken by node \\(process \\d+\\)`));
    expect(again.all).toContain("name a free one with --port");
    preview.kill("SIGINT");
    const { exitCode, stdout } = await preview;
    expect([exitCode, JSON.parse(stdout)]).toEqual([130, { url }]);
  } finally {
    preview.kill("SIGKILL");
  }
});

test("pictures of dashboards are taken in a browser of this machine", async () => {
  const run = await stack.ok(["dashboards", "screenshot", "one", "--out", "shots", "--width", "1000"]);
  expect(run.stdout).toBe("shots/one-dark.png");
  const png = await readFile(join(stack.folder, "shots", "one-dark.png"));
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  // Width and height stand in the first chunk, IHDR.
  expect([png.readUInt32BE(16), png.readUInt32BE(20) > 200]).toEqual([1000, true]);
});

test.each([
  [["two", "--browser", "/nowhere/chromium"], "There is no browser at /nowhere/chromium."],
  [["tvo"], 'The definition has no dashboard with the UID "tvo".'],
])("screenshot %j can't be, and says why", async (args, why) => {
  const run = await stack.obs(["dashboards", "screenshot", ...args]);
  expect([run.exitCode, run.all]).toEqual([2, expect.stringContaining(why)]);
});

test("down ends it", async () => {
  await stack.ok(["down"]);
  await expect(fetch(stack.url("preview", "/ready"))).rejects.toThrow();
});
