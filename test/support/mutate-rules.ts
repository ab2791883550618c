/** A generator of numbers in [0, 1) that gives the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What one language's queries are made of. */
export interface Grammar {
  /** Splits a query into tokens, blanks among them. */
  tokens: RegExp;
  /** Tokens to put in where others were. */
  pool: readonly string[];
  functions: readonly string[];
  operators: readonly string[];
  durations: readonly string[];
  numbers: readonly string[];
  /** Whole texts, quotes included. */
  strings: readonly string[];
}

const tokens =
  /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|[A-Za-z_:][\w:]*|[\d.][\w.]*|\s+|#.*|[=!<>]=|=~|!~|\|[=~]|./gs;

const strings = [
  '"a(b"', '"*"', '"a**"', '"[z-a]"', '"a{1001}"', '"(?=a)"', '"(?P<n>a)(?P<n>b)"', '"\\\\C"', '"\\\\1"', '""', '".*"', '".+"',
  '"a|"', '"|"', '"\\d"', '"\\\\d+"', '"\\x"', '"\\xff"', '"\\xff.*"', '"\\u12"', '"\\ud800"', '"\\400"', '"\\777"', "'it\\'s'", "'\\\"'",
  '"a', "a'", "`\\d+`", "`a", '"a\nb"', '"$1"', '"(?i)x"', '"(?x)x"', '"x{2}{3}"', '"\\\\Qa.b\\\\E"', '"\\\\pN"', '"\\\\pX"', '"^a$"', '"a$b"',
  '"[[:foo:]]"', '"[^]"', '"[]a]"', '"(a{100}){100}"', '"(a{20}){20}"', '"\uFFFD"', '"é"', '"(?s:.)"', '"(?m)^a"', '"\\\\bx"', '"a.*?b"', '"\\\\z"', '"\\\\Z"',
]; // biome-ignore format: a pool

export const promqlGrammar: Grammar = {
  tokens,
  pool: [
    "(", ")", "{", "}", "[", "]", ",", ":", "@", "=", "==", "=~", "!~", "!=", "!", "~", "|", "&", "$", "#", ";", "?", "\\", "\t", "\n", "é", "\u00a0", "\0",
    "by", "without", "on", "ignoring", "group_left", "group_right", "bool", "offset", "and", "or", "unless", "atan2", "fill", "fill(0)", "fill_left",
    "start", "end", "start()", "end()", "step()", "range()", "max_of", "min_of(1, 2)", "anchored", "smoothed", "inf", "NaN", "sum", "topk", "limitk", "count_values",
    "()", "{}", "[5m]", "[5m:]", "[5m:1m]", "[:]", "[5m:1m:1m]", "[]", "offset 5m", "offset -5m", "offset 0s", "offset --5m", "offset (5m)", "offset -(5m)", "offset 1e11", "offset step()", "offset (5m) + 1m", "offset max_of(1, 2)", "offset -max_of(5m, 2)", "offset -range() * 2",
    "@ 5", "@ -5", "@ start()", "@ end", "@ NaN", "@ Inf", "@ 1e19", "@ 5m", "by (a)", "without (\"\")", "on(without)", "by (without)", "group_left(a)", "on(a)", "ignoring(a, b)", "bool bool",
    "up", "a:b", ":", ":a", "a:", "x{}", "{__name__=\"x\"}", "{\"x\"}", "{\"x\",\"y\"}", "{__name__!=\"x\"}", "{a=\"b\",}", "{,}", "{a}", "{a=b}", "{a=~\".*\"}", "{a!~\".+\"}", "{a!=\"\"}", "{1a=\"b\"}", "{a:b=\"c\"}",
    "-", "+", "--", "vector(1)", "scalar(up)", "time()", "pi", "pi()", "\"text\"", "up[5m]", "1", "(1)", "rate(up[5m])", "sum(up)", "info(up)", "[5m*2]", "[(5m)]", "[step()]", "[range():]", "[5m:step()]", "[max_of(5m, step()):]", "[-(5m)]", "[2*-5m]", "[5m/0]", "[5m%(0)]", "[-step() + 5m]", "[2^2^2m]", "[step() #\n]", "[STEP()]", "[steps()]", "[step]", "[-5m]", "[--5m]", "[ 5m ]", "[#\n5m]", "[5m #\n]",
    "1 > 2", "1 and 2", "up > bool", "up == 1 == 1", "(up > 1)[5m]", "((up))[5m:]",
  ],
  functions: [
    "rate", "increase", "abs", "sums", "Sum", "RATE", "absent", "histogram_quantile", "label_replace", "label_join", "round", "clamp", "vector", "scalar", "time", "pi", "hour",
    "holt_winters", "double_exponential_smoothing", "mad_over_time", "sort_by_label", "quantile_over_time", "predict_linear", "topk", "quantile", "count_values", "limitk", "limit_ratio", "min_of", "start", "step", "info", "ts_of_last_over_time", "start_timestamp", "foo",
  ],
  operators: ["+", "-", "*", "/", "%", "^", "==", "!=", ">", "<", ">=", "<=", "and", "or", "unless", "atan2", "</", ">/", "=", "=~", "!~", "&&", "||", "<>", "===", "> bool", "and bool", "+ bool", "or on()", "and on(a)", "* on(a) group_left()", "and on(a) group_left(b)", "* group_left(a)", "* on(a) group_left(a)", "* ignoring(a) group_right(a)", "/ fill(0)"],
  durations: ["5m", "0s", "0", "1h30m", "30m1h", "5", "5.5", "1.5h", "5min", "1y2w", "300y", "293y", "292y", "106751d", "106752d", "1m1m", "5m_", "5M", "-5m", "+5m", "1ms", "1us", "1e3", "1e10", "9223372036", "9223372037", "1_0", "0x10", "1s1ms", "1d1y", "99999999999999999999s"],
  numbers: ["1e309", "1e", "1e+", "0x", "0x1g", "0xee", "0x1e+5", "0xFFFFFFFFFFFFFFFFFFFF", "0b11", "0o7", "08", "09.5", "1__0", "1_", "_1", "1_000.5", "0_8", "1.2.3", "..5", "5.", ".5", ".", "1e5e5", "1e-5", "1_e5", "1._5", "Infinity", "inf", "-1", "5m", "1i", "0x_1", "0X1p3", "0x1.8", "1e1_0", "1E400", "1e-400", "00", "0xd", "0x5m", "1d", "1e5s", "0x1d"],
  strings,
}; // biome-ignore format: pools

