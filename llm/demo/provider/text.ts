import type { Random } from "./random.js";

const words =
  "the order was shipped on monday and should arrive within two days please keep your receipt because our team needs it to find out which warehouse packed your parcel we have also added a note to account so that next time you ask nobody has to look again".split(
    " ",
  );

/** About what tokenisers count: four characters of English a token. */
export function tokensIn(value: unknown): number {
  if (value === undefined || value === null) return 0;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return Math.ceil(text.length / 4);
}

/** An answer in pieces of one token each. */
export function pieces(random: Random, count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const word = words[Math.floor(random() * words.length)]!;
    return at === 0 ? word[0]!.toUpperCase() + word.slice(1) : ` ${word}`;
  });
}

/** Arguments that fit the JSON schema of a tool. */
export function argumentsFor(schema: unknown, random: Random): unknown {
  const { type, enum: choices, properties, items } = (schema ?? {}) as JsonSchema;
  if (Array.isArray(choices)) return choices[Math.floor(random() * choices.length)];
  if (type === "array") return [argumentsFor(items, random)];
  if (type === "integer") return Math.floor(random() * 100);
  if (type === "number") return Math.round(random() * 1000) / 10;
  if (type === "boolean") return random() < 0.5;
  if (type === "object" || properties)
    return Object.fromEntries(
      Object.entries(properties ?? {}).map(([name, each]) => [name, argumentsFor(each, random)]),
    );
  return words[Math.floor(random() * words.length)]!;
}

interface JsonSchema {
  type?: string;
  enum?: unknown[];
  properties?: Record<string, unknown>;
  items?: unknown;
}
