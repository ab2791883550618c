import pc from "picocolors";
import { type Anomaly, anomalyThreshold } from "../../llm/costs/anomalies.js";
import type { BudgetStatus } from "../../llm/costs/budget.js";
import { type Explanation, type Factor, factors } from "../../llm/costs/explain.js";
import type { Period } from "../../llm/costs/period.js";
import { type CostReport, type CostTotal, isUnattributed } from "../../llm/costs/report.js";
import type { Repriced } from "../../llm/costs/reprice.js";
import type { ListedPrice } from "../../llm/prices/list.js";
import { countText, percentText, usdText } from "./costs-text.js";
import { formatCsv } from "./csv.js";
import { columns } from "./table.js";

interface TextOptions {
  color: boolean;
}

/** Costs by one dimension, with what is missing in them said below. */
export function formatCosts(report: CostReport, { color }: TextOptions): string {
  const colors = pc.createColors(color);
  const { by, rows, others, total, previous } = report;
  const head = [
    by,
    "cost",
    "share",
    by === "day" ? "day before" : "before",
    "change",
    "calls",
    "errors",
    "tokens",
  ];
  const amounts = (each: CostTotal) => [
    usdText(each.costUsd),
    usdText(each.previousCostUsd),
    percentText(each.changePercent, { sign: true }),
    countText(each.calls),
    countText(each.errors),
    countText(each.tokens),
  ];
  const line = (name: string, share: string, each: CostTotal) => {
    const [cost = "", ...rest] = amounts(each);
    return [name, cost, share, ...rest];
  };
  const table = columns(
    [
      head.map((title) => colors.dim(title)),
      ...rows.map((row) => line(printable(row.key), percentText(row.sharePercent), row)),
      ...(others ? [line(colors.dim(`${others.count} others`), "", others)] : []),
      line(colors.bold("total"), "", total),
    ],
    { right: [1, 2, 3, 4, 5, 6, 7] },
  );
  const against = by === "day" ? "" : `, against ${periodText(previous)}`;
  return [
    `Cost by ${by}, ${periodText(report.period)} (${report.timeZone})${against}`,
    "",
    table,
    ...notes(report).map((note) => `\n${colors.yellow(note)}`),
  ].join("\n");
}

/** What a sum hides. */
function notes({ by, rows, total }: CostReport): string[] {
  const nobody = rows.find(isUnattributed);
  return [
    ...(nobody && nobody.calls > 0
      ? [
          `${countText(nobody.calls)} of the calls name no ${by}: ${usdText(nobody.costUsd)} is unattributed. Set it where they are made.`,
        ]
      : []),
    ...unpricedNote(total.unpricedCalls),
  ];
}

function unpricedNote(calls: number): string[] {
  return calls > 0
    ? [
        `${countText(calls)} calls with tokens have no price, and their cost is missing here. Give their models one in llm.prices, then run \`obs costs reprice\`.`,
      ]
    : [];
}

export function costsCsv({ by, rows }: CostReport): string {
  return formatCsv(
    [
      by,
      "cost_usd",
      "share_percent",
      "previous_cost_usd",
      "change_percent",
      "calls",
      "errors",
      "unpriced_calls",
      "tokens",
    ],
    rows.map((row) => [
      row.key,
      row.costUsd,
      row.sharePercent,
      row.previousCostUsd,
      row.changePercent,
      row.calls,
      row.errors,
      row.unpricedCalls,
      row.tokens,
    ]),
  );
}

