import { type $ZodIssue, safeParse } from "zod/v4/core";
import { configFileName } from "../project.js";
import { capital } from "../validate/capital.js";
import { keyPath } from "../validate/key-path.js";
import type { Problem } from "../validate/problem.js";
import { didYouMean } from "../validate/suggest.js";
import { isSecretSchema, knownKeys, schemasAt } from "./schema-at.js";

type Schema = Parameters<typeof schemasAt>[0];
type Path = readonly PropertyKey[];
type Issue<Code extends $ZodIssue["code"]> = Extract<$ZodIssue, { code: Code }>;

/** What shape findings are made from: the schema that was applied, the value it was applied to, the user's file. */
interface Subject {
  schema: Schema;
  input: unknown;
  file: string;
}

/** More keys than this are not listed: the definition's own comments and the editor know them all. */
const keysWorthListing = 30;
/** Longer texts of the user are cut when they are quoted back. */
const quotedLength = 60;

/**
 * Findings of the schema in plain words, each placed at its key in the definition. The value of anything that may be a
 * secret is never repeated. Messages of the schema follow a convention: `not <what is expected>` or `use <what>`.
 */
export function shapeProblems(
  schema: Schema,
  input: unknown,
  issues: readonly $ZodIssue[],
  file: string = configFileName,
): Problem[] {
  const subject = { schema, input, file };
  const problems = issues.flatMap((issue) => ofIssue(subject, issue, []));
  return withoutConsequences(problems);
}

function ofIssue(subject: Subject, issue: $ZodIssue, parent: Path): Problem[] {
  const path = [...parent, ...issue.path];
  const owner = valueAt(subject.input, path.slice(0, -1));
  if (typeof (owner as { build?: unknown } | undefined)?.build === "function") {
    return [
      {
        ...at(subject, "wrong-type", path.slice(0, -1)),
        what: `${shown(path.slice(0, -1))} is a builder, not what it builds.`,
        next: "Call `.build()` on it.",
      },
    ];
  }
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(subject, path, key));
    case "invalid_type":
      return [wrongType(subject, issue, path)];
    case "invalid_union":
      return ofUnion(subject, issue, path);
    case "invalid_key":
      return [badKey(subject, issue, path)];
    default:
      return [badValue(subject, issue, path)];
  }
}

function unknownKey(subject: Subject, path: Path, key: string): Problem {
  const known = knownKeys(subject.schema, path);
  const meant = didYouMean(key, known);
  return {
    ...at(subject, "unknown-key", [...path, key]),
    what: path.length === 0 ? `There is no key "${key}".` : `${keyPath(path)} has no key "${key}".`,
    next: meant
      ? `Did you mean "${meant}"?`
      : known.length <= keysWorthListing
        ? `Known keys: ${known.join(", ")}.`
        : "Completion in your editor lists the known keys.",
  };
}

function wrongType(subject: Subject, issue: Issue<"invalid_type">, path: Path): Problem {
  const value = valueAt(subject.input, path);
  const expected = expectation(subject, issue, path);
  if (value === undefined) {
    return {
      ...at(subject, "missing-key", path),
      what: `${shown(path)} is missing.`,
      next: `Give it ${expected}.`,
    };
  }
  if (mayBeSecret(subject.schema, path) && typeof value === "string") {
    return {
      ...at(subject, "secret-as-text", path),
      what: `${shown(path)} holds text where a reference to a secret belongs.`,
      why: "Generated files are committed: a secret must not be in the definition.",
      next: 'Write secret("NAME") instead, and put NAME=... into .env or the environment.',
    };
  }
  return {
    ...at(subject, "wrong-type", path),
    what: `${shown(path)} should be ${expected}, but it is ${describedKind(value)}.`,
    ...nextForType(issue.expected, expected, value),
  };
}

function nextForType(type: string, expected: string, value: unknown): Pick<Problem, "next"> {
  if ((type === "number" || type === "int") && typeof value === "string" && /^\d+$/.test(value))
    return { next: `Write it without quotes: ${value}.` };
  if (type === "array" && typeof value === "string") return { next: "Put it into a list: [...]." };
  if (value instanceof Promise || typeof (value as { then?: unknown })?.then === "function")
    return { next: "Put `await` in front of it." };
  return examples[expected] ? { next: examples[expected] } : {};
}

function ofUnion(subject: Subject, issue: Issue<"invalid_union">, path: Path): Problem[] {
  if (issue.discriminator !== undefined) return [badChoice(subject, path, issueOptions(issue))];
  const value = valueAt(subject.input, path);
  const branch = nearestBranch(subject.schema, issue.errors, value, path);
  if (branch) return branch.flatMap((each) => ofIssue(subject, each, path));
  const alternatives = issue.errors.flatMap((errors) => {
    const fault = errors.find((each) => each.path.length === 0 && each.code !== "unrecognized_keys");
    return fault ? [expectation(subject, fault, path)] : shapesAt(subject, path);
  });
  const quote = mayBeSecret(subject.schema, path) ? kindOf(value) : described(value);
  return [
    {
      ...at(subject, "bad-value", path),
      what: `${shown(path)} should be ${listed([...new Set(alternatives)])}, but it is ${quote}.`,
    },
  ];
}

