import { say } from "./say.js";

/** The standard variables, read with care: what makes no sense is told once, and the default is taken. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's value; an empty one is as good as none (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). */
export function textOf(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

/** A whole number from 1 on. */
export function countOf(env: Environment, name: string, fallback: number): number {
  const text = textOf(env, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= 2 ** 31 - 1) return value;
  say(`${name} is ${JSON.stringify(text)}, not a whole number from 1 on: ${fallback} is used`);
  return fallback;
}

/** One of some words. */
export function oneOf<Word extends string>(
  env: Environment,
  names: readonly string[],
  words: readonly Word[],
  fallback: Word,
): Word {
  for (const name of names) {
    const text = textOf(env, name)?.toLowerCase();
    if (text === undefined) continue;
    if (words.includes(text as Word)) return text as Word;
    say(`${name} is ${JSON.stringify(text)}, none of ${words.join(", ")}: ${fallback} is used`);
    return fallback;
  }
  return fallback;
}

/** Only `true` is true, in whatever case. */
export function isTrue(env: Environment, name: string): boolean {
  return textOf(env, name)?.toLowerCase() === "true";
}

/** Names of a list with commas. */
export function listOf(env: Environment, name: string): string[] {
  return (textOf(env, name) ?? "")
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);
}
