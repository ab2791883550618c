import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { jest } from "@jest/globals";
import { execa } from "execa";
import { llmSlos, serviceSlos } from "../../alerts/index.js";
import { defineRules, type RulePack, record, type Series } from "../../stack/alerting/define-rules.js";
import { packFile } from "../../stack/alerting/render-pack.js";
import { findPromtool, observe } from "../../stack/alerting/test/observe.js";
import type { Observed } from "../../stack/alerting/test/probe.js";
import { testPacks } from "../../stack/alerting/test/test-packs.js";
import { stackSchema } from "../../stack/define.js";
import type { SloInput } from "../../stack/slo/define-slo.js";
import { importSlos } from "../../stack/slo/import/import-slos.js";
import { sloInput } from "../../stack/slo/import/imported.js";
import type { SloStatus } from "../../stack/slo/report.js";
import { slo } from "../../stack/slo/slo.js";
import { runMutants } from "../support/run-mutants.js";
import { waitFor } from "../support/wait-for.js";
import { withStack } from "../support/with-stack.js";

// The arithmetic of burn rates against the real promtool, from raw counters to alerts, over simulated days; and what
// `obs slo report` makes of a running Prometheus that has been given a past.

jest.setTimeout(600_000);

const context = {
  stack: stackSchema.parse({ name: "shop" }),
  facts: { traces: { backend: "jaeger", why: "test" }, grafana: { present: false, why: "test" } } as const,
};
const { signal } = new AbortController();

const promise: SloInput = {
  service: "checkout",
  name: "availability",
  objective: 99.9,
  owner: "shop",
  description: "Checkouts succeed.",
  indicator: {
    errors: (window) => `sum(rate(checkouts_total{result="failed"}[${window}]))`,
    total: (window) => `sum(rate(checkouts_total[${window}]))`,
  },
};

/** Windows, and what is configured, that change the arithmetic. */
const variants: SloInput[] = [
  promise,
  { ...promise, minimumEvents: 20 },
  { ...promise, window: "7d", objective: 99 },
  { ...promise, window: "28d", objective: 99.99 },
  { ...promise, window: "90d", objective: 95 },
  { ...promise, objective: 90 },
  {
    ...promise,
    alerts: { page: [{ long: "90m", short: "10m", budget: 1 }], ticket: [] },
    indicator: { latency: { histogram: "llm_request_duration_seconds", threshold: 5, match: 'model="a"' } },
  },
];

test.each([
  ...variants.map((input, at): [string, RulePack] => [`variant ${at}`, slo(input)]),
  ...[...llmSlos(), ...llmSlos({ service: "chat", match: 'feature="chat"', window: "7d" })].map(
    (pack): [string, RulePack] => [pack.name, pack],
  ),
  ...serviceSlos({ service: "checkout", owner: "shop", latency: { objective: 99, seconds: 0.3 } }).map(
    (pack): [string, RulePack] => [pack.name, pack],
  ),
])("%s: every alert has cases of all kinds, and what they say is what promtool sees", async (_name, pack) => {
  const results = await testPacks({ packs: [pack], context }, { signal });
  expect(results.length).toBeGreaterThan(0);
  expect(results.flatMap(({ missing }) => missing)).toEqual([]);
  expect(results.flatMap(({ cases }) => cases).filter(({ passed }) => !passed)).toEqual([]);
});

test("the cases notice every mistake that is put into an alert", async () => {
  const mutants = await runMutants(
    { packs: [slo({ ...promise, minimumEvents: 20 })], context, seed: 1 },
    { signal },
  );
  const ofAlerts = mutants.filter(({ rule }) => rule.kind === "alert");
  expect(ofAlerts.length).toBeGreaterThan(60);
  expect(ofAlerts.filter(({ killedBy }) => killedBy === undefined).map(({ mutant }) => mutant.how)).toEqual(
    [],
  );
});

interface Situation {
  series: Series;
  /** Minutes between samples, and between evaluations. */
  minutes: number;
  /** Minutes at which to look. */
  at: readonly number[];
}

const [page, ticket] = ["SloBurnFast", "SloBurnSlow"];

