import { Argument, type Command, Option } from "commander";
import type { Client } from "pg";
import type { LedgerAccess, LedgerRole } from "../../llm/costs/ledger.js";
import type { Period } from "../../llm/costs/period.js";
import type { Dimension, Scope } from "../../llm/costs/usage.js";
import { action, type Context } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";
import { countArgument } from "../options.js";

export function register(program: Command): void {
  const costs = program
    .command("costs")
    .helpGroup(groups.models)
    .summary("tell what calls of models cost, why it changed, and what there is left of budgets")
    .description(
      "Reads the ledger of calls: that of the stack (llm.ledger), else the database of DATABASE_URL, in the environment or .env.",
    );
  registerBy(costs);
  registerExplain(costs);
  registerAnomalies(costs);
  registerBudget(costs);
  registerPrices(costs);
  registerReprice(costs);
}

interface FormatOptions {
  format: "table" | "csv" | "json";
}

interface ZoneOptions {
  timeZone: string;
}

interface ScopeOptions extends ZoneOptions {
  from?: string;
  to?: string;
  team?: string;
  feature?: string;
  user?: string;
}

/** Kept in line with `dimensions` by a test: reading them from there would load what help doesn't need. */
const dimensionNames = ["feature", "team", "user", "model", "provider", "day", "service"];

function formatOption(): Option {
  return new Option("--format <format>", "how to print it")
    .choices(["table", "csv", "json"])
    .default("table");
}

function zoneOption(): Option {
  return new Option("--time-zone <zone>", "whose days are meant; others than UTC take longer").default("UTC");
}

function withScope(command: Command): Command {
  return command
    .option("--from <day>", "first day or month, 2026-11-01 or 2026-11 (default: the first of the month)")
    .option("--to <day>", "last day or month (default: today)")
    .option("--team <team>", "only calls of this team; `unattributed` for those of none")
    .option("--feature <feature>", "only calls of this feature")
    .option("--user <id>", "only calls for this user; it is compared as a keyed hash")
    .addOption(zoneOption())
    .addOption(formatOption());
}

function registerBy(costs: Command): void {
  withScope(
    costs
      .command("by")
      .summary("sum costs by feature, team, user, model, provider, day or service")
      .description(
        "Sums what calls cost in a period, against the period before: of whole months as many months, of a month so far the " +
          "same days of the month before, else as many days.",
      )
      .addArgument(new Argument("<dimension>", "what to tell costs apart by").choices(dimensionNames))
      .option("--top <n>", "only the dearest so many, the others as one sum", countArgument),
  )
    .addHelpText(
      "after",
      examples([
        ["obs costs by feature", "of the month so far"],
        ["obs costs by model --team search --from 2026-10 --to 2026-10", "of one team in October"],
        ["obs costs by user --top 10", "who costs most?"],
        ["obs costs by day --format csv > costs.csv", "for a spreadsheet"],
      ]),
    )
    .action(
      action(async (context, options: ScopeOptions & FormatOptions & { top?: number }, by: Dimension) => {
        const { costsBy } = await import("../../llm/costs/report.js");
        const { top, format } = options;
        const { period, ask } = await asked(context, options);
        const report = await ask((client, scope) => costsBy(client, by, period, { scope, top }));
        await print(context, format, report, async () => {
          const { costsCsv, formatCosts } = await import("../reporters/costs.js");
          return format === "csv" ? costsCsv(report) : formatCosts(report, color(context));
        });
        if (report.total.calls === 0) await noCalls(context, period);
        return 0;
      }),
    );
}

function registerExplain(costs: Command): void {
  withScope(
    costs
      .command("explain")
      .summary("split a change of costs into calls, models, tokens and prices")
      .description(
        "Tells what made costs change against the period before: the number of calls, which models they went to, tokens per " +
          "call, and what a token cost. The four add up to the change.",
      ),
  )
    .addHelpText(
      "after",
      examples([
        ["obs costs explain --from 2026-11-14 --to 2026-11-20", "this week against the last"],
        [
          "obs costs explain --team search --feature chat --from 2026-10 --to 2026-10",
          "October against September",
        ],
      ]),
    )
    .action(
      action(async (context, options: ScopeOptions & FormatOptions) => {
        const { explainChange } = await import("../../llm/costs/explain.js");
        const { period, ask } = await asked(context, options);
        const explanation = await ask((client, scope) => explainChange(client, period, scope));
        await print(context, options.format, explanation, async () => {
          const { explanationCsv, formatExplanation } = await import("../reporters/costs.js");
          return options.format === "csv"
            ? explanationCsv(explanation)
            : formatExplanation(explanation, color(context));
        });
        if (explanation.models.length === 0) await noCalls(context, period);
        return 0;
      }),
    );
}

