import {
  count,
  duration,
  fields,
  type Judge,
  listOf,
  oneOf,
  orOff,
  positive,
  share,
  text,
  times,
} from "../options.js";
import type { LlmPackOptions } from "./index.js";
import { type CallLimits, callLabels } from "./subjects.js";

/** What can be given for an option, but for `false`. */
type Given<K extends keyof LlmPackOptions> = Exclude<LlmPackOptions[K], false | undefined>;

const by = listOf(oneOf(callLabels, "label of calls"));

/** The limits of calls, whose two values are judged alike. */
function callLimits(limit: Judge): Judge {
  const labels = Object.fromEntries(callLabels.map((label) => [label, text]));
  const override = fields<Record<string, unknown>>({
    ...labels,
    critical: orOff(limit),
    warning: orOff(limit),
  });
  return fields<CallLimits>({
    critical: orOff(limit),
    criticalWindow: duration,
    warning: orOff(limit),
    warningWindow: duration,
    minimumCalls: count,
    by,
    overrides: listOf((value, key) => [...override(value, key), ...oneLabel(value, key)]),
  });
}

const oneLabel: Judge = (value, key) => {
  const named = callLabels.filter((label) => Object.hasOwn(Object(value), label));
  if (named.length === 1) return [];
  return [
    {
      severity: "error",
      key,
      what:
        named.length === 0 ? "It says of no calls that it is about them." : `It has ${named.join(" and ")}.`,
      next: `Name exactly one of ${callLabels.join(", ")}.`,
    },
  ];
};

const shareLimit = fields<Given<"agentErrors">>({ warning: share, window: duration, minimum: count });

/** What is wrong with the options of the pack. */
export const llmOptions: Judge = fields<LlmPackOptions>({
  owner: text,
  errorRate: orOff(callLimits(share)),
  noSuccess: orOff(fields<Given<"noSuccess">>({ window: duration, minimumCalls: count })),
  callsVanished: orOff(fields<Given<"callsVanished">>({ minimumCalls: count })),
  fallbacks: orOff(fields<Given<"fallbacks">>({ warning: share, window: duration, minimum: count })),
  latency: orOff(callLimits(positive)),
  firstToken: orOff(callLimits(positive)),
  dailyCost: orOff(fields<Given<"dailyCost">>({ critical: times, minimumUsd: positive, by })),
  hourlyCost: orOff(fields<Given<"hourlyCost">>({ warning: times, minimumUsd: positive, by })),
  hourlyTokens: orOff(fields<Given<"hourlyTokens">>({ warning: times, minimum: positive, by })),
  anomaly: orOff(fields<Given<"anomaly">>({ warning: positive, minimumUsd: positive })),
  budgets: orOff(fields<Given<"budgets">>({ forecastFrom: share })),
  unpriced: orOff(() => []),
  quota: orOff(fields<Given<"quota">>({ critical: share })),
  cacheHits: orOff(
    fields<Given<"cacheHits">>({ warning: share, window: duration, minimum: count, from: share }),
  ),
  quality: orOff(fields<Given<"quality">>({ warning: share, minimumJudged: count })),
  agentErrors: orOff(shareLimit),
  toolErrors: orOff(shareLimit),
  agentStuck: orOff(fields<Given<"agentStuck">>({ after: duration })),
});