/** What the real rules of packs make of raw series. */
async function simulate(
  packs: readonly RulePack[],
  { series, minutes, at }: Situation,
  metrics: readonly string[] = [],
): Promise<Observed> {
  const groups = packs.flatMap((pack) => pack.groups);
  const [first] = packs;
  const probe = {
    id: "simulated",
    rules: packFile({ ...first!, groups }, context).text,
    groups: groups.map(({ name }) => name),
    series,
    interval: minutes * 60_000,
    alerts: at.flatMap((minute) => [page, ticket].map((name) => ({ name: name!, at: minute * 60_000 }))),
    samples: at.flatMap((minute) => metrics.map((expr) => ({ expr, at: minute * 60_000 }))),
  };
  const seen = (await observe([probe], { signal, promtool: await findPromtool() })).get("simulated")!;
  expect(seen.errors).toEqual([]);
  return seen;
}

/** Which alerts fire, from raw series through every rule of an SLO. */
async function alertsOf(input: SloInput, situation: Situation): Promise<string[][]> {
  const seen = await simulate([slo(input)], situation);
  const names = [page!, ticket!];
  return situation.at.map((minute) =>
    names.filter((name) =>
      seen.alerts.some(
        (alert) => alert.at === minute * 60_000 && alert.name === name && alert.fired.length > 0,
      ),
    ),
  );
}

/** A step of simulated time: a million events, of which so many times the budget of 0.1 % fail. */
function traffic(phases: readonly { burn: number; minutes: number }[], minutes: number): Series {
  const values = (perStep: (burn: number) => number) => {
    let level = 0;
    const all = phases.flatMap(({ burn, minutes: length }) =>
      Array.from({ length: length / minutes }, () => {
        level += perStep(burn);
        return String(level);
      }),
    );
    return ["0", ...all].join(" ");
  };
  return {
    'checkouts_total{result="failed"}': values((burn) => Math.round(burn * 1000)),
    'checkouts_total{result="ok"}': values((burn) => 1_000_000 - Math.round(burn * 1000)),
  };
}

const days = 24 * 60;

test.each([
  // 14.4x for an hour, or 6x for six, is worth a page; 10 % of the budget in a day or in three is worth a ticket.
  { burn: 0.95, length: 3 * days, before: [], from: 3 * days, after: [] },
  { burn: 1.05, length: 3 * days, before: [], from: 4200, after: [ticket] },
  { burn: 2.9, length: 3 * days, before: [], from: 1520, after: [ticket] },
  { burn: 3.1, length: 1600, before: [], from: 1440, after: [ticket] },
  { burn: 5.8, length: 800, before: [ticket], look: 760, from: 800, after: [ticket] },
  { burn: 6.2, length: 400, before: [], look: 332, from: 368, after: [page] },
  { burn: 14.2, length: 120, before: [], from: 120, after: [] },
  { burn: 14.8, length: 80, before: [], look: 52, from: 68, after: [page] },
  { burn: 1000, length: 12, before: [], look: 0, from: 8, after: [page, ticket] },
])(
  "a burn of $burn x that begins after quiet days: $after once it has used up its share of the budget",
  async ({ burn, length, before, look, from, after }) => {
    const quiet = 3 * days;
    const fired = await alertsOf(promise, {
      minutes: 4,
      series: traffic(
        [
          { burn: 0, minutes: quiet },
          { burn, minutes: length },
        ],
        4,
      ),
      at: [quiet + (look ?? Math.floor((from * 0.85) / 4) * 4), quiet + from],
    });
    expect(fired).toEqual([before, after]);
  },
);

test("a page ends as soon as its short window has forgotten the trouble, a ticket later", async () => {
  const quiet = 3 * days;
  const outage = 20;
  const end = quiet + outage;
  const fired = await alertsOf(promise, {
    minutes: 2,
    series: traffic(
      [
        { burn: 0, minutes: quiet },
        { burn: 1000, minutes: outage },
        { burn: 0, minutes: 400 },
      ],
      2,
    ),
    at: [end, end + 24, end + 36, end + 110, end + 350, end + 376],
  });
  // 20 minutes are more than 5 % of the budget in six hours, too: the page goes on for 30 minutes, the ticket for 6 hours.
  expect(fired).toEqual([[page, ticket], [page, ticket], [ticket], [ticket], [ticket], []]);
});

