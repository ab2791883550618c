import pg from "pg";
import { findAnomalies } from "../../llm/costs/anomalies.js";
import { budgetStatuses } from "../../llm/costs/budget.js";
import { explainChange } from "../../llm/costs/explain.js";
import { moneyGauges } from "../../llm/costs/gauges.js";
import { type CostReport, costsBy } from "../../llm/costs/report.js";
import { repriceCalls } from "../../llm/costs/reprice.js";
import { dimensionColumns, dimensions } from "../../llm/costs/usage.js";
import { hashUser } from "../../llm/ledger/store.js";
import { loadPriceCall } from "../../llm/prices/price.js";
import type { PriceCall } from "../../llm/prices/types.js";
import { stackSchema } from "../../stack/define.js";
import { otlpJson } from "../support/llm-otlp.js";
import { freshCall } from "../support/llm-spans.js";
import { startPostgres, type TestPostgres } from "../support/postgres.js";
import { parsedOutput, runObs } from "../support/run-obs.js";
import { config, withProject } from "../support/temporary-project.js";
import { fillUsage, makeLedgerTables } from "../support/usage-rows.js";
import { waitFor } from "../support/wait-for.js";
import { withStack } from "../support/with-stack.js";

const utc = { timeZone: "UTC" };
const from = "2026-09-01";
const days = 80;
const october = { from: "2026-10-01", to: "2026-10-31" };

let server: TestPostgres;
let url: string;
let client: pg.Client;

beforeAll(async () => {
  server = await startPostgres();
  url = await server.database("costs");
  client = await connected(url);
  await makeLedgerTables(client);
  await fillUsage(client, { rows: 40_000, from, days });
}, 120_000);

afterAll(async () => {
  await client?.end();
  await server?.stop();
}, 60_000);

async function connected(address: string): Promise<pg.Client> {
  const made = new pg.Client({ connectionString: address });
  await made.connect();
  return made;
}

/** A database of its own with some calls, for tests that change them. */
async function withCopy(name: string, rows: number, use: (copy: pg.Client) => Promise<void>): Promise<void> {
  const copy = await connected(await server.database(name));
  try {
    await makeLedgerTables(copy);
    await fillUsage(copy, { rows, from, days });
    await use(copy);
  } finally {
    await copy.end();
  }
}

async function byHand<T extends object>(sql: string, values: unknown[] = []): Promise<T[]> {
  return (await client.query<T>(sql, values)).rows;
}

const within = `"timestamp" >= $1::date::timestamp AT TIME ZONE 'UTC' AND "timestamp" < ($2::date + 1)::timestamp AT TIME ZONE 'UTC'`;

