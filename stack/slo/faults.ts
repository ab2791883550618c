import { parseDuration } from "../duration.js";
import { knownBuckets } from "./buckets.js";
import { type BurnRateWindows, burnRate, canBurn, errorBudget, workbook } from "./burn-rates.js";
import type { SloFault, SloIndicator, SloInput, WindowQuery } from "./define-slo.js";
import { plainNumber } from "./numbers.js";

const day = 86_400_000;

/** What is wrong with an SLO, all of it at once. Also looks at what the types forbid: a definition isn't type-checked when it runs. */
export function sloFaults(input: SloInput): SloFault[] {
  const window = input.window ?? "30d";
  const faults = [
    ...nameFaults(input),
    ...objectiveFaults(input.objective),
    ...windowFaults(window),
    ...indicatorFaults(input.indicator),
    ...minimumFaults(input),
  ];
  const sound = faults.every(({ severity }) => severity !== "error");
  return [...faults, ...alertFaults(input, window, sound)];
}

function nameFaults({ service, name }: SloInput): SloFault[] {
  return Object.entries({ service, name }).flatMap(([key, value]) =>
    typeof value === "string" && /^[A-Za-z0-9][\w./-]*$/.test(value)
      ? []
      : [
          error(key, `${JSON.stringify(value) ?? "Nothing"} can't be the ${key} of an SLO.`, {
            next: "Use letters, digits, _, -, . and /; it becomes the value of a label.",
          }),
        ],
  );
}

function objectiveFaults(objective: number): SloFault[] {
  if (typeof objective !== "number" || !Number.isFinite(objective)) {
    return [
      error("objective", `The objective ${String(objective)} is no number.`, {
        next: "Write per cent: 99.9.",
      }),
    ];
  }
  if (objective === 100) {
    return [
      error("objective", "Nothing keeps an objective of 100 %.", {
        why: "It leaves no error budget: every failure, ever, breaks it, and every burn rate is a division by zero.",
        next: "Promise what users would miss: 99.9 allows 43 minutes in 30 days.",
      }),
    ];
  }
  if (objective > 100 || objective <= 0) {
    return [
      error("objective", `An objective of ${plainNumber(objective)} % is impossible.`, {
        next: "Write per cent between 0 and 100: 99.9.",
      }),
    ];
  }
  if (objective <= 1) {
    const meant = objective === 1 ? "99.9" : plainNumber(objective * 100);
    return [
      error("objective", `The objective ${plainNumber(objective)} reads as ${plainNumber(objective)} %.`, {
        why: "Objectives are per cent.",
        next: `Write ${meant}.`,
      }),
    ];
  }
  return [];
}

function windowFaults(window: string): SloFault[] {
  const length = typeof window === "string" ? parseDuration(window) : undefined;
  if (length === undefined || length === 0) {
    return [error("window", `"${window}" is no length of time.`, { next: "Write whole days: 30d." })];
  }
  if (length % day !== 0) {
    return [
      error("window", `The window ${window} isn't a whole number of days.`, {
        why: "Budgets are kept by days; and what fits the same weekdays at both ends, 7d or 28d, compares best.",
        next: "Write 7d, 28d, 30d or 90d.",
      }),
    ];
  }
  return [];
}

function indicatorFaults(indicator: SloIndicator): SloFault[] {
  const kinds = ["errors", "good", "latency", "slices", "raw"].filter((kind) => kind in (indicator ?? {}));
  if (kinds.length !== 1) {
    return [
      error(
        "indicator",
        kinds.length === 0
          ? "The indicator measures nothing."
          : `The indicator has both ${kinds.join(" and ")}.`,
        { next: "Give one of: errors and total, good and total, latency, slices, raw." },
      ),
    ];
  }
  if ("latency" in indicator) return latencyFaults(indicator);
  if ("slices" in indicator) {
    const { value, events, atMost } = indicator.slices;
    return [
      ...queryFaults("indicator.slices.value", value),
      ...queryFaults("indicator.slices.events", events),
      ...(Number.isFinite(atMost)
        ? []
        : [error("indicator.slices.atMost", `"${String(atMost)}" is no number.`)]),
    ];
  }
  const { raw, good, errors, total } = indicator as Partial<Record<string, WindowQuery>>;
  const queries = "raw" in indicator ? { raw } : { ...("good" in indicator ? { good } : { errors }), total };
  return Object.entries(queries).flatMap(([key, query]) => queryFaults(`indicator.${key}`, query));
}

/** A query must look at the window that it is asked for: else every window's ratio would be the same one. */
function queryFaults(key: string, query: WindowQuery | undefined): SloFault[] {
  const next = "Write a function: (window) => `sum(rate(http_requests_total[${window}]))`.";
  if (typeof query !== "function") {
    return [
      error(key, query === undefined ? "There is no query." : "The query is no function of the window.", {
        next,
      }),
    ];
  }
  let texts: unknown[];
  try {
    texts = ["5m", "1h"].map((window) => query(window));
  } catch (thrown) {
    return [error(key, `The query threw ${String(thrown)}.`, { next })];
  }
  if (texts.some((text) => typeof text !== "string" || text.trim() === "")) {
    return [error(key, "The query is no text.", { next })];
  }
  if (texts[0] === texts[1]) {
    return [
      error(key, "The query doesn't use its window.", {
        why: "Five minutes and three days would measure the same.",
        next,
      }),
    ];
  }
  return [];
}

