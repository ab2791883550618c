import {
  type AlertRule,
  alert,
  type RecordRule,
  type RuleGroupInput,
  record,
} from "../alerting/define-rules.js";
import {
  type BurnRateWindows,
  burnRate,
  canBurn,
  errorBudget,
  milliseconds,
  workbook,
} from "./burn-rates.js";
import { burnCases } from "./cases.js";
import type { SloInput } from "./define-slo.js";
import { indicatorRules } from "./indicator.js";
import { fastBurnAlert, sloRecords, sloSelector, slowBurnAlert } from "./names.js";
import { plainNumber } from "./numbers.js";
import { burnRateCase, derivedCase, periodCases, ratioCases } from "./record-cases.js";

/** An SLO without faults, its defaults filled in. */
export type SoundSlo = SloInput & { window: string };

/** One alert of an SLO: the pairs of windows, any of which makes it fire. */
export interface BurnAlert {
  kind: "page" | "ticket";
  pairs: readonly (BurnRateWindows & { rate: number })[];
}

/** How often what pages are made of is evaluated, in seconds: five minutes must hold several. */
export const evaluationSeconds = 30;

/**
 * The groups of rules of an SLO: first what a page needs, often; then what can wait, and reads many samples. Less than half
 * of Prometheus' lookback of 5 minutes, so that one missed evaluation leaves no gap.
 */
export function sloGroups(slo: SoundSlo): RuleGroupInput[] {
  const name = `slo-${slo.service}-${slo.name}`;
  const alerts = burnAlerts(slo);
  const rulesOf = (kind: BurnAlert["kind"]) =>
    alerts.filter((each) => each.kind === kind).map((each) => burnAlertRule(slo, each));
  const urgent = new Set([
    ...alerts.flatMap(({ kind, pairs }) =>
      kind === "page" ? pairs.flatMap(({ long, short }) => [long, short]) : [],
    ),
    ...always,
  ]);
  const windows = recordedWindows(slo);
  return [
    {
      name,
      interval: `${evaluationSeconds}s`,
      rules: [
        ...rateRecords(slo),
        ...ratioRecords(
          slo,
          windows.filter((window) => urgent.has(window)),
        ),
        currentBurnRate(slo),
        definitionRecord(slo),
        ...rulesOf("page"),
      ],
    },
    {
      name: `${name}-budget`,
      interval: "2m",
      rules: [
        ...ratioRecords(
          slo,
          windows.filter((window) => !urgent.has(window)),
        ),
        ...budgetRecords(slo),
        ...rulesOf("ticket"),
      ],
    },
  ];
}

/** The alerts of an SLO. Burn rates that can't be reached, because not even a complete outage burns so fast, are left out. */
export function burnAlerts(slo: SoundSlo): BurnAlert[] {
  return (["page", "ticket"] as const).flatMap((kind) => {
    const pairs = (slo.alerts?.[kind] ?? workbook[kind])
      .map((pair) => ({ ...pair, rate: burnRate(pair, slo.window) }))
      .filter(({ rate }) => canBurn(rate, slo.objective));
    return pairs.length === 0 ? [] : [{ kind, pairs }];
  });
}

/** The five minutes that all else is made of, and the hour that people are told. */
const always = ["5m", "1h"];

/** Windows over which the error ratio is recorded, shortest first: those of the alerts, and those always needed. */
export function recordedWindows(slo: SoundSlo): string[] {
  const ofAlerts = burnAlerts(slo).flatMap(({ pairs }) => pairs.flatMap(({ long, short }) => [long, short]));
  return [...new Set([...ofAlerts, ...always])].sort((a, b) => milliseconds(a) - milliseconds(b));
}

function rateRecords(slo: SoundSlo): RecordRule[] {
  const { rates } = indicatorRules(slo.indicator, sloSelector(slo));
  if (!rates) return [];
  return [recordOf(slo, sloRecords.errors, rates.errors), recordOf(slo, sloRecords.events, rates.events)];
}

function ratioRecords(slo: SoundSlo, windows: readonly string[]): RecordRule[] {
  const { ratio, eventCount } = indicatorRules(slo.indicator, sloSelector(slo));
  const counted = new Set(
    slo.minimumEvents ? burnAlerts(slo).flatMap(({ pairs }) => pairs.map(({ long }) => long)) : [],
  );
  return windows.flatMap((window) => {
    const rule = recordOf(slo, sloRecords.errorRatio(window), ratio(window));
    return [
      { ...rule, cases: ratioCases(slo, window) },
      ...(counted.has(window) ? [recordOf(slo, sloRecords.eventCount(window), eventCount!(window))] : []),
    ];
  });
}