describe("costs of a period", () => {
  it.each(dimensions.filter((by) => by !== "day"))("by %s are what a query of the calls says", async (by) => {
    const unnamed = by === "model" || by === "provider" ? "unknown" : "unattributed";
    const expected = await byHand(
      `SELECT coalesce(${dimensionColumns[by]}, '${unnamed}') AS key, trim_scale(coalesce(sum(cost_usd), 0))::text AS "costUsd",
         count(*)::int AS calls, count(*) FILTER (WHERE status = 'error')::int AS errors, sum(total_tokens)::float8 AS tokens,
         count(*) FILTER (WHERE cost_usd IS NULL)::int AS "unpricedCalls"
       FROM llm_usage WHERE ${within} GROUP BY 1 ORDER BY coalesce(sum(cost_usd), 0) DESC, count(*) DESC, 1`,
      [october.from, october.to],
    );
    const { rows, previous } = await costsBy(client, by, october, { scope: utc });
    expect(rows).toEqual(expected.map((row) => expect.objectContaining(row)));
    expect(previous).toEqual({ from: "2026-09-01", to: "2026-09-30" });
    const shares = rows.reduce((sum, { sharePercent }) => sum + sharePercent, 0);
    expect(Math.abs(shares - 100)).toBeLessThan(0.05 * rows.length + 0.01);
  });

  it("are compared with the period before, by row and in sum", async () => {
    const { rows, total } = await costsBy(client, "team", october, { scope: utc });
    const before = await costsBy(client, "team", { from: "2026-09-01", to: "2026-09-30" }, { scope: utc });
    expect(total.previousCostUsd).toBe(before.total.costUsd);
    for (const { key, previousCostUsd } of rows)
      expect(previousCostUsd).toBe(before.rows.find((row) => row.key === key)!.costUsd);
    const [now, then] = [Number(total.costUsd), Number(total.previousCostUsd)];
    expect(total.changePercent).toBeCloseTo((now / then - 1) * 100, 0);
  });

  it("by day have every day, in order, against the day before", async () => {
    const { rows, total } = await costsBy(
      client,
      "day",
      { from: "2026-11-10", to: "2026-11-25" },
      { scope: utc },
    );
    expect(rows.map(({ key }) => key)).toHaveLength(16);
    expect(rows[0]).toMatchObject({ key: "2026-11-10" });
    expect(rows[0]!.previousCostUsd).not.toBe("0");
    expect(rows[1]!.previousCostUsd).toBe(rows[0]!.costUsd);
    // The calls end on the 19th.
    expect(rows.at(-1)).toMatchObject({ key: "2026-11-25", calls: 0, costUsd: "0" });
    const all = await costsBy(client, "team", { from: "2026-11-10", to: "2026-11-25" }, { scope: utc });
    expect(total).toEqual(all.total);
  });

  it("by the dearest few have the others as one sum, and the same total", async () => {
    const all = await costsBy(client, "user", october, { scope: utc });
    const few = await costsBy(client, "user", october, { scope: utc, top: 3 });
    expect(few.rows).toEqual(all.rows.slice(0, 3));
    expect(few.others!.count).toBe(all.rows.length - 3);
    expect(few.total).toEqual(all.total);
    expect(
      (Number(few.others!.costUsd) + few.rows.reduce((sum, row) => sum + Number(row.costUsd), 0)).toFixed(6),
    ).toBe(Number(all.total.costUsd).toFixed(6));
  });

  it("by the dearest days have them in their order", async () => {
    const all = await costsBy(client, "day", october, { scope: utc });
    const few = await costsBy(client, "day", october, { scope: utc, top: 4 });
    const dearest = all.rows.toSorted((a, b) => Number(b.costUsd) - Number(a.costUsd)).slice(0, 4);
    expect(few.rows.map(({ key }) => key)).toEqual(dearest.map(({ key }) => key).sort());
  });

  it("of one team, feature and user are those of the calls that are all three", async () => {
    const [busiest] = await byHand<{ team_id: string; feature: string; user_id: string }>(
      `SELECT team_id, feature, user_id FROM llm_usage
       WHERE ${within} AND team_id IS NOT NULL AND feature IS NOT NULL AND user_id IS NOT NULL
       GROUP BY 1, 2, 3 ORDER BY count(*) DESC, 1, 2, 3 LIMIT 1`,
      [october.from, october.to],
    );
    const { team_id: team, feature, user_id: user } = busiest!;
    const [expected] = await byHand<{ cost: string }>(
      `SELECT trim_scale(sum(cost_usd))::text AS cost FROM llm_usage WHERE ${within} AND team_id = $3 AND feature = $4 AND user_id = $5`,
      [october.from, october.to, team, feature, user],
    );
    const scope = { ...utc, team, feature, user };
    for (const by of ["model", "user", "feature"] as const)
      expect((await costsBy(client, by, october, { scope })).total.costUsd).toBe(expected!.cost);
  });

  it("of another time zone are those of its days", async () => {
    const timeZone = "Asia/Kolkata";
    const day = { from: "2026-10-10", to: "2026-10-10" };
    const [expected] = await byHand(
      `SELECT trim_scale(sum(cost_usd))::text AS "costUsd", count(*)::int AS calls FROM llm_usage
       WHERE "timestamp" >= '2026-10-09T18:30:00Z' AND "timestamp" < '2026-10-10T18:30:00Z'`,
    );
    const there = await costsBy(client, "team", day, { scope: { timeZone } });
    expect(there.total).toMatchObject(expected!);
    const here = await costsBy(client, "team", day, { scope: utc });
    expect(there.total.costUsd).not.toBe(here.total.costUsd);
  });

  it("are none before the first call", async () => {
    const { rows, total } = await costsBy(
      client,
      "team",
      { from: "2020-01-01", to: "2020-01-31" },
      { scope: utc },
    );
    expect([rows, total.costUsd, total.changePercent]).toEqual([[], "0", null]);
  });
});

