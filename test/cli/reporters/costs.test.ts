import { makeProgram } from "../../../cli/program.js";
import { formatCosts, formatExplanation } from "../../../cli/reporters/costs.js";
import { percentText, usdText } from "../../../cli/reporters/costs-text.js";
import { formatCsv } from "../../../cli/reporters/csv.js";
import type { CostReport } from "../../../llm/costs/report.js";
import { dimensions } from "../../../llm/costs/usage.js";

describe("an amount for people", () => {
  it.each([
    ["0", "$0"],
    ["0.000000000000000001", "$0.000000000000000001"],
    ["0.00000013", "$0.00000013"],
    ["0.0001349", "$0.00013"],
    ["0.0096", "$0.0096"],
    ["0.00996", "$0.01"],
    ["0.01", "$0.01"],
    ["0.129", "$0.13"],
    ["1", "$1.00"],
    ["1234567.895", "$1,234,567.90"],
    ["999999.999", "$1,000,000.00"],
    ["-12.5", "-$12.50"],
    ["123456789012345678901234567890.5", "$123,456,789,012,345,678,901,234,567,890.50"],
  ])("of %s is %s", (decimal, text) => {
    expect(usdText(decimal)).toBe(text);
  });

  it("has a sign where it is a change", () => {
    expect([
      usdText("2", { sign: true }),
      usdText("-2", { sign: true }),
      usdText("0", { sign: true }),
    ]).toEqual(["+$2.00", "-$2.00", "$0"]);
    expect([percentText(12.34, { sign: true }), percentText(-3), percentText(null)]).toEqual([
      "+12.3 %",
      "-3.0 %",
      "",
    ]);
  });
});

describe("CSV", () => {
  it("ends lines with CRLF and quotes what needs it", () => {
    expect(
      formatCsv(
        ["a", "b"],
        [
          ['say "hi", you', "two\nlines"],
          [null, 1.5],
        ],
      ),
    ).toBe('a,b\r\n"say ""hi"", you","two\nlines"\r\n,1.5');
  });

  it.each(["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("http://x")'])(
    "keeps a spreadsheet from reckoning %j",
    (name) => {
      const cell = formatCsv(["team"], [[name]])
        .split("\r\n")
        .slice(1)
        .join("\r\n");
      expect(cell.replace(/^"/, "")).toMatch(/^'/);
    },
  );

  it("leaves numbers alone, negative ones too", () => {
    expect(formatCsv(["x"], [[-12.5], ["-0.000000000000000001"]])).toBe(
      "x\r\n-12.5\r\n-0.000000000000000001",
    );
  });
});

const nothing = {
  calls: 0,
  errors: 0,
  unpricedCalls: 0,
  tokens: 0,
  costUsd: "0",
  previousCostUsd: "0",
  changePercent: null,
};

const report: CostReport = {
  by: "team",
  period: { from: "2026-10-01", to: "2026-10-31" },
  previous: { from: "2026-09-01", to: "2026-09-30" },
  timeZone: "UTC",
  rows: [
    {
      ...nothing,
      key: "search",
      calls: 12000,
      tokens: 3400000,
      costUsd: "1234.5",
      previousCostUsd: "1000",
      changePercent: 23.5,
      sharePercent: 99.9,
    },
    { ...nothing, key: "unattributed", calls: 7, unpricedCalls: 3, costUsd: "0.00012", sharePercent: 0.1 },
  ],
  others: { ...nothing, count: 4 },
  total: {
    ...nothing,
    calls: 12007,
    unpricedCalls: 3,
    tokens: 3400000,
    costUsd: "1234.50012",
    previousCostUsd: "1000",
    changePercent: 23.5,
  },
};

test("a table of costs says what is not in it", () => {
  expect(formatCosts(report, { color: false })).toMatchInlineSnapshot(`
"Cost by team, 2026-10-01 to 2026-10-31 (UTC), against 2026-09-01 to 2026-09-30

  team                cost    share      before    change    calls   errors      tokens
  search         $1,234.50   99.9 %   $1,000.00   +23.5 %   12,000        0   3,400,000
  unattributed    $0.00012    0.1 %          $0                  7        0           0
  4 others              $0                   $0                  0        0           0
  total          $1,234.50            $1,000.00   +23.5 %   12,007        0   3,400,000

7 of the calls name no team: $0.00012 is unattributed. Set it where they are made.

3 calls with tokens have no price, and their cost is missing here. Give their models one in llm.prices, then run \`obs costs reprice\`."
`);
});

test("names that senders made up can't steer a terminal", () => {
  const [row] = report.rows;
  const text = formatCosts({ ...report, rows: [{ ...row!, key: "\u001b[2Jevil\nline" }] }, { color: false });
  expect(text).not.toContain("\u001b");
  expect(text).toContain("\uFFFD[2Jevil\uFFFDline");
});

test("an explanation names its four causes and the models behind", () => {
  expect(
    formatExplanation(
      {
        period: { from: "2026-10-01", to: "2026-10-31" },
        previous: { from: "2026-09-01", to: "2026-09-30" },
        beforeUsd: "10",
        nowUsd: "14",
        changeUsd: "4",
        effects: { volume: "5", mix: "-2", tokens: "0", price: "1" },
        models: [
          {
            model: "openai/gpt-4o",
            beforeUsd: "10",
            nowUsd: "14",
            changeUsd: "4",
            calls: [10, 20],
            tokensPerCall: [1000, 1000],
          },
        ],

        unpricedCalls: 0,
      },
      { color: false },
    ),
  ).toMatchInlineSnapshot(`
"$10.00 from 2026-09-01 to 2026-09-30 became $14.00 from 2026-10-01 to 2026-10-31:

  more or fewer calls       +$5.00   125.0 %
  other models              -$2.00   -50.0 %
  longer or shorter calls       $0     0.0 %
  price of a token          +$1.00    25.0 %
  change                    +$4.00

  model           before      now   change   calls before   now   tokens per call before     now
  openai/gpt-4o   $10.00   $14.00   +$4.00             10    20                    1,000   1,000"
`);
});

test("the command offers every dimension there is", () => {
  const costs = makeProgram("0.0.0").commands.find((command) => command.name() === "costs")!;
  const by = costs.commands.find((command) => command.name() === "by")!;
  expect(by.registeredArguments[0]!.argChoices).toEqual([...dimensions]);
});
