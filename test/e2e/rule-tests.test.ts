import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { decideFacts } from "../../stack/facts.js";
import { loadDefinition } from "../../stack/load.js";
import { processesOf } from "../support/processes.js";
import { runMutants } from "../support/run-mutants.js";
import { parsedOutput, runObs } from "../support/run-obs.js";
import { withFolder } from "../support/temporary-folder.js";
import { config, withProject } from "../support/temporary-project.js";
import { waitFor } from "../support/wait-for.js";

interface Report {
  rules: {
    name: string;
    missing?: string[];
    cases: { name: string; passed: boolean; deviations: { at?: string; expected: string; got: string }[] }[];
  }[];
  files: { path: string; tests: number; failures: { test: string }[] }[];
  problems: { id: string; what: string; place?: { line?: number } }[];
}

const definition = config('{ name: "shop", alerting: { packs: [shop] } }').replace(
  "export default",
  'import { shop } from "./alerts/shop.js";\nexport default',
);

/** A pack with a record that an alert reads; `cases` are of the alert. */
function pack(cases: string): string {
  return `import { alert, defineRules, record } from "obs-stack";

const calls = (errors: number) => ({
  'errors_total{model="a"}': \`0+\${errors}x30\`,
  'calls_total{model="a"}': "0+100x30",
});

export const shop = defineRules({
  name: "shop",
  owner: "shop-team",
  groups: [{ name: "errors", rules: [
    record("model:errors:ratio5m", {
      expr: "sum by (model) (rate(errors_total[5m])) / sum by (model) (rate(calls_total[5m]))",
      cases: [{ name: "seven of a hundred", series: calls(7), gives: { "10m": { '{model="a"}': 0.07 } } }],
    }),
    alert("ShopErrors", {
      expr: "model:errors:ratio5m > 0.05",
      for: "5m",
      severity: "critical",
      summary: "{{ $labels.model }} fails {{ $value | humanizePercentage }} of its calls",
      description: "Look at the provider.",
      cases: [${cases}],
    }),
  ] }],
});
`;
}

const right = `
  { kind: "fires", name: "six of a hundred", series: calls(6), firing: { "4m": false, "15m": [{ model: "a", owner: "shop-team" }] },
    annotations: { summary: "a fails 6% of its calls", runbook_url: "http://127.0.0.1:9090/user/ShopErrors.html" } },
  { kind: "quiet", name: "four of a hundred", series: calls(4), firing: { "15m": false } },
  { kind: "resolves", name: "the errors end", series: { 'errors_total{model="a"}': "0+6x20 120x40", 'calls_total{model="a"}': "0+100x60" },
    firing: { "15m": true, "40m": false } },
  { kind: "no data", name: "nobody calls", series: {}, firing: { "15m": false } },`;

const wrong = `
  { kind: "fires", name: "never fires", series: calls(4), firing: { "15m": true } },
  { kind: "quiet", name: "never quiet", series: calls(6), firing: { "15m": false } },
  { kind: "resolves", name: "never resolves", series: calls(6), firing: { "15m": true, "20m": false } },
  { kind: "no data", name: "fires for nobody", series: {}, firing: { "15m": [{}] } },
  { kind: "fires", name: "says something else", series: calls(6), firing: { "15m": [{ model: "b" }] }, annotations: { summary: "a fails" } },
  { kind: "fires", name: "can't be read", series: { "calls_total{": "1" }, firing: { "1m": true } },`;

const promtoolTest = (value: number) => `rule_files: [mine.yml]
tests:
  - name: the sum
    input_series: [{ series: up, values: "1x5" }]
    promql_expr_test:
      - { expr: "job:up:sum", eval_time: 1m, exp_samples: [{ labels: "job:up:sum", value: ${value} }] }
`;
const promtoolRules = "groups: [{ name: mine, rules: [{ record: 'job:up:sum', expr: sum(up) }] }]\n";

async function tested(files: Record<string, string>, args: string[] = []) {
  let exitCode = -1;
  let report: Report | undefined;
  await withProject({ "obs.config.ts": definition, ...files }, async ({ folder }) => {
    const run = await runObs(["test", "--json", ...args], { cwd: folder });
    exitCode = run.exitCode;
    report = parsedOutput<Report>(run);
  });
  return { exitCode, ...report! };
}

test("cases that are right pass in the real promtool, the user's own test files, too", async () => {
  const { exitCode, rules, files, problems } = await tested({
    "alerts/shop.ts": pack(right),
    "alerts/mine.yml": promtoolRules,
    "alerts/mine.test.yml": promtoolTest(1),
  });
  expect(problems).toEqual([]);
  expect(exitCode).toBe(0);
  expect(rules.map(({ name, missing, cases }) => [name, missing, cases.length])).toEqual([
    ["model:errors:ratio5m", undefined, 1],
    ["ShopErrors", [], 4],
  ]);
  expect(files).toEqual([{ path: "alerts/mine.test.yml", tests: 1, failures: [] }]);
}, 300_000);

