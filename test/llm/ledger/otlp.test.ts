import type { Span } from "../../../llm/call.js";
import { decodeJson } from "../../../llm/ledger/otlp/json.js";
import { OtlpError } from "../../../llm/ledger/otlp/otlp-error.js";
import { decodeProtobuf } from "../../../llm/ledger/otlp/protobuf.js";
import { otlpJson, otlpProtobuf } from "../../support/llm-otlp.js";
import { span } from "../../support/llm-spans.js";
import { seededRandom } from "../../support/random.js";

const spans: Span[] = [
  span(
    {
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.output_tokens": -20,
      "gen_ai.request.stream": true,
      "gen_ai.response.time_to_first_chunk": 0.25,
      "gen_ai.response.finish_reasons": ["stop", "length"],
    },
    {
      resource: { "service.name": "shöp" },
      parentSpanId: "00f067aa0ba902b7",
      name: "chat gpt-4o",
      scope: "by-hand",
      traceState: "ot=th:8",
      unread: ["llm.tokens_in", "gen_ai.request.seed"],
    },
  ),
  span({}, { failed: true, statusMessage: "too much", exceptionType: "RateLimitError" }),
];

test("both encodings of the same spans say the same", () => {
  expect(decodeJson(JSON.stringify(otlpJson(spans)))).toEqual(spans);
  expect([...decodeProtobuf(otlpProtobuf(spans))]).toEqual(spans);
});

test("an empty request holds no spans", () => {
  expect([...decodeProtobuf(Buffer.alloc(0))]).toEqual([]);
  expect(decodeJson("{}")).toEqual([]);
});

test.each(["", "[]", "nonsense", '{"resourceSpans": 5}', '{"resourceSpans": [{"scopeSpans": [7]}]}'])(
  "%j is refused as no OTLP",
  (text) => {
    expect(() => decodeJson(text)).toThrow(OtlpError);
  },
);

test("a body that was cut or changed anywhere is read or refused, and never anything else", () => {
  const whole = otlpProtobuf(spans);
  const random = seededRandom(7);
  for (let round = 0; round < 2_000; round++) {
    const body = Buffer.from(whole.subarray(0, 1 + random.below(whole.length)));
    body[random.below(body.length)] = random.below(256);
    try {
      for (const _ of decodeProtobuf(body));
    } catch (error) {
      expect(error).toBeInstanceOf(OtlpError);
    }
  }
});