test("an explanation adds up to the change, exactly, and its sums are the report's", async () => {
  const period = { from: "2026-10-05", to: "2026-10-18" };
  const { changeUsd, nowUsd, beforeUsd, effects } = await explainChange(client, period, utc);
  const { total } = await costsBy(client, "model", period, { scope: utc });
  expect([nowUsd, beforeUsd]).toEqual([total.costUsd, total.previousCostUsd]);
  const [sum] = await byHand<{ same: boolean }>(
    "SELECT $1::numeric + $2::numeric + $3::numeric + $4::numeric = $5::numeric AS same",
    [...Object.values(effects), changeUsd],
  );
  expect(sum!.same).toBe(true);
});

test("a feature that jumped is found, with today left out of what is usual", async () => {
  await withCopy("anomalies", 20_000, async (copy) => {
    const day = "2026-11-10";
    const before = await findAnomalies(copy, day, utc);
    expect(before.filter(({ verdict }) => verdict === "anomaly")).toEqual([]);
    expect(before).toHaveLength(20);
    await copy.query(
      `UPDATE llm_usage_daily SET cost_usd = cost_usd * 5 WHERE day = $1 AND feature = 'chat' AND team_id = 'search'`,
      [day],
    );
    const [first, second] = await findAnomalies(copy, day, utc);
    expect(first).toMatchObject({ feature: "chat", team: "search", verdict: "anomaly", days: 28 });
    expect(second!.verdict).toBe("usual");
    // The day itself has no part in the mean of what is usual.
    const same = before.find(({ feature, team }) => feature === "chat" && team === "search")!;
    expect([first!.mean, first!.deviation]).toEqual([same.mean, same.deviation]);
    const early = await findAnomalies(copy, "2026-09-04", utc);
    expect(new Set(early.map(({ verdict }) => verdict))).toEqual(new Set(["thin-history"]));
  });
});

test("alerts get gauges of what the reports say", async () => {
  const now = new Date("2026-11-15T12:00:00Z");
  const { budgets } = stackSchema.parse({
    name: "shop",
    llm: { budgets: { search: { team: "search", monthlyUsd: 10 }, alice: { user: "alice", monthlyUsd: 5 } } },
  }).llm;
  const hash = (id: string) => hashUser("k", id);
  const gauges = await moneyGauges(client, { budgets, hashUser: hash, now });
  const anomalies = await findAnomalies(client, "2026-11-15", utc);
  const [search] = await budgetStatuses(client, budgets, { today: "2026-11-15", ...utc, hashUser: hash });
  expect(gauges).toEqual([
    {
      name: "llm_cost_anomaly_zscore",
      samples: anomalies.map(({ feature, team, zScore }) => ({ labels: { feature, team }, value: zScore })),
    },
    {
      name: "llm_budget_usd",
      samples: [
        { labels: { budget: "search", scope: "team" }, value: 10 },
        { labels: { budget: "alice", scope: "user" }, value: 5 },
      ],
    },
    {
      name: "llm_budget_spent_usd",
      samples: [
        { labels: { budget: "search", scope: "team" }, value: Number(search!.spentUsd) },
        { labels: { budget: "alice", scope: "user" }, value: 0 },
      ],
    },
    {
      name: "llm_budget_forecast_usd",
      samples: [{ labels: { budget: "search", scope: "team" }, value: Number(search!.forecast!.usd) }],
    },
  ]);
  expect(gauges[0]!.samples).toHaveLength(20);
});

test("budgets of a team, a feature and a user go by their own calls of the month", async () => {
  const today = "2026-11-15";
  const key = "k";
  const budgets = stackSchema.parse({
    name: "shop",
    llm: {
      budgets: {
        "the-team": { team: "search", monthlyUsd: "0.01" },
        "the-feature": { feature: "chat", monthlyUsd: 1_000_000 },
        "the-user": { user: "alice", monthlyUsd: 10 },
      },
    },
  }).llm.budgets;
  const [sums] = await byHand<{ team: string; feature: string }>(
    `SELECT trim_scale(sum(cost_usd) FILTER (WHERE team_id = 'search'))::text AS team,
       trim_scale(sum(cost_usd) FILTER (WHERE feature = 'chat'))::text AS feature FROM llm_usage WHERE ${within}`,
    ["2026-11-01", today],
  );
  const statuses = await budgetStatuses(client, budgets, {
    today,
    ...utc,
    hashUser: (id) => hashUser(key, id),
  });
  expect(statuses).toMatchObject([
    { scope: "team", of: "search", spentUsd: sums!.team, verdict: "exceeded", exhaustedOn: "2026-11-01" },
    { scope: "feature", of: "chat", spentUsd: sums!.feature, verdict: "fine", exhaustedOn: null },
    { scope: "user", of: "alice", spentUsd: "0", forecast: null, verdict: "fine" },
  ]);
  const { usd, lowUsd, highUsd } = statuses[1]!.forecast!;
  expect(Number(usd)).toBeCloseTo(Number(sums!.feature) * 2, -1);
  expect(Number(lowUsd)).toBeLessThan(Number(usd));
  expect(Number(highUsd)).toBeGreaterThan(Number(usd));
});

