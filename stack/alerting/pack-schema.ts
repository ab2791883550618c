import { z } from "zod";
import { duration } from "../duration-schema.js";
import { isRulePack, type RulePack } from "./define-rules.js";

const plainText = z.string().regex(/\S/, "not a text");
const texts = z.record(z.string(), z.string());

const declared = {
  name: plainText,
  declaredIn: z.string().optional(),
  disable: z.record(plainText, plainText).optional(),
};

const alertCase = z.strictObject({
  kind: z.enum(["fires", "quiet", "resolves", "no data"]),
  name: plainText,
  series: texts,
  interval: duration.optional(),
  firing: z.record(duration, z.union([z.boolean(), z.array(texts)])),
  annotations: texts.optional(),
});

const alertRule = z.strictObject({
  kind: z.literal("alert"),
  ...declared,
  expr: plainText,
  for: duration.optional(),
  keepFiringFor: duration.optional(),
  severity: plainText,
  summary: plainText,
  description: plainText,
  cause: plainText.optional(),
  owner: plainText.optional(),
  dashboard: plainText.optional(),
  runbook: plainText.optional(),
  labels: texts.optional(),
  annotations: texts.optional(),
  cases: z.array(alertCase),
});

const recordRule = z.strictObject({
  kind: z.literal("record"),
  ...declared,
  expr: plainText,
  labels: texts.optional(),
  description: z.string().optional(),
  cases: z
    .array(
      z.strictObject({
        name: plainText,
        series: texts,
        interval: duration.optional(),
        gives: z.record(duration, z.record(z.string(), z.number())),
      }),
    )
    .optional(),
});

const shape = z.looseObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,60}$/, "use lower-case letters, digits and dashes"),
  owner: plainText,
  description: z.string().optional(),
  groups: z.array(
    z.strictObject({
      name: plainText,
      interval: duration.optional(),
      when: z.custom<(...args: never[]) => boolean>((value) => typeof value === "function").optional(),
      rules: z.array(z.discriminatedUnion("kind", [alertRule, recordRule])),
    }),
  ),
});

/** A value made by `defineRules`, and the shape that it must have; whether its rules are right is for the checks of rules. */
export const rulePack = z
  .custom<RulePack>(isRulePack, { error: "not a rule pack: use what defineRules(...) returns" })
  .pipe(shape as unknown as z.ZodType<RulePack, RulePack>);
