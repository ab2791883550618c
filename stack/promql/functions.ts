/** Type of an expression's value. A vector is an instant vector, a matrix a range vector. */
export type ValueType = "scalar" | "vector" | "matrix" | "string";

/** What a function takes and gives. */
export interface Signature {
  name: string;
  parameters: readonly ValueType[];
  /** How many of the parameters at the end may be left out, or how often the last may be repeated; -1: any number of times. */
  variadic: number;
  returns: ValueType;
  /** Only with `--enable-feature=promql-experimental-functions`, which `promtool check rules` has not by default. */
  experimental: boolean;
}

const letters: Record<string, ValueType> = { s: "scalar", v: "vector", m: "matrix", t: "string" };

/**
 * Functions of Prometheus 3.15, after promql/parser/functions.go: parameters (s scalar, v vector, m matrix, t text), how the
 * last varies, what is returned; `!` marks experimental ones.
 */
const table: readonly (readonly [names: string, parameters: string, variadic: number, returns: string])[] = [
  [
    "abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor ln log10 log2 rad sgn sin sinh",
    "v",
    0,
    "v",
  ],
  ["sort sort_desc sqrt tan tanh timestamp start_timestamp!", "v", 0, "v"],
  ["histogram_avg histogram_count histogram_sum histogram_stddev histogram_stdvar", "v", 0, "v"],
  ["days_in_month day_of_month day_of_week day_of_year hour minute month year", "v", 1, "v"],
  [
    "absent_over_time avg_over_time changes count_over_time delta deriv first_over_time idelta increase irate",
    "m",
    0,
    "v",
  ],
  ["last_over_time max_over_time min_over_time present_over_time rate resets stddev_over_time", "m", 0, "v"],
  ["stdvar_over_time sum_over_time mad_over_time!", "m", 0, "v"],
  ["ts_of_first_over_time! ts_of_last_over_time! ts_of_max_over_time! ts_of_min_over_time!", "m", 0, "v"],
  ["clamp", "vss", 0, "v"],
  ["clamp_max clamp_min", "vs", 0, "v"],
  ["round", "vs", 1, "v"],
  ["double_exponential_smoothing!", "mss", 0, "v"],
  ["histogram_fraction", "ssv", 0, "v"],
  ["histogram_quantile", "sv", 0, "v"],
  ["histogram_quantiles!", "vtss", 9, "v"],
  ["info!", "vv", 1, "v"],
  ["label_join", "vttt", -1, "v"],
  ["label_replace", "vtttt", 0, "v"],
  ["predict_linear", "ms", 0, "v"],
  ["quantile_over_time", "sm", 0, "v"],
  ["sort_by_label! sort_by_label_desc!", "vt", -1, "v"],
  ["scalar", "v", 0, "s"],
  ["vector", "s", 0, "v"],
  ["pi time end! range! start! step!", "", 0, "s"],
  ["max_of! min_of!", "ss", 0, "s"],
];

/** Every function by name. */
export const functions: ReadonlyMap<string, Signature> = new Map(
  table.flatMap(([names, parameters, variadic, returns]) =>
    names.split(" ").map((written): [string, Signature] => {
      const name = written.replace("!", "");
      return [
        name,
        {
          name,
          parameters: [...parameters].map((letter) => letters[letter]!),
          variadic,
          returns: letters[returns]!,
          experimental: written.endsWith("!"),
        },
      ];
    }),
  ),
);

/** Names that older versions or other languages know, and what took their place. */
export const formerFunctions: Readonly<Record<string, string>> = {
  holt_winters: "double_exponential_smoothing (experimental)",
  count_scalar: "count",
  drop_common_labels: "sum without (...)",
  mean: "avg",
  average: "avg",
  median: "quantile(0.5, ...)",
  stddev_pop: "stddev",
  log: "ln",
  pow: "the operator ^",
  increase_over_time: "increase",
  rate_over_time: "rate",
  percentile: "quantile",
  if: "and",
};