describe("pricing calls again", () => {
  /** What the calls are made of, plus a price for the model that had none, from a day on. */
  async function prices(llm: object = {}): Promise<PriceCall> {
    return loadPriceCall(stackSchema.parse({ name: "shop", llm }).llm);
  }
  const inHouse = {
    prices: [{ provider: "own", model: "in-house", from: "2026-10-01", input: 1, output: 2 }],
  };

  const rollUpsOff = `SELECT count(*)::int AS n FROM (
    (SELECT sum(cost_usd) AS c, count(*) FILTER (WHERE cost_usd IS NULL) AS u FROM llm_usage)
    EXCEPT (SELECT sum(cost_usd), sum(unpriced_calls) FROM llm_usage_daily)
    UNION ALL ((SELECT sum(cost_usd), count(*) FILTER (WHERE cost_usd IS NULL) FROM llm_usage)
    EXCEPT (SELECT sum(cost_usd), sum(unpriced_calls) FROM llm_usage_daily_users))) AS off`;

  it("gives a price to those that had none, from its day on, and to the roll-ups, once", async () => {
    await withCopy("reprice_new", 10_000, async (copy) => {
      const priceCall = await prices(inHouse);
      const result = await repriceCalls(copy, priceCall, {});
      const { rows } = await copy.query<{ early: number; priced: number; right: boolean }>(
        `SELECT count(*) FILTER (WHERE "timestamp" < '2026-10-01Z' AND cost_usd IS NULL)::int AS early,
           count(*) FILTER (WHERE "timestamp" >= '2026-10-01Z' AND cost_usd IS NOT NULL)::int AS priced,
           bool_and(cost_usd = input_tokens * 0.000001 + output_tokens * 0.000002) AS right
         FROM llm_usage WHERE model = 'in-house'`,
      );
      expect(rows[0]!.early + rows[0]!.priced).toBe(100);
      expect(rows[0]!.right).toBe(true);
      expect(result).toMatchObject({
        calls: 10_000,
        newlyPriced: rows[0]!.priced,
        stillUnpriced: rows[0]!.early,
        changed: 0,
        kept: 0,
      });
      expect((await copy.query(rollUpsOff)).rows).toEqual([{ n: 0 }]);
      expect(await repriceCalls(copy, priceCall, {})).toMatchObject({
        newlyPriced: 0,
        changed: 0,
        differenceUsd: "0",
      });
    });
  });

  it("applies an override of a past day to the calls of that day alone", async () => {
    await withCopy("reprice_past", 10_000, async (copy) => {
      const llm = {
        prices: [
          {
            provider: "openai",
            model: "gpt-4o",
            from: "2026-09-10",
            until: "2026-09-20",
            input: 5,
            output: 20,
          },
        ],
      };
      const sum = async (where: string) =>
        (
          await copy.query<{ cost: string }>(
            `SELECT trim_scale(sum(cost_usd))::text AS cost FROM llm_usage WHERE model = 'gpt-4o' AND ${where}`,
          )
        ).rows[0]!.cost;
      const inside = `"timestamp" >= '2026-09-10Z' AND "timestamp" < '2026-09-20Z'`;
      const before = [await sum(inside), await sum(`NOT (${inside})`)];
      // The made-up price of the calls is the published one.
      await repriceCalls(copy, await prices(llm), { period: { from: "2026-09-01", to: "2026-09-30" } });
      expect(Number(await sum(inside))).toBeCloseTo(Number(before[0]) * 2, 8);
      expect(await sum(`NOT (${inside})`)).toBe(before[1]);
      expect((await copy.query(rollUpsOff)).rows).toEqual([{ n: 0 }]);
      const { rows } = await copy.query(
        "SELECT DISTINCT left(price_version, 4) AS v FROM llm_usage WHERE cost_usd IS NOT NULL ORDER BY 1",
      );
      expect(rows).toEqual([{ v: "gena" }, { v: "own:" }]);
    });
  });

  it("leaves a ledger that adds up when it is stopped, and goes on when it is run again", async () => {
    await withCopy("reprice_stopped", 10_000, async (copy) => {
      const priceCall = await prices(inHouse);
      const stop = new AbortController();
      await expect(
        repriceCalls(copy, priceCall, {
          signal: stop.signal,
          onProgress: () => stop.abort(new Error("stopped")),
        }),
      ).rejects.toThrow("stopped");
      expect((await copy.query(rollUpsOff)).rows).toEqual([{ n: 0 }]);
      const { newlyPriced, stillUnpriced } = await repriceCalls(copy, priceCall, {});
      expect(newlyPriced).toBeGreaterThan(0);
      const { rows } = await copy.query("SELECT count(*)::int AS n FROM llm_usage WHERE cost_usd IS NULL");
      expect(rows).toEqual([{ n: stillUnpriced }]);
      expect((await copy.query(rollUpsOff)).rows).toEqual([{ n: 0 }]);
    });
  });

  it("keeps the price of a call that would have none", async () => {
    await withCopy("reprice_kept", 1_000, async (copy) => {
      const before = (await copy.query("SELECT sum(cost_usd) AS cost FROM llm_usage")).rows;
      const result = await repriceCalls(
        copy,
        () => ({ costUsd: null, priceVersion: null, unpricedReason: "unknown-model" }),
        {},
      );
      expect(result).toMatchObject({ kept: 990, stillUnpriced: 10, differenceUsd: "0" });
      expect((await copy.query("SELECT sum(cost_usd) AS cost FROM llm_usage")).rows).toEqual(before);
    });
  });
});

