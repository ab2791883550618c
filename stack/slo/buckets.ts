import { contract } from "../catalog/contract.js";
import { parseDuration } from "../duration.js";
import { spanDurationBuckets, spanMetricsNamespaces } from "../services/names.js";
import { plainNumber } from "./numbers.js";

/** Bounds of the histograms that obs itself makes, in their unit; undefined for those of other programs. */
export function knownBuckets(histogram: string): readonly number[] | undefined {
  const ofSpans = Object.values(spanMetricsNamespaces).map(
    (namespace) => `${namespace.replaceAll(".", "_")}_duration_seconds`,
  );
  if (ofSpans.includes(histogram)) return spanDurationBuckets.map((bound) => parseDuration(bound)! / 1000);
  return contract.find(({ name }) => name === histogram)?.buckets;
}

/**
 * A matcher for the bucket of a bound, however Prometheus wrote it: what came over OTLP has `le="5"`, what was scraped
 * `le="5.0"`, from a million on `le="1e+06"`.
 */
export function bucketMatcher(bound: number): string {
  const forms = bucketLabels(bound);
  return forms.length === 1 ? `le="${forms[0]}"` : `le=~"${forms.map(escaped).join("|")}"`;
}

/** The values of `le` that a bound may have. */
export function bucketLabels(bound: number): string[] {
  const plain = plainNumber(bound);
  const power = bound === 0 ? 0 : Math.floor(Math.log10(Math.abs(bound)));
  if (power >= 6 || power < -4) {
    const [mantissa, exponent] = bound.toExponential().split("e");
    return [plain, `${mantissa}e${exponent!.replace(/\d+/, (digits) => digits.padStart(2, "0"))}`];
  }
  return Number.isInteger(bound) ? [plain, `${plain}.0`] : [plain];
}

/** RE2 reads these as more than themselves; the backslash is one for PromQL's strings, too. */
function escaped(text: string): string {
  return text.replaceAll(/[.+]/g, "\\\\$&");
}
