import type { Span } from "../../../llm/call.js";
import { Arrivals } from "../../../llm/ledger/arrivals.js";
import { normalise } from "../../../llm/normalise.js";
import { noon, span } from "../../support/llm-spans.js";

const shop = { resource: { "service.name": "shop" }, scope: "hand" };

function counted(spans: readonly Span[], arrivals = new Arrivals()) {
  for (const each of spans) arrivals.add(each, normalise(each, noon));
  return arrivals.take();
}

test("names are counted by service and instrumentation, with what calls lack and what is ignored", () => {
  const rows = counted([
    span(
      { "llm.model": "gpt-4o", "llm.tokens.input": -1, team: "search" },
      { ...shop, unread: ["llm.tokens_in"] },
    ),
    span({ "llm.model": "gpt-4o", "llm.tokens.input": 5 }, shop),
    span({ "traceloop.span.kind": "workflow" }, { ...shop, scope: "other" }),
  ]);
  const of = (scope: string) =>
    rows.filter((row) => row.scope === scope).map(({ kind, name, spans }) => [kind, name, spans]);
  expect(rows.every(({ service }) => service === "shop")).toBe(true);
  expect(of("hand")).toEqual([
    ["doubt", "negative-tokens", 1],
    ["lack", "feature", 2],
    ["lack", "team", 1],
    ["lack", "usage", 1],
    ["lack", "user", 2],
    ["name", "llm.model", 2],
    ["name", "llm.tokens.input", 2],
    ["name", "service.name", 2],
    ["name", "team", 1],
    ["span", "", 2],
    ["unread", "llm.tokens_in", 1],
  ]);
  expect(of("other")).toContainEqual(["ignored", "other-operation", 1]);
});

test("what was taken is not taken again", () => {
  const arrivals = new Arrivals();
  expect(counted([span({ "llm.model": "m" })], arrivals)).not.toEqual([]);
  expect(arrivals.take()).toEqual([]);
});

test("a failed call lacks no usage, and a provider of one's own is told of", () => {
  const names = counted([
    span({ "gen_ai.request.model": "m", "gen_ai.provider.name": "our-own" }, { failed: true }),
  ])
    .filter(({ kind }) => kind === "lack")
    .map(({ name }) => name);
  expect(names).toEqual(["feature", "known-provider", "team", "user"]);
});

test("whoever makes names up fills no memory, and what PostgreSQL can't store is left out", () => {
  const made = Array.from({ length: 3_000 }, (_, at) =>
    span({ "llm.model": "m" }, { scope: `made-up-${at}`, unread: [`llm.${at}`] }),
  );
  expect(new Set(counted(made).map(({ scope }) => scope)).size).toBe(500);
  const many = span({}, { unread: Array.from({ length: 3_000 }, (_, at) => `llm.x${at}`) });
  expect(counted([many]).filter(({ kind }) => kind === "unread")).toHaveLength(200);
  const odd = counted([span({ "llm.model": "m" }, { unread: ["llm.a\u0000", "llm.a\u0000"] })]);
  expect(odd.filter(({ kind }) => kind === "unread")).toMatchObject([{ name: "llm.a", spans: 2 }]);
});

test("a sender that keeps one of ten spans is told of by what it keeps", () => {
  expect(counted([span({ "llm.model": "m" }, { traceState: "ot=th:e6666666666666" })])).toContainEqual(
    expect.objectContaining({ kind: "sampled", name: "10", spans: 1 }),
  );
});
