import type { RulePack } from "obs-stack";
import { parseDuration } from "../../stack/duration.js";

type Fault = NonNullable<RulePack["faults"]>[number];
/** Looks at the value of an option; `key` is its path from the pack's options. One that isn't given is fine. */
export type Judge = (value: unknown, key: string) => Fault[];

const when =
  (fine: (value: unknown) => boolean, is: string, next: string): Judge =>
  (value, key) =>
    value === undefined || fine(value)
      ? []
      : [{ severity: "error", key, what: `${shown(value)} is no ${is}.`, next }];

const number = (fine: (value: number) => boolean) => (value: unknown) =>
  typeof value === "number" && Number.isFinite(value) && fine(value);

export const share = when(
  number((value) => value > 0 && value < 1),
  "share that an alert can look for",
  "Write a number between 0 and 1: 0.05 is 5 %.",
);
export const percent = when(
  number((value) => value > 0 && value < 100),
  "percentage that an alert can look for",
  "Write a number between 0 and 100: 5 is 5 %.",
);
export const positive = when(
  number((value) => value > 0),
  "limit",
  "Write a number above 0.",
);
export const times = when(
  number((value) => value > 1),
  "multiple of what is usual",
  "Write a number above 1: 2 is twice as much.",
);
export const count = when(
  number((value) => value >= 1),
  "number of calls, runs or requests",
  "Write 1 or more: of fewer no share can be told.",
);
export const duration = when(
  (value) => typeof value === "string" && (parseDuration(value) ?? 0) > 0,
  "length of time",
  "Write it as Prometheus does: 5m, 1h30m.",
);
export const text = when(
  (value) => typeof value === "string" && value.trim() !== "",
  "name",
  "Write a text that isn't empty.",
);

/** One of some words. */
export const oneOf = (words: readonly string[], is: string): Judge =>
  when((value) => words.includes(value as string), is, `There are ${words.join(", ")}.`);

/** What `false` turns off. */
export const orOff =
  (judge: Judge): Judge =>
  (value, key) =>
    value === false ? [] : judge(value, key);

export const listOf =
  (judge: Judge): Judge =>
  (value, key) => {
    if (value === undefined) return [];
    return Array.isArray(value)
      ? value.flatMap((each, at) => judge(each, `${key}[${at}]`))
      : [{ severity: "error", key, what: `${shown(value)} is no list.` }];
  };

/** An object with these keys, all of which may be left out, and no others. */
export const fields =
  <T>(judges: { readonly [K in keyof Required<T>]: Judge }): Judge =>
  (value, key) => {
    if (value === undefined) return [];
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return [{ severity: "error", key, what: `${shown(value)} are no options.` }];
    const known: Readonly<Record<string, Judge>> = judges;
    return Object.entries(value).flatMap(([name, each]): Fault[] => {
      const path = key === "" ? name : `${key}.${name}`;
      const judge = Object.hasOwn(known, name) ? known[name] : undefined;
      return (
        judge?.(each, path) ?? [
          {
            severity: "error",
            key: path,
            what: `There is no option ${name}.`,
            next: `There are ${Object.keys(known).join(", ")}.`,
          },
        ]
      );
    });
  };

/** Every key of an object that the user names, judged alike. */
export const each =
  (judge: Judge): Judge =>
  (value, key) =>
    typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([name, one]) => judge(one, `${key}.${name}`))
      : [];

function shown(value: unknown): string {
  if (typeof value === "function") return "A function";
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
}