test("trouble that only an hour shows is over five minutes after it has ended", async () => {
  const quiet = 3 * days;
  const end = quiet + 64;
  const fired = await alertsOf(promise, {
    minutes: 2,
    series: traffic(
      [
        { burn: 0, minutes: quiet },
        { burn: 15, minutes: 64 },
        { burn: 0, minutes: 20 },
      ],
      2,
    ),
    at: [end, end + 8],
  });
  expect(fired.map((names) => names.includes(page!))).toEqual([true, false]);
});

test("one failure of two requests pages nobody who asked for a minimum of events", async () => {
  const rare = (failed: string): Series => ({
    'checkouts_total{result="ok"}': "0x10 1x50",
    'checkouts_total{result="failed"}': failed,
  });
  const situation = { minutes: 1, at: [15], series: rare("0x12 1x50") };
  expect(await alertsOf(promise, situation)).toEqual([[page, ticket]]);
  expect(await alertsOf({ ...promise, minimumEvents: 20 }, situation)).toEqual([[]]);
});

test("nothing fires, and nothing is divided by zero, without traffic, without errors and without any series", async () => {
  const records = ["slo:sli_error:ratio_rate5m", "slo:sli_error:ratio_rate30d", "slo:definition:info"];
  const of = (series: Series) => simulate([slo(promise)], { series, minutes: 1, at: [20] }, records);
  const values = ({ samples }: Observed) =>
    Object.fromEntries(samples.map(({ expr, samples }) => [expr, samples.map(({ value }) => value)]));
  const [idle, flawless, nothing] = await Promise.all([
    of({ 'checkouts_total{result="ok"}': "5x20", 'checkouts_total{result="failed"}': "5x20" }),
    of({ 'checkouts_total{result="ok"}': "0+60x20" }),
    of({ unrelated: "1x20" }),
  ]);
  expect([idle, flawless, nothing].flatMap(({ alerts }) => alerts.flatMap(({ fired }) => fired))).toEqual([]);
  const unknown = { [records[0]!]: [], [records[1]!]: [], [records[2]!]: [1] };
  expect(values(idle)).toEqual(unknown);
  expect(values(flawless)).toEqual({ [records[0]!]: [0], [records[1]!]: [0], [records[2]!]: [1] });
  expect(values(nothing)).toEqual(unknown);
});

test("the ratio over the SLO's window weighs by traffic, where an average over time would not", async () => {
  // A busy day without a failure, then a quiet one in which every tenth event fails.
  const busy = Array.from({ length: 720 }, (_, at) => at * 10_000);
  const calm = Array.from({ length: 720 }, (_, at) => busy.at(-1)! + (at + 1) * 100);
  const series = {
    'checkouts_total{result="ok"}': [...busy, ...calm].join(" "),
    'checkouts_total{result="failed"}': `0x719 ${Array.from({ length: 720 }, (_, at) => (at + 1) * 10).join(" ")}`,
  };
  const events = busy.at(-1)! + 720 * 110;
  const raw = slo({
    ...promise,
    name: "raw",
    indicator: {
      raw: (window) =>
        `sum(rate(checkouts_total{result="failed"}[${window}])) / sum(rate(checkouts_total[${window}]))`,
    },
  });
  const { samples } = await simulate([slo(promise), raw], { series, minutes: 2, at: [2 * days - 2] }, [
    "slo:sli_error:ratio_rate30d",
  ]);
  const [exactly, averaged] = ["availability", "raw"].map(
    (name) => samples[0]!.samples.find(({ labels }) => labels.slo === name)!.value,
  );
  expect(exactly).toBeCloseTo(7200 / events, 4);
  expect(averaged).toBeGreaterThan(0.04);
});

test("an indicator that keeps a label has a budget and alerts for each of its values", async () => {
  const byModel: SloInput = {
    ...promise,
    indicator: {
      errors: (window) => `sum by (model) (rate(errors_total[${window}]))`,
      total: (window) => `sum by (model) (rate(calls_total[${window}]))`,
    },
  };
  const seen = await simulate(
    [slo(byModel)],
    {
      minutes: 1,
      at: [30],
      series: {
        'calls_total{model="a"}': "0+100x30",
        'calls_total{model="b"}': "0+100x30",
        'errors_total{model="b"}': "0+50x30",
      },
    },
    ["slo:period_error_budget_remaining:ratio"],
  );
  const fired = seen.alerts.flatMap(({ name, fired }) => fired.map(({ labels }) => [name, labels.model]));
  expect(fired).toEqual([
    [page, "b"],
    [ticket, "b"],
  ]);
  const budgets = seen.samples[0]!.samples.map(({ labels, value }) => [labels.model, Math.round(value)]);
  expect(Object.fromEntries(budgets)).toEqual({ a: 1, b: -499 });
});

