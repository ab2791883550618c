import { type RulePack, type SloInput, slo } from "obs-stack";

/** What is promised of calls of models. `false` leaves an objective out. */
export interface LlmSloOptions {
  /** Whose promise it is. Default: `llm`. */
  service?: string;
  /** Who answers for it. Default: `ai-platform`. */
  owner?: string;
  /** Which calls count, as PromQL matchers: `feature="chat"`. Default: all. */
  match?: string;
  /** Default: 30d. Prometheus must keep metrics as long: `metrics.retention`. */
  window?: string;
  /** Calls in an alert's long window below which it stays quiet. Default: 100. */
  minimumEvents?: number;
  /** Per cent of calls that succeed. Default: 99.5. */
  availability?: number | false;
  /** Per cent of calls that are answered within so many seconds. Default: 95 within 10. */
  latency?: { objective: number; seconds: number } | false;
  /** Per cent of streamed calls whose first token comes within so many seconds. Default: 95 within 2. */
  firstToken?: { objective: number; seconds: number } | false;
  /** Per cent of calls made while the average call cost at most so many US dollars. Default: 95 at 0.05. */
  costPerCall?: { objective: number; usd: number } | false;
}

/** Objectives for calls of models: availability, latency, time to first token, cost per call. One pack each. */
export function llmSlos(options: LlmSloOptions = {}): RulePack[] {
  const {
    service = "llm",
    owner = "ai-platform",
    match = "",
    window,
    minimumEvents = 100,
    availability = 99.5,
    latency = { objective: 95, seconds: 10 },
    firstToken = { objective: 95, seconds: 2 },
    costPerCall = { objective: 95, usd: 0.05 },
  } = options;
  const shared = { service, owner, minimumEvents, ...(window !== undefined && { window }) };
  const rate = (metric: string) => (range: string) => `sum(rate(${metric}${braced(match)}[${range}]))`;
  const wanted: (SloInput | false)[] = [
    availability !== false && {
      ...shared,
      name: "availability",
      objective: availability,
      description: "Calls of models succeed.",
      indicator: { errors: rate("llm_errors_total"), total: rate("llm_requests_total") },
      cases: availabilityCases(service, match),
    },
    latency !== false && {
      ...shared,
      name: "latency",
      objective: latency.objective,
      description: `Calls of models are answered within ${latency.seconds} seconds.`,
      indicator: {
        latency: { histogram: "llm_request_duration_seconds", threshold: latency.seconds, match },
      },
    },
    firstToken !== false && {
      ...shared,
      name: "first-token",
      objective: firstToken.objective,
      description: `The first token of streamed calls comes within ${firstToken.seconds} seconds.`,
      indicator: {
        latency: { histogram: "llm_time_to_first_token_seconds", threshold: firstToken.seconds, match },
      },
    },
    costPerCall !== false && {
      ...shared,
      name: "cost-per-call",
      objective: costPerCall.objective,
      description: `A call costs ${costPerCall.usd} US dollars on average at most, in every five minutes.`,
      indicator: {
        slices: {
          value: (range) => `${rate("llm_cost_total")(range)} / ${rate("llm_requests_total")(range)}`,
          atMost: costPerCall.usd,
          events: rate("llm_requests_total"),
        },
      },
      cases: costCases(service, match, costPerCall.usd),
    },
  ];
  return wanted.flatMap((input) => (input === false ? [] : [slo(input)]));
}

function braced(match: string): string {
  return match.trim() === "" ? "" : `{${match.trim()}}`;
}

/** Series of cases can't be made of matchers other than equalities. */
function plain(match: string): boolean {
  return /^(?:\s*\w+\s*=\s*"[^"]*"\s*,?)*$/.test(match);
}

function series(metric: string, match: string, more = ""): string {
  return `${metric}{${[match.trim().replace(/,$/, ""), more].filter(Boolean).join(", ")}}`;
}

function availabilityCases(service: string, match: string): SloInput["cases"] {
  if (!plain(match)) return [];
  const record = `{service="${service}", slo="availability"}`;
  return [
    {
      name: "one of two models fails every fourth call: of all calls it is one in eight",
      series: {
        [series("llm_requests_total", match, 'instance="a"')]: "0+120x10",
        [series("llm_requests_total", match, 'instance="b"')]: "0+120x10",
        [series("llm_errors_total", match, 'instance="a"')]: "0+30x10",
      },
      gives: { "10m": { [record]: 0.125 } },
    },
    {
      name: "of late half the calls fail",
      series: {
        [series("llm_requests_total", match)]: "0+12x10",
        [series("llm_errors_total", match)]: "100x8 106 112",
      },
      gives: { "10m": { [record]: 0.25 } },
    },
    {
      name: "without a series of errors there are none",
      series: { [series("llm_requests_total", match)]: "0+12x10" },
      gives: { "10m": { [record]: 0 } },
    },
    {
      name: "without calls there is no share of them",
      series: { [series("llm_requests_total", match)]: "5x10", [series("llm_errors_total", match)]: "5x10" },
      gives: { "10m": {} },
    },
    {
      name: "counters that begin anew count on",
      series: {
        [series("llm_requests_total", match)]: "0+120x7 0+120x5",
        [series("llm_errors_total", match)]: "0+30x7 0+30x5",
      },
      gives: { "10m": { [record]: 0.25 } },
    },
  ];
}

function costCases(service: string, match: string, usd: number): SloInput["cases"] {
  if (!plain(match)) return [];
  const record = `{service="${service}", slo="cost-per-call"}`;
  const spent = (perCall: number) => ({
    [series("llm_requests_total", match)]: "0+120x10",
    [series("llm_cost_total", match)]: `0+${(120 * perCall).toFixed(9)}x10`,
  });
  return [
    {
      name: "the average call costs a little more than it may",
      series: spent(usd * 1.01),
      gives: { "10m": { [record]: 1 } },
    },
    {
      name: "the average call costs a little less than it may",
      series: spent(usd * 0.99),
      gives: { "10m": { [record]: 0 } },
    },
    {
      name: "calls of models without a price are not known to be dear",
      series: { [series("llm_requests_total", match)]: "0+120x10" },
      gives: { "10m": { [record]: 0 } },
    },
  ];
}
