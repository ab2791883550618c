/** What an axis or a number counts, by the word that panels use for it; the value is Grafana's id of the unit. */
export const units = {
  count: "short",
  perSecond: "ops",
  requestsPerSecond: "reqps",
  /** 0.05 is shown as 5 %. */
  ratio: "percentunit",
  seconds: "s",
  bytes: "bytes",
  bytesPerSecond: "Bps",
  usd: "currencyUSD",
  tokens: "count:tokens",
  tokensPerSecond: "count:tokens/s",
  linesPerSecond: "count:lines/s",
  /** A factor: a burn rate, a number of standard deviations. */
  times: "suffix:×",
  /** A moment, in milliseconds since 1970, shown as how long ago it was. */
  ago: "dateTimeFromNow",
  /** For panels of words: logs, traces. */
  none: "none",
} as const;

export type Unit = keyof typeof units;
