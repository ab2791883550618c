/** A condition on a span: `resource.service.name = "api"`, `duration > 1s`. */
export interface Condition {
  /** As written, without the scope of an attribute: `service.name`, `duration`, `status`, `name`, `kind`. */
  field: string;
  /** `resource`, `span`, or empty where either will do; undefined for what every span has. */
  scope?: string;
  operator: "=" | "!=" | ">" | ">=" | "<" | "<=" | "=~" | "!~";
  /** Durations in milliseconds. */
  value: string | number | boolean;
}

/** What spans are looked for: those that meet all conditions of any of these. */
export type Alternatives = readonly (readonly Condition[])[];

const token =
  /\s*(?:([{}()])|(&&|\|\|)|(=~|!~|!=|>=|<=|=|>|<)|"((?:[^"\\]|\\.)*)"|`([^`]*)`|(-?\d+(?:\.\d+)?(?:ns|us|µs|ms|[smh])?)(?![\w.])|([\w.:/-]+))/y;

/**
 * Reads as much of TraceQL as a store without it can answer: one pair of braces with comparisons, `&&`, `||` and
 * parentheses. Undefined for anything more.
 */
export function alternativesOf(query: string): Alternatives | undefined {
  const tokens: { text: string; kind: "sign" | "string" | "number" | "word" }[] = [];
  token.lastIndex = 0;
  const trimmed = query.trim();
  while (token.lastIndex < trimmed.length) {
    const found = token.exec(trimmed);
    if (found === null) return undefined;
    const [, bracket, logical, operator, double, back, number, word] = found;
    const sign = bracket ?? logical ?? operator;
    if (sign !== undefined) tokens.push({ text: sign, kind: "sign" });
    else if (double !== undefined) tokens.push({ text: double.replace(/\\(.)/g, "$1"), kind: "string" });
    else if (back !== undefined) tokens.push({ text: back, kind: "string" });
    else if (number !== undefined) tokens.push({ text: number, kind: "number" });
    else tokens.push({ text: word!, kind: "word" });
  }
  let at = 0;
  const take = (text: string) => tokens[at]?.kind === "sign" && tokens[at]!.text === text && ++at > 0;
  const either = (): Alternatives | undefined => {
    let all = both();
    while (all && take("||")) {
      const more = both();
      all = more && [...all, ...more];
    }
    return all;
  };
  const both = (): Alternatives | undefined => {
    let all = one();
    while (all && take("&&")) {
      const more: Alternatives | undefined = one();
      all = more && all.flatMap((left) => more.map((right) => [...left, ...right]));
    }
    return all;
  };
  const one = (): Alternatives | undefined => {
    if (take("(")) {
      const inner = either();
      return take(")") ? inner : undefined;
    }
    const [left, operator, right] = tokens.slice(at, at + 3);
    if (left?.kind !== "word" || operator?.kind !== "sign" || !right || right.kind === "sign")
      return undefined;
    if (!/^(=~|!~|!=|>=|<=|=|>|<)$/.test(operator.text)) return undefined;
    at += 3;
    const [, scope, name] =
      /^(resource|span|event|link|instrumentation|parent)?\.(.+)$/.exec(left.text) ?? [];
    return [
      [
        {
          field: name ?? left.text,
          ...(name !== undefined && { scope: scope ?? "" }),
          operator: operator.text as Condition["operator"],
          value: asValue(right),
        },
      ],
    ];
  };
  if (!take("{")) return undefined;
  if (take("}")) return at === tokens.length ? [[]] : undefined;
  const all = either();
  return take("}") && at === tokens.length ? all : undefined;
}

const inMilliseconds: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

function asValue({ text, kind }: { text: string; kind: string }): Condition["value"] {
  if (kind === "number") {
    const [, count, unit] = /^(-?[\d.]+)(.*)$/.exec(text)!;
    return Number(count) * (inMilliseconds[unit!] ?? 1);
  }
  return kind === "word" && (text === "true" || text === "false") ? text === "true" : text;
}
