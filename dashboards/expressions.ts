/** Share of a whole, by the labels of both: 0, not nothing, where no part is counted, and nothing where there is no whole. */
export function ratio(part: string, whole: string): string {
  return `(${part} or 0 * ${whole}) / (${whole} > 0)`;
}

/** A quantile of a classic histogram's rate, by some labels. `buckets`: a selector of its `_bucket` series. */
export function quantile(q: number, buckets: string, by: readonly string[] = []): string {
  return `histogram_quantile(${q}, sum by (${["le", ...by].join(", ")}) (rate(${buckets}[$__rate_interval])))`;
}

/** `sum by (labels) (expr)`; a single number without labels. */
export function sumBy(labels: readonly string[], expr: string): string {
  return labels.length === 0 ? `sum(${expr})` : `sum by (${labels.join(", ")}) (${expr})`;
}
