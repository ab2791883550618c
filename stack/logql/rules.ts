// What Loki 3.7 asks of aggregations beyond the grammar (pkg/logql/syntax/ast.go).

/** Range aggregations that work on a number unwrapped from each line, and on nothing else. */
export const needsUnwrap: ReadonlySet<string> = new Set([
  "avg_over_time",
  "sum_over_time",
  "max_over_time",
  "min_over_time",
  "stddev_over_time",
  "stdvar_over_time",
  "quantile_over_time",
  "rate_counter",
  "first_over_time",
  "last_over_time",
]);

/** Range aggregations that may work on unwrapped numbers. */
export const takesUnwrap: ReadonlySet<string> = new Set([...needsUnwrap, "rate", "absent_over_time"]);

/** Range aggregations that can be grouped by themselves. */
export const takesGrouping: ReadonlySet<string> = new Set([
  "avg_over_time",
  "stddev_over_time",
  "stdvar_over_time",
  "quantile_over_time",
  "max_over_time",
  "min_over_time",
  "first_over_time",
  "last_over_time",
]);

/** Aggregations that are told how many series to keep. */
export const aggregationParameters: ReadonlySet<string> = new Set(["topk", "bottomk", "approx_topk"]);

/** Names of the groups in a regular expression. */
export function captureNames(source: string): string[] {
  return [...source.matchAll(/\(\?P?<([^>]+)>/g)].map(([, name]) => name!);
}

/** What is wrong with the pattern of a pattern parser, if anything. */
export function patternFault(pattern: string): string | undefined {
  const captures = [...pattern.matchAll(/<[A-Za-z_]\w*>/g)];
  const named = captures.map(([text]) => text).filter((text) => text !== "<_>");
  if (named.length === 0) return "the pattern captures nothing: write `<name>` where the value stands";
  for (const [index, capture] of captures.entries()) {
    const next = captures[index + 1];
    if (next && capture.index + capture[0].length === next.index)
      return `between ${capture[0]} and ${next[0]} something must tell where the first ends`;
  }
  const twice = named.find((name, index) => named.indexOf(name) !== index);
  return twice && `${twice} is captured twice`;
}

/** Words that Loki's lexer takes for its own wherever they stand, so that no label can have their name in a query. */
export const reservedWords: ReadonlySet<string> = new Set(
  "bool on ignoring group_left group_right or and unless by without json regexp logfmt pattern unpack unwrap label_format line_format offset decolorize drop keep ip variants of".split(
    " ",
  ),
);

/** Words that are functions where a parenthesis follows. */
export const functionWords: ReadonlySet<string> = new Set(
  "rate rate_counter count_over_time bytes_rate bytes_over_time avg_over_time sum_over_time min_over_time max_over_time stdvar_over_time stddev_over_time quantile_over_time first_over_time last_over_time absent_over_time vector sum avg max min count stddev stdvar bottomk topk approx_topk sort sort_desc label_replace bytes duration duration_seconds ip".split(
    " ",
  ),
);
