import { formatNames } from "../../cli/reporters/llm-names.js";
import { type SenderNames, senderProblems } from "../../llm/names.js";
import { noon } from "../support/llm-spans.js";

function sender(rest: Partial<SenderNames> = {}): SenderNames {
  return {
    service: "shop",
    instrumentation: "by-hand",
    spans: 10,
    firstSeen: new Date(noon - 3_600_000),
    lastSeen: new Date(noon),
    names: [
      { name: "llm.model", field: "requestModel", origin: "plain", spans: 10, lastSeen: new Date(noon) },
      { name: "team", field: "team", origin: "obs", spans: 1, lastSeen: new Date(noon) },
    ],
    unread: [],
    lacks: [],
    doubts: [],
    ignored: [],
    keptPercent: null,
    ...rest,
  };
}

test("a sender that tells all is no problem, one that lacks its user is none either", () => {
  expect(senderProblems([sender({ lacks: [{ what: "user", spans: 10 }] })])).toEqual([]);
});

test("calls without tokens are told of with the names that nobody reads", () => {
  const problems = senderProblems([
    sender({
      lacks: [{ what: "usage", spans: 9 }],
      unread: [{ name: "llm.tokens_in", spans: 9 }],
    }),
  ]);
  expect(problems).toMatchObject([{ id: "calls-without-usage", severity: "warning" }]);
  expect(problems[0]!.why).toContain("llm.tokens_in");
  expect(senderProblems([sender({ lacks: [{ what: "usage", spans: 5 }] })])).toEqual([]);
  expect(senderProblems([sender({ lacks: [{ what: "model", spans: 10 }] })])[0]!.id).toBe(
    "calls-without-model",
  );
});

test("a service that is to send metrics only, and sends spans, counts twice", () => {
  const problems = senderProblems([sender(), sender({ instrumentation: "other" })], ["shop", "batch"]);
  expect(problems.map(({ id }) => id)).toEqual(["counted-twice"]);
});

test("a sender that samples is told of by what it keeps", () => {
  expect(senderProblems([sender({ keptPercent: 12.5 })])[0]!.what).toContain("12.5 %");
});

test("names are listed by sender, as many as are wanted, with what there is to say", () => {
  const text = formatNames(
    [
      sender({
        lacks: [{ what: "user", spans: 1_000 }],
        doubts: [{ what: "negative-tokens", spans: 2 }],
        ignored: [{ why: "other-operation", spans: 3 }],
        unread: [
          { name: "llm.a", spans: 4 },
          { name: "llm.b", spans: 5 },
        ],
      }),
      sender({ instrumentation: "" }),
    ],
    { top: 1, color: false, now: new Date(noon + 120_000) },
  );
  expect(text.split("\n\nshop by an")[0]).toBe(
    [
      "shop by by-hand: 10 spans, the last 2 min ago",
      "",
      "  attribute   read as        from    spans",
      "  llm.model   requestModel   plain      10",
      "  1 others",
      "  calls without: user 1,000",
      "  put right or left out: negative-tokens 2",
      "  no calls: other-operation 3",
      "  not read: llm.a 4, 1 others",
    ].join("\n"),
  );
});