const slothSpec = `
version: "prometheus/v1"
service: "checkout"
labels: { owner: "shop" }
slos:
  - name: "availability"
    objective: 99.9
    description: "Checkouts succeed."
    sli:
      events:
        error_query: sum(rate(checkouts_total{result=~"(failed|lost)"}[{{.window}}]))
        total_query: sum(rate(checkouts_total[{{.window}}]))
  - name: "share"
    objective: 99
    sli:
      raw:
        error_ratio_query: |
          sum(rate(checkouts_total{result="failed"}[{{.window}}]))
          /
          sum(rate(checkouts_total[{{.window}}]))
`;

test("the error ratios of an imported SLO are those that Sloth's queries give, over every window", async () => {
  const { files, problems } = importSlos([{ path: "sloth.yml", text: slothSpec }]);
  expect(problems).toEqual([]);
  const slos = files.flatMap((file) => file.slos);
  expect(slos.map(({ name }) => name)).toEqual(["availability", "share"]);
  const packs = slos.map((each) => slo(sloInput(each)));
  const windows = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"];
  // What Sloth records: the error query by the total query, or the ratio as it is.
  const filled = (query: string, window: string) => query.replaceAll("{{.window}}", window);
  const theirs = defineRules({
    name: "sloth",
    owner: "shop",
    groups: [
      {
        name: "sloth",
        rules: windows.flatMap((window) => [
          record(`sloth:availability:ratio_rate${window}`, {
            expr: filled(
              '(sum(rate(checkouts_total{result=~"(failed|lost)"}[{{.window}}]))) / (sum(rate(checkouts_total[{{.window}}])))',
              window,
            ),
          }),
          record(`sloth:share:ratio_rate${window}`, {
            expr: filled(
              '(sum(rate(checkouts_total{result="failed"}[{{.window}}])) / sum(rate(checkouts_total[{{.window}}])))',
              window,
            ),
          }),
        ]),
      },
    ],
  });
  const names = ["availability", "share"];
  const metrics = windows.flatMap((window) => [
    `slo:sli_error:ratio_rate${window}`,
    ...names.map((name) => `sloth:${name}:ratio_rate${window}`),
  ]);
  const { samples } = await simulate(
    [...packs, theirs],
    {
      minutes: 2,
      at: [720],
      series: {
        ...traffic(
          [
            { burn: 2, minutes: 240 },
            { burn: 90, minutes: 240 },
            { burn: 7, minutes: 240 },
          ],
          2,
        ),
        'checkouts_total{result="lost"}': "0+77x360",
      },
    },
    metrics,
  );
  const valueIn = (metric: string, name?: string) =>
    samples
      .find((each) => each.expr === metric)!
      .samples.find(({ labels }) => name === undefined || labels.slo === name)!.value;
  for (const window of windows) {
    for (const name of names) {
      const ours = valueIn(`slo:sli_error:ratio_rate${window}`, name);
      expect(ours).toBeGreaterThan(0);
      expect(ours).toBeCloseTo(valueIn(`sloth:${name}:ratio_rate${window}`), 12);
    }
  }
});

const reported = (ports: object, name: string) => `import { defineStack, slo } from "obs-stack";

const shop = { service: "checkout", owner: "shop", description: "Checkouts succeed.", window: "7d" };

export default defineStack({
  name: "${name}",
  ports: ${JSON.stringify(ports)},
  alerting: {
    packs: [
      slo({
        ...shop,
        name: "availability",
        objective: 99,
        indicator: {
          errors: (window) => \`sum(rate(checkouts_total{result="failed"}[\${window}]))\`,
          total: (window) => \`sum(rate(checkouts_total[\${window}]))\`,
        },
      }),
      slo({
        ...shop,
        name: "never-asked",
        objective: 99.9,
        indicator: { raw: (window) => \`avg_over_time(nothing_has_this_name[\${window}])\` },
      }),
    ],
  },
});
`;