/** A day's costs by feature and team, the unusual ones marked. */
export function formatAnomalies(anomalies: readonly Anomaly[], day: string, { color }: TextOptions): string {
  const colors = pc.createColors(color);
  const paint = { anomaly: colors.red, usual: colors.dim, "thin-history": colors.yellow, new: colors.yellow };
  const words = { anomaly: "unusual", usual: "as usual", "thin-history": "too few days to tell", new: "new" };
  const head = ["feature", "team", "cost", "usually", "z-score", "days", ""].map((title) =>
    colors.dim(title),
  );
  return [
    `Cost on ${day} against the days before; unusual from ${anomalyThreshold} standard deviations on`,
    "",
    columns(
      [
        head,
        ...anomalies.map(({ feature, team, costUsd, mean, zScore, days, verdict }) => [
          printable(feature),
          printable(team),
          usdText(costUsd),
          mean === null ? "" : usdText(mean.toFixed(12)),
          zScore === null ? "" : zScore.toFixed(1),
          String(days),
          paint[verdict](words[verdict]),
        ]),
      ],
      { right: [2, 3, 4, 5] },
    ),
  ].join("\n");
}

export function anomaliesCsv(anomalies: readonly Anomaly[]): string {
  return formatCsv(
    ["feature", "team", "cost_usd", "mean_usd", "deviation_usd", "z_score", "days", "verdict"],
    anomalies.map(({ feature, team, costUsd, mean, deviation, zScore, days, verdict }) => [
      feature,
      team,
      costUsd,
      fixed(mean),
      fixed(deviation),
      fixed(zScore),
      days,
      verdict,
    ]),
  );
}

/** How budgets stand. */
export function formatBudgets(budgets: readonly BudgetStatus[], { color }: TextOptions): string {
  const colors = pc.createColors(color);
  const paint = { exceeded: colors.red, "at-risk": colors.yellow, fine: colors.green };
  const words = { exceeded: "exceeded", "at-risk": "will be exceeded", fine: "fine" };
  const head = ["budget", "of", "a month", "spent", "", "forecast", "80 % within", "used up on", ""].map(
    (title) => colors.dim(title),
  );
  return [
    columns(
      [
        head,
        ...budgets.map(
          ({ name, scope, of, budgetUsd, spentUsd, spentPercent, forecast, exhaustedOn, verdict }) => [
            name,
            `${scope} ${printable(of)}`,
            usdText(budgetUsd),
            usdText(spentUsd),
            percentText(spentPercent),
            forecast ? usdText(forecast.usd) : colors.dim("no day yet"),
            forecast ? `${usdText(forecast.lowUsd)} to ${usdText(forecast.highUsd)}` : "",
            exhaustedOn ?? "",
            paint[verdict](words[verdict]),
          ],
        ),
      ],
      { right: [2, 3, 4, 5] },
    ),
    ...unpricedNote(budgets.reduce((all, { unpricedCalls }) => Math.max(all, unpricedCalls), 0)).map(
      (note) => `\n${colors.yellow(note)}`,
    ),
  ].join("\n");
}

export function budgetsCsv(budgets: readonly BudgetStatus[]): string {
  return formatCsv(
    [
      "budget",
      "scope",
      "of",
      "budget_usd",
      "spent_usd",
      "spent_percent",
      "forecast_usd",
      "forecast_low_usd",
      "forecast_high_usd",
      "exhausted_on",
      "verdict",
    ],
    budgets.map(({ name, scope, of, budgetUsd, spentUsd, spentPercent, forecast, exhaustedOn, verdict }) => [
      name,
      scope,
      of,
      budgetUsd,
      spentUsd,
      spentPercent,
      forecast?.usd,
      forecast?.lowUsd,
      forecast?.highUsd,
      exhaustedOn,
      verdict,
    ]),
  );
}

const effectNames: Readonly<Record<Factor, string>> = {
  volume: "more or fewer calls",
  mix: "other models",
  tokens: "longer or shorter calls",
  price: "price of a token",
};

/** Models that are shown of an explanation. */
const shownModels = 10;

