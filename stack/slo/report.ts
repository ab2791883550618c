import { withDeadline } from "../deadline.js";
import { ProblemError } from "../validate/problem.js";
import { didYouMean } from "../validate/suggest.js";
import { AskError, askJson } from "../verify/ask.js";
import { milliseconds } from "./burn-rates.js";
import { sloRecords } from "./names.js";
import { exact } from "./numbers.js";
import { evaluationSeconds } from "./rules.js";

/** How an SLO does. Everything but its definition is null while there is no data. */
export interface SloStatus {
  service: string;
  slo: string;
  owner: string;
  /** Per cent. */
  objective: number;
  /** As a duration of Prometheus: `30d`. */
  window: string;
  /** Labels of its own, where the indicator keeps some: `model`. */
  labels: Readonly<Record<string, string>>;
  /** Per cent of events that were good, over the window. */
  achieved: number | null;
  /** What is left of the error budget; negative when more was used than there was. */
  budget: {
    /** Share of the budget, 1 for all of it. */
    remaining: number;
    /** As seconds of a complete outage. */
    seconds: number;
    /** As events that may still be bad; null where they aren't counted. */
    events: number | null;
  } | null;
  /** How many times too fast the budget burnt in the last hour. */
  burnRate: number | null;
  /** Seconds until the budget is gone at this pace; 0 when it is; null when nothing burns, or nothing is known. */
  exhaustedIn: number | null;
}

interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

/**
 * Asks a Prometheus how its SLOs do, sorted by service and name; `wanted` is the name of one, or of a service.
 * Throws a ProblemError when it doesn't answer (exit code 2), or has no such SLO.
 */
export async function reportSlos(url: string, signal: AbortSignal, wanted?: string): Promise<SloStatus[]> {
  const ask = (query: string) => instantQuery(url, query, signal);
  const definitions = (await ask(sloRecords.info)).filter(
    ({ metric }) => milliseconds(metric.window ?? "") && Number.isFinite(Number(metric.objective)),
  );
  const chosen = definitions.filter(
    ({ metric }) =>
      wanted === undefined ||
      [metric.slo, metric.service, `${metric.service}/${metric.slo}`].includes(wanted),
  );
  if (chosen.length === 0 && wanted !== undefined) throw noSuchSlo(wanted, definitions);
  const windows = [...new Set(chosen.map(({ metric }) => metric.window!))];
  const [remaining, burns, periods, counts] = await Promise.all([
    ask(sloRecords.budgetRemaining),
    ask(sloRecords.currentBurnRate),
    Promise.all(windows.map((window) => ask(sloRecords.errorRatio(window)))),
    Promise.all(
      windows.map((window) => ask(`sum_over_time(${sloRecords.events}[${window}]) * ${evaluationSeconds}`)),
    ),
  ]);
  return chosen
    .flatMap(({ metric }): SloStatus[] => {
      const at = windows.indexOf(metric.window!);
      const mine = ({ metric: other }: Sample) =>
        other.service === metric.service && other.slo === metric.slo;
      const own = remaining.filter(mine);
      const parts = own.length > 0 ? own.map((sample) => labelsOf(sample)) : [{}];
      return parts.map((labels) => {
        const valueIn = (samples: readonly Sample[]) => {
          const found = samples.find((sample) => mine(sample) && sameLabels(labelsOf(sample), labels));
          const value = found ? Number(found.value[1]) : Number.NaN;
          return Number.isFinite(value) ? value : null;
        };
        return statusOf(metric, labels, {
          remaining: valueIn(remaining),
          burnRate: valueIn(burns),
          ratio: valueIn(periods[at]!),
          events: valueIn(counts[at]!),
        });
      });
    })
    .sort((a, b) => a.service.localeCompare(b.service) || a.slo.localeCompare(b.slo));
}

function statusOf(
  { service = "", slo = "", owner = "", window = "", objective }: Record<string, string>,
  labels: Record<string, string>,
  measured: Record<"remaining" | "burnRate" | "ratio" | "events", number | null>,
): SloStatus {
  const { remaining, burnRate, ratio, events } = measured;
  const share = exact(1 - Number(objective) / 100);
  const seconds = milliseconds(window) / 1000;
  return {
    service,
    slo,
    owner,
    objective: Number(objective),
    window,
    labels,
    achieved: ratio === null ? null : exact((1 - ratio) * 100),
    budget:
      remaining === null
        ? null
        : {
            remaining: exact(remaining),
            seconds: exact(remaining * share * seconds),
            events: events === null ? null : exact(remaining * share * events),
          },
    burnRate: burnRate === null ? null : exact(burnRate),
    exhaustedIn: exhaustedIn(remaining, burnRate, seconds),
  };
}

/** A burn rate of 1 uses a whole budget in a whole window. Errors that leave the window meanwhile, and give some back, are not foreseen. */
export function exhaustedIn(
  remaining: number | null,
  burnRate: number | null,
  windowSeconds: number,
): number | null {
  if (remaining !== null && remaining <= 0) return 0;
  if (remaining === null || burnRate === null || burnRate <= 0) return null;
  return exact((remaining * windowSeconds) / burnRate);
}

function labelsOf({ metric }: Sample): Record<string, string> {
  const { __name__, service, slo, ...rest } = metric;
  return rest;
}

function sameLabels(a: Record<string, string>, b: Record<string, string>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

async function instantQuery(url: string, query: string, signal: AbortSignal): Promise<Sample[]> {
  try {
    const answer = await withDeadline(30_000, signal, (within) =>
      askJson<{ data: { result: Sample[] } }>(
        `${url}/api/v1/query?${new URLSearchParams({ query })}`,
        within,
      ),
    );
    return answer?.data.result ?? [];
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
    throw new ProblemError(
      [
        {
          id: "slo-prometheus",
          severity: "error",
          what: `Prometheus ${error.message}.`,
          why: "How SLOs do is asked of the running stack.",
          next: "`obs status` says how it is.",
        },
      ],
      2,
    );
  }
}

function noSuchSlo(wanted: string, definitions: readonly Sample[]): ProblemError {
  const names = [...new Set(definitions.flatMap(({ metric }) => [metric.slo!, metric.service!]))];
  const meant = didYouMean(wanted, names);
  return new ProblemError([
    {
      id: "unknown-slo",
      severity: "error",
      what: `The running stack has no SLO, and no service with one, called "${wanted}".`,
      next: meant
        ? `Did you mean "${meant}"?`
        : names.length > 0
          ? `There are: ${names.join(", ")}.`
          : "It has no SLO at all: declare one with slo(...) in alerting.packs, and run `obs up`.",
    },
  ]);
}