/**
 * Of a union of object shapes the one the user most likely meant: it knows at least one of the keys written, and the
 * fewest of them are unknown to it. Undefined where no shape is near; then all alternatives are named.
 */
function nearestBranch(
  schema: Schema,
  branches: readonly (readonly $ZodIssue[])[],
  value: unknown,
  path: Path,
): readonly $ZodIssue[] | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const fitting = branches
    .filter((issues) => !issues.some((each) => each.code === "invalid_type" && each.path.length === 0))
    .map((issues) => ({ issues, unknown: unknownKeys(issues).length }))
    .sort((a, b) => a.unknown - b.unknown || a.issues.length - b.issues.length);
  const written = Object.keys(value);
  const known = knownKeys(schema, path);
  const near = written.some((key) => known.includes(key) || didYouMean(key, known) !== undefined);
  return near ? fitting[0]?.issues : undefined;
}

function unknownKeys(issues: readonly $ZodIssue[]): string[] {
  return issues.flatMap((each) =>
    each.code === "unrecognized_keys" && each.path.length === 0 ? each.keys : [],
  );
}

function issueOptions(issue: Issue<"invalid_union">): string[] {
  return "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
}

function badChoice(subject: Subject, path: Path, choices: readonly string[]): Problem {
  const value = valueAt(subject.input, path);
  if (value === undefined) {
    return {
      ...at(subject, "missing-key", path),
      what: `${shown(path)} is missing.`,
      next: `Give it one of: ${quoted(choices)}.`,
    };
  }
  const meant = typeof value === "string" ? didYouMean(value, choices) : undefined;
  return {
    ...at(subject, "bad-value", path),
    what: `${shown(path)} should be ${listed(choices.map((each) => JSON.stringify(each)))}, but it is ${described(value)}.`,
    ...(meant ? { next: `Did you mean "${meant}"?` } : {}),
  };
}

function badKey(subject: Subject, issue: Issue<"invalid_key">, path: Path): Problem {
  const key = String(path.at(-1));
  const rule = issue.issues[0]?.message ?? "";
  return {
    ...at(subject, "bad-value", path),
    what: `"${cut(key)}" can't be a name in ${shown(path.slice(0, -1))}.`,
    next: rule.startsWith("use ") ? `${capital(rule)}.` : `It should be ${expectedBy(rule)}.`,
  };
}

function badValue(subject: Subject, issue: $ZodIssue, path: Path): Problem {
  const value = valueAt(subject.input, path);
  const fault = at(subject, "bad-value", path);
  if (issue.code === "invalid_value") return badChoice(subject, path, issue.values.map(String));
  if (path.at(-1) === "secret" && mayBeSecret(subject.schema, path.slice(0, -1))) {
    return {
      ...at(subject, "bad-value", path.slice(0, -1)),
      what: `${keyPath(path.slice(0, -1))} refers to its secret by a name that no environment variable can have.`,
      next: 'Use capitals, digits and _, starting with a letter: secret("SMTP_PASSWORD").',
    };
  }
  if (issue.code === "too_small" || issue.code === "too_big") return outOfRange(subject, issue, path);
  if (issue.message.startsWith("use ")) {
    return {
      ...fault,
      what: `${shown(path)} can't be ${described(value)}.`,
      next: `${capital(issue.message)}.`,
    };
  }
  const expected = expectation(subject, issue, path);
  return {
    ...fault,
    what: `${shown(path)} should be ${expected}, but it is ${described(value)}.`,
    ...(examples[expected] ? { next: examples[expected] } : {}),
  };
}

function outOfRange(subject: Subject, issue: Issue<"too_small"> | Issue<"too_big">, path: Path): Problem {
  const value = valueAt(subject.input, path);
  const fault = at(subject, "bad-value", path);
  const countable = issue.origin === "array" || issue.origin === "string" || issue.origin === "object";
  if (issue.code === "too_small" && countable) {
    return {
      ...fault,
      what: `${shown(path)} is empty.`,
      next:
        issue.origin === "array" ? "Give it at least one entry, or leave the key out." : "Give it a value.",
    };
  }
  const bound = issue.code === "too_small" ? issue.minimum : issue.maximum;
  const words =
    issue.code === "too_small"
      ? issue.inclusive === false
        ? "more than"
        : "at least"
      : issue.inclusive === false
        ? "less than"
        : "at most";
  return countable
    ? { ...fault, what: `${shown(path)} is too long: ${words} ${bound} characters.` }
    : { ...fault, what: `${shown(path)} should be ${words} ${bound}, but it is ${described(value)}.` };
}

