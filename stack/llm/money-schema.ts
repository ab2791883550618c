import { z } from "zod";

const plainText = z.string().min(1);

/** Written as a number or, to the last digit, as text. */
function decimal(places: number, error: string) {
  const written = new RegExp(`^\\d{1,9}(\\.\\d{1,${places}})?$`);
  return z.union([z.number(), z.string()]).refine((value) => written.test(decimalText(value)), { error });
}

/** As people write it: `0.0000001`, not `1e-7`. */
function decimalText(value: number | string): string {
  if (typeof value === "string") return value;
  return String(value).includes("e") ? value.toFixed(20).replace(/0+$/, "") : String(value);
}

const perMillion = decimal(8, "not a price in US dollars, of at most 8 places");
/** A day or a time, in UTC unless it says otherwise. */
const instant = z
  .string()
  .refine(
    (text) => /^\d{4}-\d{2}-\d{2}(T\S+)?$/.test(text) && isTime(text),
    "not a date like 2026-03-01, or a time like 2026-03-01T12:00:00Z",
  );

/** Dates that don't exist, as the 30th of February, are none. */
function isTime(text: string): boolean {
  const time = new Date(text);
  const day = new Date(text.slice(0, 10));
  return (
    !Number.isNaN(time.getTime()) &&
    !Number.isNaN(day.getTime()) &&
    day.toISOString().startsWith(text.slice(0, 10))
  );
}

/** A time that never comes would be a price that never holds. */
function endsAfterItBegins({ from, until }: { from?: string; until?: string }): boolean {
  return from === undefined || until === undefined || Date.parse(from) < Date.parse(until);
}
const endsTooEarly = { error: "use an `until` after `from`", path: ["until"] };

/** Whose calls are meant, and of when. */
const which = {
  /** Provider, by its name in the ledger (`openai`, `aws.bedrock`) or another that it is known by. Default: any. */
  provider: plainText.optional(),
  /** From this moment on. Default: ever since. */
  from: instant.optional(),
  /** Up to, and without, this moment. Default: for ever. */
  until: instant.optional(),
};

/** A price of one's own, in US dollars per million tokens. What isn't given costs as `input`, or `output`. */
const ownPrice = z
  .strictObject({
    ...which,
    /** Name of the model, asked or answered; `*` stands for any letters. */
    model: plainText,
    /** The service tier that it is the price of: `batch`, `flex`, `priority`. Default: the usual one. */
    serviceTier: plainText.optional(),
    input: perMillion,
    /** Models that only embed have none. */
    output: perMillion.optional(),
    cacheRead: perMillion.optional(),
    cacheWrite: perMillion.optional(),
    reasoning: perMillion.optional(),
  })
  .refine(endsAfterItBegins, endsTooEarly);

/** Off the published prices; one's own are what is paid. */
const discount = z
  .strictObject({
    ...which,
    model: plainText.optional(),
    percent: decimal(2, "not a percentage, of at most 2 places").refine((value) => !(Number(value) > 100), {
      error: "use at most 100",
    }),
  })
  .refine(endsAfterItBegins, endsTooEarly);

/** What may be spent in a month, by whom or for what: exactly one of `team`, `feature` and `user`. */
const budget = z
  .strictObject({
    team: plainText.optional(),
    feature: plainText.optional(),
    /** The id as applications send it; it is compared as a keyed hash. */
    user: plainText.optional(),
    /** US dollars. */
    monthlyUsd: decimal(2, "not an amount in US dollars and cents").refine((value) => !(Number(value) <= 0), {
      error: "use more than 0",
    }),
  })
  .refine(({ team, feature, user }) => [team, feature, user].filter(Boolean).length === 1, {
    error: "use exactly one of team, feature and user",
  });

/** What `llm` of the definition says about money. */
export const moneyShape = {
  /** Prices of one's own, in front of the published ones; of several that fit a call, the last counts. */
  prices: z.array(ownPrice).default([]),
  /** Of several that fit a call, the last counts. */
  discounts: z.array(discount).default([]),
  /** By name. */
  budgets: z
    .record(z.string().regex(/^[a-z][a-z0-9_-]*$/, "use lower-case letters, digits, _ and -"), budget)
    .default({}),
};

/** A price of one's own, as the definition has it. */
export type OwnPrice = z.output<typeof ownPrice>;
/** A discount, as the definition has it. */
export type Discount = z.output<typeof discount>;
/** A budget, as the definition has it. */
export type Budget = z.output<typeof budget>;
