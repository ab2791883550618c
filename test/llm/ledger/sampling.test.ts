import { keptPart } from "../../../llm/ledger/sampling.js";
import { span } from "../../support/llm-spans.js";

test.each([
  ["", undefined],
  ["ot=th:0", 1],
  ["ot=th:8", 0.5],
  ["ot=th:e6666666666666;rv:0123456789abcd", 0.1],
  ["vendor=1, ot=rv:0123456789abcd;th:c", 0.25],
  ["ot=p:3;r:5", 0.125],
  ["ot=r:5", undefined],
  ["ot=th:zz", undefined],
  ["th:8", undefined],
])("of spans with the trace state %j this part was kept: %p", (traceState, part) => {
  const kept = keptPart(span({}, { traceState }));
  if (part === undefined) expect(kept).toBeUndefined();
  else expect(kept).toBeCloseTo(part, 9);
});

test("Jaeger's words and Honeycomb's are understood, on spans and on resources", () => {
  expect(keptPart(span({ "sampler.type": "probabilistic", "sampler.param": 0.01 }))).toBe(0.01);
  expect(keptPart(span({}, { resource: { "sampler.type": "probabilistic", "sampler.param": 0.2 } }))).toBe(
    0.2,
  );
  expect(keptPart(span({ "sampler.type": "const", "sampler.param": true }))).toBeUndefined();
  expect(keptPart(span({ SampleRate: 4 }))).toBe(0.25);
  expect(keptPart(span({ SampleRate: "no" }))).toBeUndefined();
});