describe("obs costs", () => {
  // Where no ledger of the stack is meant, DATABASE_URL says which is.
  const files = { "obs.config.ts": config('{ name: "shop", llm: { ledger: { enabled: false } } }') };
  const obs = (folder: string, args: string[], env: Record<string, string> = {}) =>
    runObs(["costs", ...args], { cwd: folder, env: { DATABASE_URL: url, ...env } });

  test("prints the same numbers as a table, CSV and JSON, and names what is missing", async () => {
    await withProject(files, async ({ folder }) => {
      const args = ["by", "team", "--from", "2026-10", "--to", "2026-10"];
      const json = parsedOutput<{ rows: { key: string; costUsd: string }[] }>(
        await obs(folder, [...args, "--format", "json"]),
      );
      const { rows } = await costsBy(client, "team", october, { scope: utc });
      expect(json.rows).toEqual(rows);
      const csv = await obs(folder, [...args, "--format", "csv"]);
      expect(
        csv.stdout
          .split("\r\n")
          .slice(1)
          .map((line) => line.split(",").slice(0, 2)),
      ).toEqual(rows.map(({ key, costUsd }) => [key, costUsd]));
      const table = await obs(folder, args);
      expect(table.stdout).toContain(
        "Cost by team, 2026-10-01 to 2026-10-31 (UTC), against 2026-09-01 to 2026-09-30",
      );
      expect(table.stdout).toMatch(/calls name no team: \$[\d.,]+ is unattributed/);
      expect(table.stdout).toMatch(/\d+ calls with tokens have no price/);
      expect([json, csv, table].map((run) => ("exitCode" in run ? run.exitCode : 0))).toEqual([0, 0, 0]);
    });
  }, 300_000);

  test("finds a user by the hash of the id alone", async () => {
    await withProject(files, async ({ folder }) => {
      const copy = await server.database("hashed");
      const other = await connected(copy);
      await makeLedgerTables(other);
      await fillUsage(other, { rows: 500, from, days });
      await other.query("UPDATE llm_usage SET user_id = $1 WHERE user_id = md5('user5')", [
        hashUser("the key", "alice"),
      ]);
      await other.query("SELECT llm_rebuild_daily($1::date, $1::date + 90)", [from]);
      await other.end();
      const args = ["by", "feature", "--user", "alice", "--from", "2026-09", "--format", "json"];
      const run = await obs(folder, args, { DATABASE_URL: copy, OBS_LEDGER_USER_KEY: "the key" });
      expect(parsedOutput<{ total: { calls: number } }>(run).total.calls).toBe(1);
      const without = await obs(folder, args, { DATABASE_URL: copy });
      expect([without.exitCode, without.stderr]).toEqual([2, expect.stringContaining("no-user-key")]);
    });
  }, 300_000);

  test("says what is wrong: no database, none that answers, one without a ledger, no calls, no period, no zone", async () => {
    await withProject(files, async ({ folder }) => {
      const empty = await server.database("empty");
      const said = async (args: string[], env: Record<string, string> = {}) => {
        const { exitCode, stderr } = await obs(folder, args, env);
        return [exitCode, /\[([\w-]+)\]/.exec(stderr)?.[1]];
      };
      expect(await said(["by", "team"], { DATABASE_URL: "" })).toEqual([2, "no-ledger"]);
      expect(await said(["by", "team"], { DATABASE_URL: "costs" })).toEqual([2, "ledger-address"]);
      expect(await said(["by", "team"], { DATABASE_URL: "postgres://obs:hidden@127.0.0.1:1/x" })).toEqual([
        2,
        "ledger-unreachable",
      ]);
      expect(await said(["by", "team"], { DATABASE_URL: empty })).toEqual([2, "no-ledger-tables"]);
      expect(await said(["by", "team"], { DATABASE_URL: url.replace(/\w+$/, "nothing") })).toEqual([
        2,
        "ledger-unreachable",
      ]);
      expect(await said(["by", "team", "--from", "2020-01", "--to", "2020-01"])).toEqual([0, "no-calls"]);
      expect(await said(["by", "team", "--from", "2026-02-30"])).toEqual([1, "costs-period"]);
      expect(await said(["by", "team", "--time-zone", "Mars"])).toEqual([1, "unknown-time-zone"]);
      expect(await said(["budget"])).toEqual([0, "no-budget"]);
    });
  }, 300_000);

  test("a reader can't write, whatever it is asked", async () => {
    const { withLedger } = await import("../../llm/costs/ledger.js");
    const { signal } = new AbortController();
    await expect(
      withLedger(url, { role: "reader", signal }, (reader) => reader.query("DELETE FROM llm_usage")),
    ).rejects.toThrow("database");
    expect((await costsBy(client, "team", october, { scope: utc })).total.calls).toBeGreaterThan(0);
  });
});