/** Two events a second for seven days, of which 0.1 % failed; 3 % in the last two hours. As OpenMetrics, until now. */
function past(): string {
  const now = Math.floor(Date.now() / 1000);
  const labels = '{service="checkout",slo="availability"}';
  const lines: string[] = [];
  for (const [metric, rate] of [
    ["slo:sli_errors:rate5m", 0.002],
    ["slo:sli_events:rate5m", 2],
  ] as const) {
    lines.push(`# TYPE ${metric} gauge`);
    for (let at = now - 7 * 86_400 + 600; at <= now; at += 30) lines.push(`${metric}${labels} ${rate} ${at}`);
  }
  lines.push("# TYPE checkouts counter");
  for (const [result, perMinute] of [
    ["failed", 3],
    ["ok", 97],
  ] as const) {
    for (let minute = 0; minute <= 120; minute++) {
      lines.push(`checkouts_total{result="${result}"} ${minute * perMinute} ${now - (120 - minute) * 60}`);
    }
  }
  return `${lines.join("\n")}\n# EOF\n`;
}

test("obs slo report tells objective, budget, burn and end of what runs, and that there is no data", async () => {
  await withStack({}, async (stack) => {
    await stack.write("obs.config.ts", reported(stack.ports, String(stack.definition.name)));
    await stack.write("past.om", past());
    const data = join(stack.folder, ".obs", "data", "prometheus");
    await mkdir(data, { recursive: true });
    await execa(await findPromtool(), ["tsdb", "create-blocks-from", "openmetrics", "past.om", data], {
      cwd: stack.folder,
    });
    const before = await stack.obs(["slo", "report"]);
    expect(before.all).toContain("Nothing of this stack runs");
    expect(before.exitCode).toBe(1);

    await stack.ok(["up", "--runtime", "native"]);
    type Report = { slos: SloStatus[] };
    const slos = await waitFor(
      "the budget to be evaluated",
      async () => {
        const { slos } = await stack.json<Report>(["slo", "report"]);
        const evaluated = slos.some(({ budget, burnRate }) => budget && burnRate !== null);
        return evaluated && slos.length === 2 ? slos : undefined;
      },
      { timeoutMs: 300_000 },
    );
    const [availability, never] = slos;
    expect(availability).toMatchObject({
      service: "checkout",
      slo: "availability",
      objective: 99,
      window: "7d",
    });
    // A tenth of the budget of 1 % is used; at three times too fast the rest lasts 2.1 days.
    expect(availability!.budget!.remaining).toBeCloseTo(0.9, 1);
    expect(availability!.budget!.seconds / 3600).toBeCloseTo(0.9 * 0.01 * 7 * 24, 1);
    expect(availability!.budget!.events! / 1000).toBeCloseTo((0.9 * 0.01 * 2 * 7 * 86_400) / 1000, 0);
    expect(availability!.burnRate).toBeCloseTo(3, 1);
    expect(availability!.exhaustedIn! / 86_400).toBeCloseTo(2.1, 1);
    expect(never).toMatchObject({ slo: "never-asked", budget: null, burnRate: null, exhaustedIn: null });

    const loaded = (await (await fetch(stack.url("prometheus", "/api/v1/rules"))).json()) as {
      data: { groups: { file: string; rules: { name: string; health: string }[] }[] };
    };
    const rules = loaded.data.groups
      .filter(({ file }) => file.includes("slo-"))
      .flatMap(({ rules }) => rules);
    expect(rules.map(({ name }) => name)).toEqual(expect.arrayContaining([page, ticket]));
    expect(rules.filter(({ health }) => health === "err")).toEqual([]);

    const all = await stack.ok(["slo", "report"]);
    expect(all.stdout).toMatch(/checkout +availability +99 % over 7d +99\.9 % +(?:89|90)\S* % .* 3x +2 d/);
    expect(all.stdout).toMatch(/checkout +never-asked +99\.9 % over 7d +no data/);
    const one = await stack.ok(["slo", "report", "checkout/never-asked"]);
    expect(one.stdout).not.toContain("availability");
    const wrong = await stack.obs(["slo", "report", "availabilty"]);
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toContain('Did you mean "availability"?');
  });
});