function latencyFaults({ latency }: Extract<SloIndicator, { latency: unknown }>): SloFault[] {
  const { histogram, threshold } = latency;
  if (typeof histogram !== "string" || !/^[a-zA-Z_:][\w:]*$/.test(histogram)) {
    return [
      error(
        "indicator.latency.histogram",
        `${JSON.stringify(histogram) ?? "Nothing"} is no name of a metric.`,
        {
          next: "Which series of it count is for `match`.",
        },
      ),
    ];
  }
  const suffix = /_(bucket|count|sum)$/.exec(histogram)?.[0];
  if (suffix) {
    return [
      error("indicator.latency.histogram", `${histogram} is one series of a histogram.`, {
        next: `Write ${histogram.slice(0, -suffix.length)}.`,
      }),
    ];
  }
  if (typeof threshold !== "number" || !Number.isFinite(threshold)) {
    return [error("indicator.latency.threshold", `The threshold ${String(threshold)} is no number.`)];
  }
  const bounds = latency.buckets ?? knownBuckets(histogram);
  if (!bounds || bounds.includes(threshold)) return [];
  const near = [...bounds].sort((a, b) => Math.abs(a - threshold) - Math.abs(b - threshold)).slice(0, 2);
  return [
    error(
      "indicator.latency.threshold",
      `${histogram} has no bucket that ends at ${plainNumber(threshold)}.`,
      {
        why: "What lies between two bounds can't be counted: no series would match, and the SLO would have no data.",
        next: `Take ${near
          .sort((a, b) => a - b)
          .map(plainNumber)
          .join(" or ")}; it has ${bounds.map(plainNumber).join(", ")}.`,
      },
    ),
  ];
}

function minimumFaults({ minimumEvents, indicator }: SloInput): SloFault[] {
  if (minimumEvents === undefined) return [];
  if (!Number.isFinite(minimumEvents) || minimumEvents < 0) {
    return [error("minimumEvents", `"${String(minimumEvents)}" is no number of events.`)];
  }
  if (minimumEvents > 0 && "raw" in (indicator ?? {})) {
    return [
      error("minimumEvents", "Events of a raw indicator can't be counted.", {
        next: "Leave minimumEvents out, or give queries of errors and total.",
      }),
    ];
  }
  return [];
}

function alertFaults({ alerts, objective }: SloInput, sloWindow: string, sound: boolean): SloFault[] {
  return (["page", "ticket"] as const).flatMap((kind): SloFault[] => {
    const own = alerts?.[kind];
    const pairs = own ?? workbook[kind];
    const faults = pairs.flatMap((pair, at) => pairFaults(pair, `alerts.${kind}[${at}]`, sloWindow));
    if (!own && faults.length > 0) {
      if (!sound) return [];
      const longest = pairs.at(-1)!.long;
      return [
        error("window", `The window ${sloWindow} is too short for ${kind}s, which look ${longest} back.`, {
          next: `Take 7d or more, or write shorter windows in alerts.${kind}.`,
        }),
      ];
    }
    if (!sound || faults.length > 0 || pairs.length === 0) return faults;
    const impossible = pairs.filter((pair) => !canBurn(burnRate(pair, sloWindow), objective));
    if (impossible.length < pairs.length) return [];
    const rates = impossible.map((pair) => burnRate(pair, sloWindow));
    return [
      {
        severity: "warning",
        key: own ? `alerts.${kind}` : "objective",
        what: `${kind === "page" ? "Nobody can be paged" : "No ticket can be made"} for this SLO.`,
        why: `Its budget of ${plainNumber(errorBudget(objective) * 100)} % can't burn ${plainNumber(Math.min(...rates))} times too fast: that were more than every event.`,
        next: `Lower \`budget\` in alerts.${kind}, or write \`alerts: { ${kind}: [] }\` if that is meant.`,
      },
    ];
  });
}

function pairFaults({ long, short, budget }: BurnRateWindows, key: string, sloWindow: string): SloFault[] {
  const [longMs, shortMs, sloMs] = [long, short, sloWindow].map((text) =>
    typeof text === "string" ? parseDuration(text) : undefined,
  );
  if (!longMs) return [error(`${key}.long`, `"${long}" is no length of time.`, { next: "Write 1h." })];
  if (!shortMs) return [error(`${key}.short`, `"${short}" is no length of time.`, { next: "Write 5m." })];
  const faults: SloFault[] = [];
  if (shortMs >= longMs || longMs % shortMs !== 0) {
    faults.push(
      error(`${key}.long`, `The window ${long} isn't a multiple of its short one, ${short}.`, {
        next: "By custom the short one is a twelfth of the long one: 1h and 5m, 6h and 30m.",
      }),
    );
  }
  if (shortMs < 300_000) {
    faults.push(
      error(`${key}.short`, `${short} is too short to tell trouble from chance.`, {
        why: "Rates over less than five minutes rest on few samples.",
        next: "Write 5m or more.",
      }),
    );
  }
  if (sloMs && longMs >= sloMs) {
    faults.push(error(`${key}.long`, `The window ${long} isn't shorter than the SLO's, ${sloWindow}.`));
  }
  if (!(budget > 0 && budget <= 100)) {
    faults.push(
      error(`${key}.budget`, `${String(budget)} % of the budget can't burn.`, {
        next: "Write per cent of the whole error budget: 2.",
      }),
    );
  }
  return faults;
}

function error(key: string, what: string, more: Pick<SloFault, "why" | "next"> = {}): SloFault {
  return { severity: "error", key, what, ...more };
}