test("a call on its way through a running stack ends in obs costs, under its user, and gets a price later", async () => {
  const budgets = { "live-team": { feature: "live", monthlyUsd: 5 } };
  const definition = { llm: { budgets } };
  await withStack({ definition, up: "native" }, async (stack) => {
    const calls = Array.from({ length: 10 }, () =>
      freshCall({ feature: "live", "gen_ai.request.model": "in-house", "user.id": "alice" }),
    );
    const response = await fetch(stack.url("otlpHttp", "/v1/traces"), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(otlpJson(calls)),
    });
    expect(response.status).toBe(200);
    const report = async () =>
      parsedOutput<CostReport>(
        await stack.ok(["costs", "by", "feature", "--user", "alice", "--format", "json"]),
      );
    await waitFor("the calls in the report", async () => (await report()).total.calls === 10);
    expect(await report()).toMatchObject({
      rows: [{ key: "live", calls: 10, unpricedCalls: 10, costUsd: "0" }],
    });
    await stack.define({
      llm: { ...definition.llm, prices: [{ model: "in-house", input: 1, output: 2 }] },
    });
    expect((await stack.ok(["costs", "reprice"])).stdout).toContain("10 got a price");
    // 100 tokens in, 20 out.
    expect((await report()).total).toMatchObject({ unpricedCalls: 0, costUsd: "0.0014" });
    const query = new URLSearchParams({ query: 'llm_budget_usd{budget="live-team",scope="feature"}' });
    await waitFor("the budget in Prometheus", async () => {
      const { data } = (await (await fetch(stack.url("prometheus", `/api/v1/query?${query}`))).json()) as {
        data: { result: { value: [number, string] }[] };
      };
      return data.result[0]?.value[1] === "5";
    });
  });
}, 600_000);