function registerAnomalies(costs: Command): void {
  costs
    .command("anomalies")
    .summary("find features and teams whose cost of a day is unusual")
    .description(
      "Compares the cost of a day with the 28 days before it, by feature and team. Exits with 1 when one is three standard " +
        "deviations from its mean. With fewer than 7 days of history it says so and judges nothing.",
    )
    .option("--day <day>", "which day (default: today, as far as it is gone)")
    .addOption(zoneOption())
    .addOption(formatOption())
    .addHelpText(
      "after",
      examples([
        ["obs costs anomalies", "of today so far"],
        ["obs costs anomalies --day 2026-11-20 --format json", "of a day, for a script"],
      ]),
    )
    .action(
      action(
        async (context, { day: given, timeZone, format }: { day?: string } & ZoneOptions & FormatOptions) => {
          const { dayOf, todayIn } = await import("../../llm/costs/period.js");
          const { findAnomalies } = await import("../../llm/costs/anomalies.js");
          const today = todayIn(timeZone);
          const day = given === undefined ? today : dayOf("--day", given);
          const anomalies = await withClient(context, "reader", (client) =>
            findAnomalies(client, day, { timeZone }),
          );
          await print(context, format, { day, timeZone, anomalies }, async () => {
            const { anomaliesCsv, formatAnomalies } = await import("../reporters/costs.js");
            return format === "csv"
              ? anomaliesCsv(anomalies)
              : formatAnomalies(anomalies, day, color(context));
          });
          if (anomalies.length === 0) await noCalls(context, { from: day, to: day });
          return anomalies.some(({ verdict }) => verdict === "anomaly") ? 1 : 0;
        },
      ),
    );
}

function registerBudget(costs: Command): void {
  costs
    .command("budget")
    .summary("tell what is left of budgets, and where the month will end")
    .description(
      "For each of llm.budgets of the definition: what is spent, a forecast to the end of the month with the range that holds " +
        "in 8 of 10 cases, and the day on which it is used up. Exits with 1 when one is exceeded.",
    )
    .addOption(zoneOption())
    .addOption(formatOption())
    .addHelpText(
      "after",
      examples([
        ["obs costs budget", "all of them"],
        ["obs costs budget --format json", "for a script"],
      ]),
    )
    .action(
      action(async (context, { timeZone, format }: ZoneOptions & FormatOptions) => {
        const { todayIn } = await import("../../llm/costs/period.js");
        const { budgetStatuses } = await import("../../llm/costs/budget.js");
        const { loadDefinition } = await import("../../stack/load.js");
        const today = todayIn(timeZone);
        const { stack } = await loadDefinition(await context.project());
        const { budgets: set } = stack.llm;
        const budgets =
          Object.keys(set).length === 0
            ? []
            : await withClient(context, "reader", (client, { hashUser }) =>
                budgetStatuses(client, set, { today, timeZone, hashUser }),
              );
        await print(context, format, { today, timeZone, budgets }, async () => {
          const { budgetsCsv, formatBudgets } = await import("../reporters/costs.js");
          return format === "csv" ? budgetsCsv(budgets) : formatBudgets(budgets, color(context));
        });
        if (budgets.length === 0) {
          await context.report([
            {
              id: "no-budget",
              severity: "notice",
              what: "The definition sets no budget.",
              next: 'Set one: llm: { budgets: { search: { team: "search", monthlyUsd: 500 } } }.',
            },
          ]);
        }
        return budgets.some(({ verdict }) => verdict === "exceeded") ? 1 : 0;
      }),
    );
}

function registerPrices(costs: Command): void {
  costs
    .command("prices")
    .summary("list the prices in force, and where they come from")
    .description(
      "Lists prices in US dollars per million tokens: those of llm.prices of the definition, then the published ones. Discounts " +
        "are not taken off.",
    )
    .argument("[model]", "only models whose name holds it, or that it is a name of")
    .option("--at <day>", "the prices of a day, or of a time like 2026-11-01T12:00:00Z (default: now)")
    .addOption(formatOption())
    .addHelpText(
      "after",
      examples([
        ["obs costs prices gpt-4o", "of a model"],
        ["obs costs prices claude-opus-4-6 --at 2026-03-01", "what did it cost then?"],
      ]),
    )
    .action(
      action(async (context, { at, format }: { at?: string } & FormatOptions, model?: string) => {
        const { loadDefinition } = await import("../../stack/load.js");
        const { loadPublishedPrices } = await import("../../llm/prices/published.js");
        const { pricesInForce } = await import("../../llm/prices/list.js");
        const { dayOf } = await import("../../llm/costs/period.js");
        const isTime = at?.includes("T") && !Number.isNaN(Date.parse(at));
        const time = at === undefined ? new Date() : new Date(isTime ? at : dayOf("--at", at));
        const { stack } = await loadDefinition(await context.project());
        const prices = pricesInForce(await loadPublishedPrices(), stack.llm, time, model);
        if (prices.length > 0 || format !== "table") {
          await print(context, format, { at: time.toISOString(), prices }, async () => {
            const { formatPrices, pricesCsv } = await import("../reporters/costs.js");
            return format === "csv" ? pricesCsv(prices) : formatPrices(prices, color(context));
          });
        }
        if (prices.length > 0) return 0;
        await context.report([
          {
            id: "no-price",
            severity: "warning",
            what: `There is no price for "${model}".`,
            next: 'Give it one: llm: { prices: [{ model: "…", input: 1, output: 2 }] }, in US dollars per million tokens.',
          },
        ]);
        return 1;
      }),
    );
}