/** Why costs changed: what each factor made of it, and the models behind. */
export function formatExplanation(explanation: Explanation, { color }: TextOptions): string {
  const colors = pc.createColors(color);
  const { period, previous, beforeUsd, nowUsd, changeUsd, effects, models, unpricedCalls } = explanation;
  const share = (effect: string) =>
    Number(changeUsd) === 0 ? "" : percentText((Number(effect) / Number(changeUsd)) * 100);
  const causes = columns(
    [
      ...factors.map((factor) => [
        effectNames[factor],
        usdText(effects[factor], { sign: true }),
        share(effects[factor]),
      ]),
      [colors.bold("change"), usdText(changeUsd, { sign: true }), ""],
    ],
    { right: [1, 2] },
  );
  const head = ["model", "before", "now", "change", "calls before", "now", "tokens per call before", "now"];
  const table = columns(
    [
      head.map((title) => colors.dim(title)),
      ...models
        .slice(0, shownModels)
        .map(({ model, beforeUsd, nowUsd, changeUsd, calls, tokensPerCall }) => [
          printable(model),
          usdText(beforeUsd),
          usdText(nowUsd),
          usdText(changeUsd, { sign: true }),
          ...calls.map(countText),
          ...tokensPerCall.map(countText),
        ]),
    ],
    { right: [1, 2, 3, 4, 5, 6, 7] },
  );
  return [
    `${usdText(beforeUsd)} from ${periodText(previous)} became ${usdText(nowUsd)} from ${periodText(period)}:`,
    "",
    causes,
    "",
    table,
    ...unpricedNote(unpricedCalls).map((note) => `\n${colors.yellow(note)}`),
  ].join("\n");
}

export function explanationCsv({ effects, changeUsd }: Explanation): string {
  return formatCsv(
    ["cause", "effect_usd"],
    [...factors.map((factor) => [factor, effects[factor]]), ["change", changeUsd]],
  );
}

const priceColumns = ["input", "output", "cacheRead", "cacheWrite", "reasoning"] as const;

/** Prices in force, in US dollars per million tokens. */
export function formatPrices(prices: readonly ListedPrice[], { color }: TextOptions): string {
  const colors = pc.createColors(color);
  const head = [
    "provider",
    "model",
    "input",
    "output",
    "cache read",
    "cache write",
    "reasoning",
    "since",
    "source",
    "",
  ];
  return [
    "US dollars per million tokens",
    "",
    columns(
      [
        head.map((title) => colors.dim(title)),
        ...prices.map((price) => [
          price.provider,
          price.serviceTier ? `${price.model} (${price.serviceTier})` : price.model,
          ...priceColumns.map((kind) => price[kind] ?? ""),
          price.since ?? "",
          price.source,
          colors.dim(price.note ?? ""),
        ]),
      ],
      { right: [2, 3, 4, 5, 6] },
    ),
  ].join("\n");
}

export function pricesCsv(prices: readonly ListedPrice[]): string {
  return formatCsv(
    [
      "provider",
      "model",
      "service_tier",
      "input_usd",
      "output_usd",
      "cache_read_usd",
      "cache_write_usd",
      "reasoning_usd",
      "since",
      "source",
      "note",
    ],
    prices.map((price) => [
      price.provider,
      price.model,
      price.serviceTier,
      ...priceColumns.map((kind) => price[kind]),
      price.since,
      price.source,
      price.note,
    ]),
  );
}

/** What came of pricing calls again, in a few lines. */
export function formatRepriced({
  calls,
  newlyPriced,
  changed,
  stillUnpriced,
  kept,
  differenceUsd,
}: Repriced): string {
  return [
    `${countText(calls)} calls were looked at: ${countText(newlyPriced)} got a price, ${countText(changed)} another one; that is ${usdText(differenceUsd, { sign: true })}.`,
    ...(stillUnpriced > 0 ? [`${countText(stillUnpriced)} calls with tokens still have no price.`] : []),
    ...(kept > 0 ? [`${countText(kept)} keep a price that nothing gives any more.`] : []),
  ].join("\n");
}

function periodText({ from, to }: Period): string {
  return from === to ? from : `${from} to ${to}`;
}

/** Names come from whoever sends telemetry: nothing that a terminal obeys, and no line of its own. */
function printable(name: string): string {
  const clean = name.replace(/\p{C}/gu, "\uFFFD");
  return clean.length > 60 ? `${clean.slice(0, 59)}…` : clean;
}

function fixed(value: number | null): string | null {
  return value === null ? null : String(Number(value.toFixed(6)));
}