const examples: Record<string, string> = {
  "a duration": 'Write a number and a unit, like "30s", "15m", "7d" or "1h30m".',
  "a size": 'Write a number and a unit, like "500MB" or "10GB".',
  "host:port": 'Write it like "localhost:8080".',
  "an http(s) URL": 'Write it like "https://example.org/path".',
};

const formats: Record<string, string> = {
  ipv4: "an IPv4 address",
  ipv6: "an IPv6 address",
};

const types: Record<string, string> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** What the schema wants at a place, as the end of "should be ...". */
function expectation(subject: Subject, issue: $ZodIssue, path: Path): string {
  if (/^(not|use) /.test(issue.message)) return expectedBy(issue.message);
  if (issue.code === "invalid_format") {
    if (issue.format === "starts_with" && "prefix" in issue)
      return `a string starting with "${issue.prefix}"`;
    return formats[issue.format] ?? `of the form ${issue.format}`;
  }
  if (issue.code !== "invalid_type") return expectedBy(issue.message);
  if (issue.expected === "object") {
    if (mayBeSecret(subject.schema, path)) return 'secret("NAME")';
    const shapes = shapesAt(subject, path);
    if (shapes.length > 1) return listed(shapes);
  }
  if (issue.expected === "string") return kindOfString(subject, path) ?? types.string!;
  return types[issue.expected] ?? issue.expected;
}

/** Object shapes allowed at a place by their keys, `{ username, password }`, where that is short enough to say. */
function shapesAt(subject: Subject, path: Path): string[] {
  return schemasAt(subject.schema, path)
    .map((schema) => knownKeys(schema, []))
    .filter((keys) => keys.length > 0 && keys.length <= 4)
    .map((keys) => `{ ${keys.join(", ")} }`);
}

/** What kind of string belongs at a place ("a duration"), learnt from what the schema says about one that fits nothing. */
function kindOfString(subject: Subject, path: Path): string | undefined {
  const messages = schemasAt(subject.schema, path).flatMap((schema) =>
    (safeParse(schema, "\0").error?.issues ?? []).map((each) => each.message),
  );
  return messages
    .filter((message) => message.startsWith("not "))
    .map(expectedBy)
    .at(0);
}

function expectedBy(message: string): string {
  return message.replace(/^not /, "");
}

function mayBeSecret(schema: Schema, path: Path): boolean {
  return schemasAt(schema, path).some(isSecretSchema);
}

/** Without repetitions, and without "x is missing" where a misspelt x was reported. */
function withoutConsequences(problems: Problem[]): Problem[] {
  const meant = new Set(
    problems
      .filter(({ id }) => id === "unknown-key")
      .flatMap(({ place, next }) => {
        const name = /^Did you mean "(.+)"\?$/.exec(next ?? "")?.[1];
        return name && place?.keyPath ? [sibling(place.keyPath, name)] : [];
      }),
  );
  const seen = new Set<string>();
  return problems.filter(({ id, place, what }) => {
    const known = seen.has(what);
    seen.add(what);
    return !known && (id !== "missing-key" || !meant.has(place?.keyPath ?? ""));
  });
}

function sibling(path: string, name: string): string {
  return path.includes(".") ? `${path.slice(0, path.lastIndexOf("."))}.${name}` : name;
}

function at(
  subject: Subject,
  id: string,
  path: Path,
): Pick<Problem, "id" | "severity" | "place"> & { what: "" } {
  const keys = keyPath(path);
  return {
    id,
    severity: "error",
    what: "",
    place: { file: subject.file, ...(keys === "" ? {} : { keyPath: keys }) },
  };
}

function shown(path: Path): string {
  return path.length === 0 ? "The definition" : keyPath(path);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** A value as it can be said in a sentence. */
function described(value: unknown): string {
  if (typeof value === "string") return value === "" ? "empty" : JSON.stringify(cut(value));
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return kindOf(value);
}

/** The same where the kind of value is the point: `the string "9090"`. */
function describedKind(value: unknown): string {
  if (typeof value === "string") return `the string ${JSON.stringify(cut(value))}`;
  if (typeof value === "number") return `the number ${value}`;
  return typeof value === "boolean" ? String(value) : kindOf(value);
}

function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "a string";
  if (typeof value === "object")
    return typeof (value as { then?: unknown }).then === "function" ? "a promise" : "an object";
  return `a ${typeof value}`;
}

function cut(text: string): string {
  return text.length > quotedLength ? `${text.slice(0, quotedLength)}…` : text;
}

function listed(alternatives: readonly string[]): string {
  if (alternatives.length < 2) return alternatives.join("");
  return `${alternatives.slice(0, -1).join(", ")} or ${alternatives.at(-1)}`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}
