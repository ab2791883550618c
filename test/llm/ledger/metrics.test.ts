import type { Call } from "../../../llm/call.js";
import { Exemplars, metricsText, type SeriesRows } from "../../../llm/ledger/metrics.js";
import { callSeries, type PricedCall, usd } from "../../../llm/ledger/series.js";
import { normalise } from "../../../llm/normalise.js";
import { contract } from "../../../stack/catalog/contract.js";
import { noon, span } from "../../support/llm-spans.js";

const created = new Date(noon);

function priced(
  attributes: Parameters<typeof span>[0],
  costUsd: string | null,
  endMs = noon + 1000,
): PricedCall {
  const result = normalise(span(attributes, { endMs }), noon) as { call: Call };
  return { call: result.call, price: { costUsd, priceVersion: costUsd && "test" } };
}

/** Calls as the database gives them back. */
function rowsOf(calls: PricedCall[]): SeriesRows {
  return {
    runs: [],
    calls: callSeries(calls).map((series) => {
      const [model, provider, feature, team, agent, operation, status, error_type] = series.key;
      return {
        ...{ model, provider, feature, team, agent, operation, status, error_type, created },
        calls: String(series.calls),
        cost_usd: usd(series.cost),
        duration_seconds: series.durationSeconds,
        first_token_seconds: series.firstTokenSeconds,
        counts: series.counts.map(String),
      };
    }),
  };
}

const chat = {
  "gen_ai.operation.name": "chat",
  "gen_ai.request.model": "gpt-4o",
  "gen_ai.usage.input_tokens": 100,
  "gen_ai.usage.output_tokens": 20,
  feature: 'a "quoted" one',
};

test("counters carry when they began, money is exact, and buckets add up", () => {
  const calls = [priced(chat, "0.1"), priced(chat, "0.2", noon + 4000)];
  const text = metricsText(rowsOf(calls), new Exemplars(60), []);
  const labels = 'model="gpt-4o",provider="openai",feature="a \\"quoted\\" one",team="unattributed"';
  expect(text.split("\n")).toEqual(
    expect.arrayContaining([
      "# TYPE llm_requests counter",
      `llm_requests_total{${labels},operation="chat",status="ok"} 2`,
      `llm_requests_created{${labels},operation="chat",status="ok"} ${noon / 1000}`,
      `llm_cost_total{${labels}} 0.3`,
      `llm_tokens_total{${labels},type="input"} 200`,
      `llm_request_duration_seconds_bucket{${labels},status="ok",le="0.5"} 0`,
      `llm_request_duration_seconds_bucket{${labels},status="ok",le="1.0"} 1`,
      `llm_request_duration_seconds_bucket{${labels},status="ok",le="5.0"} 2`,
      `llm_request_duration_seconds_bucket{${labels},status="ok",le="+Inf"} 2`,
      `llm_request_duration_seconds_sum{${labels},status="ok"} 5`,
      `llm_request_tokens_bucket{${labels},type="output",le="64.0"} 2`,
    ]),
  );
  expect(text.endsWith("# EOF\n")).toBe(true);
});

test("only what sampling is sure to keep stands for a bucket", () => {
  const exemplars = new Exemplars(3);
  const calls = [priced(chat, "0.1"), priced(chat, "0.1", noon + 4000)];
  exemplars.add(calls);
  const withExemplar = metricsText(rowsOf(calls), exemplars, [])
    .split("\n")
    .filter((line) => line.includes(" # {"));
  expect(withExemplar).toEqual([
    expect.stringContaining(`le="5.0"} 2 # {trace_id="0af7651916cd43dd8448eb211c80319c"} 4 ${noon / 1000}`),
  ]);
});

test("every metric has the labels that were agreed on", () => {
  const failed = { ...chat, "error.type": "timeout", "gen_ai.agent.name": "helper", "llm.ttft_ms": 5 };
  const text = metricsText(rowsOf([priced(chat, "0.1"), priced(failed, null)]), new Exemplars(60), []);
  for (const line of text.split("\n").filter((each) => /^(?:llm|agent)_\w+\{/.test(each))) {
    const name = line.slice(0, line.indexOf("{")).replace(/_(?:bucket|count|sum|created)$/, "");
    const metric = contract.find((each) => each.name === name || each.name === `${name}_total`);
    const labels = [...line.slice(0, line.lastIndexOf("} ")).matchAll(/(\w+)="/g)].map(([, label]) => label!);
    expect(labels.filter((label) => label !== "le").sort()).toEqual([...metric!.labels].sort());
  }
  expect(text).toContain('agent_tokens_total{agent="helper"');
  expect(text).toContain('llm_unpriced_tokens_total{model="gpt-4o",provider="openai",type="input"} 100');
});