function registerReprice(costs: Command): void {
  costs
    .command("reprice")
    .summary("price calls again: those without a price, and those whose price changed")
    .description(
      "Prices the ledger's calls with the definition as it is now, each at its own time, and writes what differs, roll-ups " +
        "included. It may be stopped anywhere and run again. A price that was there is never taken away.",
    )
    .option("--from <day>", "first day or month, in UTC (default: from the beginning)")
    .option("--to <day>", "last day or month (default: today)")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      examples([
        ["obs costs reprice", "after a model got a price in llm.prices"],
        ["obs costs reprice --from 2026-10", "from October on"],
      ]),
    )
    .action(
      action(async (context, { from, to, json = false }: { from?: string; to?: string; json?: boolean }) => {
        const { periodOf, todayIn } = await import("../../llm/costs/period.js");
        const { repriceCalls } = await import("../../llm/costs/reprice.js");
        const { loadPriceCall } = await import("../../llm/prices/price.js");
        const { loadDefinition } = await import("../../stack/load.js");
        const period =
          from === undefined && to === undefined
            ? undefined
            : periodOf({ from: from ?? "1970-01", to }, todayIn("UTC"));
        const { stack } = await loadDefinition(await context.project());
        const { ledgerPrices } = await import("../../stack/services/llm-ledger.js");
        const priceCall = await loadPriceCall(ledgerPrices(stack));
        const result = await withClient(context, "writer", (client) =>
          repriceCalls(client, priceCall, {
            period,
            signal: context.signal,
            onProgress: (calls) => {
              if (calls % 100_000 === 0) context.note(`${calls.toLocaleString("en-US")} calls`);
            },
          }),
        );
        if (json) context.print(JSON.stringify(result, null, 2));
        else {
          const { formatRepriced } = await import("../reporters/costs.js");
          context.print(formatRepriced(result));
        }
        return 0;
      }),
    );
}

/** What reports about a period have in common: it is checked before anything is connected to. */
async function asked(context: Context, { from, to, team, feature, user, timeZone }: ScopeOptions) {
  const { periodOf, todayIn } = await import("../../llm/costs/period.js");
  const period = periodOf({ from, to }, todayIn(timeZone));
  return {
    period,
    ask: <T>(use: (client: Client, scope: Scope) => Promise<T>) =>
      withClient(context, "reader", (client, { hashUser }) =>
        use(client, { timeZone, team, feature, ...(user !== undefined && { user: hashUser(user) }) }),
      ),
  };
}

async function withClient<T>(
  context: Context,
  role: LedgerRole,
  use: (client: Client, access: LedgerAccess) => Promise<T>,
): Promise<T> {
  const { ledgerAccess, withLedger } = await import("../../llm/costs/ledger.js");
  const { loadDefinition } = await import("../../stack/load.js");
  const project = await context.project();
  const { stack } = await loadDefinition(project);
  const access = await ledgerAccess(project, stack, role);
  return withLedger(access.url, { role, signal: context.signal }, (client) => use(client, access));
}

/** JSON is the value itself; everything else is made by whoever knows it. */
async function print(
  context: Context,
  format: FormatOptions["format"],
  value: object,
  asText: () => Promise<string>,
): Promise<void> {
  context.print(format === "json" ? JSON.stringify(value, null, 2) : await asText());
}

async function noCalls(context: Context, { from, to }: Period): Promise<void> {
  await context.report([
    {
      id: "no-calls",
      severity: "notice",
      what: `The ledger has no calls ${from === to ? `of ${from}` : `from ${from} to ${to}`}.`,
      next: "Look at the period, and whether your applications send spans of their calls (`obs status`).",
    },
  ]);
}

function color(context: Context): { color: boolean } {
  return { color: context.color.stdout };
}