export const logqlGrammar: Grammar = {
  tokens,
  pool: [
    "(", ")", "{", "}", "[", "]", ",", "|", "|=", "|~", "!~", "!=", "|>", "!>", "=", "==", "=~", "@", ":", "$", "?", "\\", "é",
    "by", "without", "on", "ignoring", "group_left", "bool", "offset", "and", "or", "unless", "by (a)", "without ()", "[5m]", "[5m:1m]", "offset 1h", "| json", "| logfmt", "| unpack", "| unwrap x",
    "| unwrap", "| regexp \"(a)\"", "| regexp \"(?P<a>b)\"", "| pattern \"<a><b>\"", "| pattern \"x\"", "| line_format \"{{.x}}\"", "| label_format a=b", "| level=\"error\"", "| x > 5", "| x > 5s", "| drop a", "| keep",
    "{}", "{a=\"b\"}", "{a=~\".*\"}", "{a!=\"\"}", "{a=\"\"}", "{a=~\"(\"}", "|= \"x\"", "|~ \"(\"", "1", "\"text\"", "vector(1)", "rate({a=\"b\"}[5m])", "sum(", "up",
  ],
  functions: ["rate", "count_over_time", "bytes_rate", "sum_over_time", "quantile_over_time", "rate_counter", "absent_over_time", "increase", "sum", "topk", "sort", "approx_topk", "vector", "label_replace", "histogram_quantile", "foo", "stddev_over_time", "json", "unwrap"],
  operators: ["+", "-", "*", "/", "%", "^", "==", "!=", ">", "<", ">=", "and", "or", "unless", "=", "=~", "&&", "> bool", "and on(a)", "* on(a) group_left()", "|=", "|~"],
  durations: ["5m", "0s", "1h30m", "5", "5min", "1d", "1w", "1y", "-5m", "1.5h", "5x"],
  numbers: ["1e", "-1", "0", "1.5", "5.", ".5", "0x1", "1_0", "1e309", "5m", "inf"],
  strings,
}; // biome-ignore format: pools

/** A mutated query and what was done to it. */
export interface Mutant {
  expr: string;
  how: string;
}

/**
 * `count` different mutants of some queries, the same for the same seed. Each has one to three small changes of the kind
 * people and editors make, or worse.
 */