function currentBurnRate(slo: SoundSlo): RecordRule {
  const ratio = sloRecords.errorRatio("1h");
  const expr = `${ratio}${sloSelector(slo)} / ${plainNumber(errorBudget(slo.objective))}`;
  return { ...recordOf(slo, sloRecords.currentBurnRate, expr), cases: [burnRateCase(slo, ratio)] };
}

/** Tells that there is this SLO, soon after its rules have been loaded. */
function definitionRecord(slo: SoundSlo): RecordRule {
  const labels = { objective: plainNumber(slo.objective), window: slo.window, owner: slo.owner };
  return recordOf(slo, sloRecords.info, "vector(1)", labels);
}

function budgetRecords(slo: SoundSlo): RecordRule[] {
  const selector = sloSelector(slo);
  const { periodRatio } = indicatorRules(slo.indicator, selector);
  const budget = errorBudget(slo.objective);
  const period = sloRecords.errorRatio(slo.window);
  const burnt = sloRecords.periodBurnRate;
  return [
    { ...recordOf(slo, period, periodRatio(slo.window)), cases: periodCases(slo) },
    {
      ...recordOf(slo, burnt, `${period}${selector} / ${plainNumber(budget)}`),
      cases: [burnRateCase(slo, period)],
    },
    {
      ...recordOf(slo, sloRecords.budgetRemaining, `1 - ${burnt}${selector}`),
      cases: [derivedCase(slo, burnt, 0.25, 0.75)],
    },
    recordOf(slo, sloRecords.objective, `vector(${plainNumber(slo.objective / 100)})`),
    recordOf(slo, sloRecords.errorBudget, `vector(${plainNumber(budget)})`),
    recordOf(slo, sloRecords.days, `vector(${milliseconds(slo.window) / 86_400_000})`),
  ];
}

function recordOf(
  slo: SoundSlo,
  name: string,
  expr: string,
  labels: Record<string, string> = {},
): RecordRule {
  return record(name, { expr, labels: { service: slo.service, slo: slo.name, ...labels } });
}

function burnAlertRule(slo: SoundSlo, burn: BurnAlert): AlertRule {
  const { kind, pairs } = burn;
  const slowest = Math.min(...pairs.map(({ rate }) => rate));
  const lasts = lengthText(milliseconds(slo.window) / slowest);
  const first =
    kind === "page"
      ? "First look: what changed when it began (a deploy, a provider's incident), then the runbook."
      : "No hurry, but it won't mend itself: look at it in working hours; the runbook says how.";
  return alert(kind === "page" ? fastBurnAlert : slowBurnAlert, {
    expr: alertExpression(slo, pairs),
    severity: kind === "page" ? "critical" : "warning",
    summary: `{{ $labels.service }}: the error budget of {{ $labels.slo }} burns {{ $value | humanize }} times too fast`,
    description: [
      `${sentence(slo.description)} Objective: ${plainNumber(slo.objective)} % over ${slo.window}.`,
      `At such a pace a whole budget is gone within ${lasts}.`,
      `\`obs slo report\` says what is left. ${first}`,
    ].join(" "),
    // By the standard inhibition of one cause a page silences the ticket about the same SLO.
    labels: { service: slo.service, slo: slo.name, cause: `slo-${slo.name}` },
    dashboard: slo.dashboard,
    cases: burnCases(slo, burn),
  });
}

/** Any pair of windows in which the budget burns too fast, in both. Its value is the burn rate over the long one. */
function alertExpression(slo: SoundSlo, pairs: BurnAlert["pairs"]): string {
  const selector = sloSelector(slo);
  const budget = plainNumber(errorBudget(slo.objective));
  return pairs
    .map(({ long, short, rate }) => {
      const burns = (window: string) =>
        `${sloRecords.errorRatio(window)}${selector} / ${budget} > ${plainNumber(rate)}`;
      const enough = slo.minimumEvents
        ? [`${sloRecords.eventCount(long)}${selector} >= ${plainNumber(slo.minimumEvents)}`]
        : [];
      return `(\n  ${[burns(long), burns(short), ...enough].join("\n  and\n  ")}\n)`;
    })
    .join("\nor\n");
}

/** A text of the user's in a template: its braces are no instruction, and it ends as a sentence. */
function sentence(text: string): string {
  const plain = text.trim().replaceAll("{{", '{{ "{{" }}');
  return /[.!?]$/.test(plain) ? plain : `${plain}.`;
}

/** `2 d 2 h` */
function lengthText(ms: number): string {
  const hours = Math.round(ms / 3_600_000);
  const parts = [Math.floor(hours / 24) && `${Math.floor(hours / 24)} d`, hours % 24 && `${hours % 24} h`];
  return parts.filter(Boolean).join(" ");
}
