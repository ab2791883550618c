import { calledModel } from "../../../llm/sdk/called-models.js";
import { keepRateLimits, rateLimits } from "../../../llm/sdk/rate-limits.js";

const of = (provider: string) =>
  rateLimits()
    .filter(({ labels }) => labels.provider === provider)
    .map(({ limit, remaining, labels }) => [labels.kind, remaining, limit]);

test("limits are read from plain objects as older clients' errors carry them", () => {
  keepRateLimits(
    { "x-ratelimit-limit-tokens": "30000", "x-ratelimit-remaining-tokens": "29000" },
    calledModel("older", "m"),
  );
  expect(of("older")).toEqual([["tokens", 29_000, 30_000]]);
});

test("Anthropic tells tokens that are read and written apart", () => {
  keepRateLimits(
    new Headers({
      "anthropic-ratelimit-input-tokens-limit": "50000",
      "anthropic-ratelimit-input-tokens-remaining": "0",
      "anthropic-ratelimit-output-tokens-limit": "10000",
      "anthropic-ratelimit-output-tokens-remaining": "2500",
    }),
    calledModel("anthropic", "m"),
  );
  expect(of("anthropic")).toEqual([
    ["input_tokens", 0, 50_000],
    ["output_tokens", 2_500, 10_000],
  ]);
});

test.each([
  ["nothing", undefined],
  ["no headers", {}],
  ["half of it", { "x-ratelimit-limit-requests": "5" }],
  ["words", { "x-ratelimit-limit-requests": "many", "x-ratelimit-remaining-requests": "some" }],
  ["less than nothing", { "x-ratelimit-limit-requests": "5", "x-ratelimit-remaining-requests": "-1" }],
  ["no limit", { "x-ratelimit-limit-requests": "0", "x-ratelimit-remaining-requests": "0" }],
])("%s tells nothing", (_what, headers) => {
  keepRateLimits(headers, calledModel("odd", "m"));
  expect(of("odd")).toEqual([]);
});

test("models without end don't fill the memory", () => {
  for (let at = 0; at < 2_000; at++)
    keepRateLimits(
      { "x-ratelimit-limit-requests": "5", "x-ratelimit-remaining-requests": "4" },
      calledModel("many", `m${at}`),
    );
  expect(of("many").length).toBeLessThanOrEqual(500);
  expect(rateLimits().at(-1)!.labels.model).toBe("m1999");
});