test("a wrong case of each kind fails, with what was expected, what there was, and its place", async () => {
  const { exitCode, rules, files, problems } = await tested({
    "alerts/shop.ts": pack(wrong),
    "alerts/mine.yml": promtoolRules,
    "alerts/mine.test.yml": promtoolTest(2),
  });
  expect(exitCode).toBe(1);
  const fired = '{model="a", owner="shop-team", severity="critical"}';
  expect(rules[1]!.cases.map(({ deviations }) => deviations)).toEqual([
    [{ at: "15m", expected: "one alert", got: "no alert" }],
    [{ at: "15m", expected: "no alert", got: fired }],
    [{ at: "20m", expected: "no alert", got: fired }],
    [{ at: "15m", expected: "{}", got: "no alert" }],
    [
      { at: "15m", expected: '{model="b"}', got: fired },
      { at: "15m", expected: "summary: a fails", got: "summary: a fails 6% of its calls" },
    ],
    [{ expected: "a situation that can be simulated", got: expect.stringContaining("parse error") }],
  ]);
  expect(files[0]!.failures).toMatchObject([{ test: "the sum" }]);
  expect(problems.map(({ id, place }) => [id, place?.line])).toEqual([
    ["promtool-test-failed", undefined],
    ...[23, 24, 25, 26, 27, 28].map((line) => ["rule-case-failed", line]),
  ]);
}, 300_000);

test("an alert without a case of each kind fails, and a case must show what its kind says", async () => {
  const { exitCode, rules, problems } = await tested({
    "alerts/shop.ts": pack(
      '{ kind: "quiet", name: "quiet", series: {}, firing: { "1m": false } }, { kind: "fires", name: "doesn\'t", series: {}, firing: { "1m": false } }',
    ),
  });
  expect(exitCode).toBe(1);
  expect(rules[1]!.missing).toEqual(["resolves", "no data"]);
  expect(problems.map(({ id }) => id).sort()).toEqual(["alert-case-missing", "rule-case-failed"]);
}, 300_000);

test("rules, packs and test files can be named, and a name that nothing has could not be run", async () => {
  const files = {
    "alerts/shop.ts": pack(right),
    "alerts/mine.yml": promtoolRules,
    "alerts/mine.test.yml": promtoolTest(2),
  };
  const one = await tested(files, ["Shop*"]);
  expect([one.exitCode, one.rules.map(({ name }) => name), one.files]).toEqual([0, ["ShopErrors"], []]);
  const file = await tested(files, ["alerts/mine.test.yml"]);
  expect([file.exitCode, file.rules]).toEqual([1, []]);
  const typed = await tested(files, ["alerts/shop.ts"]);
  expect([typed.exitCode, typed.rules.map(({ name }) => name), typed.files]).toEqual([
    0,
    ["model:errors:ratio5m", "ShopErrors"],
    [],
  ]);
  const nothing = await tested(files, ["ShopError"]);
  expect([nothing.exitCode, nothing.problems[0]!.id]).toEqual([2, "unknown-rule"]);
}, 300_000);

test("without promtool it says how to get it", async () => {
  await withProject({ "obs.config.ts": definition, "alerts/shop.ts": pack(right) }, async ({ folder }) => {
    const env = { XDG_CACHE_HOME: join(folder, "cache"), PATH: process.env.PATH! };
    const run = await runObs(["test"], { cwd: folder, env });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("obs toolchain install prometheus");
  });
}, 300_000);

test("Ctrl-C leaves no process and no file behind", async () => {
  // Hours of every second: long enough to be in the middle of it.
  const long =
    '{ kind: "fires", name: "long", interval: "1s", series: { \'calls_total{model="a"}\': "0+1x90000" }, firing: { "24h": true } },';
  await withProject(
    { "obs.config.ts": definition, "alerts/shop.ts": pack(long.repeat(8)) },
    async ({ folder, write }) => {
      await write({ "tmp/.keep": "" });
      const temporary = join(folder, "tmp");
      const interrupt = new AbortController();
      const run = runObs(["test"], {
        cwd: folder,
        env: { TMPDIR: temporary },
        signal: interrupt.signal,
      });
      const running = async () =>
        (await readdir(temporary, { recursive: true })).some((name) => name.includes("batch-"));
      await waitFor("a batch to run", running);
      interrupt.abort();
      expect((await run).exitCode).toBe(130);
      expect(await readdir(temporary)).toEqual([".keep"]);
      expect(processesOf(folder)).toEqual([]);
    },
  );
}, 300_000);

test("mutants of the alert and of what it reads are killed by right cases, and survive where no case looks", async () => {
  const survivors = async (cases: string) => {
    let left: string[] = [];
    await withProject({ "obs.config.ts": definition, "alerts/shop.ts": pack(cases) }, async ({ project }) => {
      const { stack } = await loadDefinition(project);
      const facts = await decideFacts(stack, project, "compose");
      const results = await runMutants(
        { packs: stack.alerting.packs, context: { stack, facts }, seed: 1 },
        { signal: AbortSignal.timeout(240_000) },
      );
      expect(results.length).toBeGreaterThan(10);
      left = results.flatMap(({ killedBy, mutant }) => (killedBy ? [] : [mutant.how]));
    });
    return left;
  };
  const looked = await survivors(right);
  expect(looked.filter((how) => /operator|label|threshold/.test(how))).toEqual([]);
  expect(await survivors(right.split("\n").slice(6).join("\n"))).toContain("operator > -> < at 21");
}, 300_000);

test("the alert that a new project begins with is proven", async () => {
  await withFolder(async (folder) => {
    await runObs(["init", "shop"], { cwd: folder });
    const run = await runObs(["test", "TracesStopped"], { cwd: join(folder, "shop") });
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stdout).toContain("1 alert, 0 records, 4 cases");
  });
}, 60_000);