export function mutants(
  exprs: readonly string[],
  count: number,
  seed: number,
  grammar: Grammar = promqlGrammar,
): Mutant[] {
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const found = new Map<string, Mutant>();
  const given = new Set(exprs);
  for (let round = 0; found.size < count && round < count * 50; round++) {
    const source = pick(exprs);
    let parts = source.match(grammar.tokens) ?? [];
    const done: string[] = [];
    for (let changes = random() < 0.7 ? 1 : random() < 0.7 ? 2 : 3; changes > 0; changes--) {
      const [how, change] = pick(Object.entries(mutations));
      parts =
        change(parts, { random, pick, grammar, other: pick(exprs) })
          .join("")
          .match(grammar.tokens) ?? [];
      done.push(how);
    }
    const expr = parts.join("");
    if (expr !== "" && !given.has(expr)) found.set(expr, { expr, how: done.join(", ") });
  }
  return [...found.values()];
}

interface Tools {
  random(): number;
  pick<T>(from: readonly T[]): T;
  grammar: Grammar;
  /** Another query. */
  other: string;
}

type Mutation = (parts: readonly string[], tools: Tools) => string[];

/** Puts something else in the place of one token that a pattern matches, or of any where none does. */
function replacing(pattern: RegExp, by: (tools: Tools, old: string) => string): Mutation {
  return (parts, tools) => {
    const matching = [...parts.keys()].filter((at) => pattern.test(parts[at]!));
    const at = matching.length > 0 ? tools.pick(matching) : Math.floor(tools.random() * parts.length);
    return parts.toSpliced(at, 1, by(tools, parts[at] ?? ""));
  };
}

const solid = /\S/;
const word = /^[A-Za-z_]/;

const mutations: Record<string, Mutation> = {
  "drop a token": replacing(solid, () => ""),
  "drop a blank": replacing(/^\s+$/, () => ""),
  "double a token": replacing(solid, (_, old) => `${old} ${old}`),
  "swap two tokens": (parts, { random }) => {
    const at = Math.floor(random() * Math.max(parts.length - 1, 1));
    return parts.length < 2 ? [...parts] : parts.toSpliced(at, 2, parts[at + 1]!, " ", parts[at]!);
  },
  "exchange a token": replacing(solid, ({ pick, grammar }) => pick(grammar.pool)),
  "insert a token": replacing(solid, ({ pick, grammar }, old) => `${old} ${pick(grammar.pool)} `),
  "insert in front": replacing(solid, ({ pick, grammar }, old) => ` ${pick(grammar.pool)} ${old}`),
  "another function": replacing(word, ({ pick, grammar }) => pick(grammar.functions)),
  "misspell a word": replacing(word, ({ random }, old) => {
    const at = Math.floor(random() * old.length);
    return old.slice(0, at) + old.slice(at + 1);
  }),
  "another operator": replacing(
    /^(?:[-+*/%^<>]|[=!<>]=|=~|!~|and|or|unless|\|.?)$/,
    ({ pick, grammar }) => ` ${pick(grammar.operators)} `,
  ),
  "another duration": replacing(/^\d[\d.]*[a-z]/, ({ pick, grammar }) => pick(grammar.durations)),
  "another number": replacing(/^[\d.]+$/, ({ pick, grammar }) => pick(grammar.numbers)),
  "another text": replacing(/^["'`]/, ({ pick, grammar }) => pick(grammar.strings)),
  "one more argument": replacing(/^\)$/, ({ pick, grammar }) => `, ${pick(grammar.pool)})`),
  "no arguments": replacing(/^\($/, () => "() ("),
  "drop a character": (parts, { random }) => {
    const text = parts.join("");
    const at = Math.floor(random() * text.length);
    return [text.slice(0, at) + text.slice(at + 1)];
  },
  "cut the end": (parts, { random }) => parts.slice(0, 1 + Math.floor(random() * parts.length)),
  "cut the beginning": (parts, { random }) => parts.slice(Math.floor(random() * parts.length)),
  "change case": replacing(word, (_, old) =>
    old === old.toUpperCase() ? old.toLowerCase() : old.toUpperCase(),
  ),
  "join with another": (parts, { pick, grammar, other }) => [...parts, ` ${pick(grammar.operators)} `, other],
  "put another inside": replacing(word, ({ other }) => other),
};
