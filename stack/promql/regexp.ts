import { createRequire } from "node:module";

/** A quarter of a megabyte of code that most rules never need: loaded for the first expression that isn't plain. */
const re2 = () => createRequire(import.meta.url)("re2js") as typeof import("re2js");

/** A label matcher's regular expression; it always has to match the whole value. */
export interface LabelRegexp {
  matches(value: string): boolean;
}

/** Only literals, dots, alternatives and `.*`-like repetitions: the engines agree about them, and most are of this form. */
const plain = /^(?:(?:[\w\-/:, @%#=~&;!"'<>`]|\.(?![*+?]))|\.[*+?]|\|)*$/;
const known = new Map<string, LabelRegexp | string>();

/**
 * The regular expression in Go's syntax (RE2, the dot matching line feeds too), or what is wrong with it.
 * RE2 has no backtracking: any expression is safe to try.
 */
export function labelRegexp(source: string): LabelRegexp | string {
  let found = known.get(source);
  if (found === undefined) {
    found = compile(source);
    if (known.size > 5000) known.clear();
    known.set(source, found);
  }
  return found;
}

function compile(source: string): LabelRegexp | string {
  if (plain.test(source)) {
    const regexp = new RegExp(`^(?:${source.replaceAll("/", "\\/")})$`, "s");
    return { matches: (value) => regexp.test(value) };
  }
  const { RE2JS } = re2();
  try {
    const regexp = RE2JS.compile(withoutNames(source), RE2JS.DOTALL);
    return { matches: (value) => regexp.matches(value) };
  } catch (error) {
    return (error as Error).message.replace(/^error parsing regexp: /, "").replaceAll("(?s)", "");
  }
}

/** Go takes a group's name twice where this engine doesn't; matching a whole value needs no names. */
function withoutNames(source: string): string {
  return source.replace(/(?<!\\)\(\?P?<[A-Za-z0-9_]+>/g, "(");
}
