import { bucketLabels, bucketMatcher, knownBuckets } from "../../../stack/slo/buckets.js";

test("a bound is found in every form in which Prometheus writes it", () => {
  expect(bucketMatcher(0.25)).toBe('le="0.25"');
  expect(bucketMatcher(5)).toBe('le=~"5|5\\\\.0"');
  expect(bucketLabels(262_144)).toEqual(["262144", "262144.0"]);
  expect(bucketLabels(1_048_576)).toEqual(["1048576", "1.048576e+06"]);
  expect(bucketMatcher(1_000_000)).toBe('le=~"1000000|1e\\\\+06"');
  expect(bucketLabels(0.00005)).toEqual(["0.00005", "5e-05"]);
});

test("the bounds of span metrics and of the contract's histograms are known, those of others are not", () => {
  expect(knownBuckets("traces_span_metrics_duration_seconds")).toContain(0.3);
  expect(knownBuckets("llm_request_duration_seconds")).toContain(10);
  expect(knownBuckets("llm_requests_total")).toBeUndefined();
  expect(knownBuckets("http_server_request_duration_seconds")).toBeUndefined();
});
