import { githubAnnotations } from "../../../cli/reporters/github.js";
import { sarifLog } from "../../../cli/reporters/sarif.js";
import type { Problem } from "../../../stack/validate/problem.js";

const problem: Problem = {
  id: "duplicate-rule",
  severity: "notice",
  what: "50 % twice:\nhere",
  next: "Take one out.",
  place: { file: "a b/c,d:e.yml", line: 3, column: 7 },
};

test("annotations escape what ends a line, a property or a command", () => {
  expect(githubAnnotations([problem, { id: "x", severity: "error", what: "No place." }])).toEqual([
    "::error title=x::No place.",
    "::notice file=a b/c%2Cd%3Ae.yml,line=3,col=7,title=duplicate-rule::50 %25 twice:%0Ahere%0ATake one out.",
  ]);
});

test("a SARIF log has what the standard asks for", () => {
  const log = sarifLog(
    [
      problem,
      { ...problem, place: { file: "/abs/x y.yml" } },
      { id: "x", severity: "error", what: "No place." },
    ],
    { version: "1.2.3", describe: (id) => (id === "x" ? undefined : { summary: "Twice.", help: "# Twice" }) },
  );
  expect(log).toMatchObject({
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "obs", version: "1.2.3", rules: [{ id: "duplicate-rule" }, { id: "x" }] } },
        columnKind: "utf16CodeUnits",
        results: [
          { ruleId: "x", ruleIndex: 1, level: "error", message: { text: "No place." } },
          {
            ruleId: "duplicate-rule",
            ruleIndex: 0,
            level: "note",
            locations: [{ physicalLocation: { artifactLocation: { uri: "file:///abs/x%20y.yml" } } }],
          },
          {
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: "a%20b/c%2Cd:e.yml" },
                  region: { startLine: 3, startColumn: 7 },
                },
              },
            ],
          },
        ],
      },
    ],
  });
});
