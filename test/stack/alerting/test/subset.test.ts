import { alert, defineRules, record } from "../../../../stack/alerting/define-rules.js";
import { neededRules, packOf, rulesOf } from "../../../../stack/alerting/test/subset.js";

const texts = { severity: "warning", summary: "s", description: "d", cases: [] };
const pack = defineRules({
  name: "mine",
  owner: "team",
  groups: [
    {
      name: "records",
      rules: [
        record("job:errors:rate", { expr: "sum by (job) (rate(errors_total[5m]))" }),
        record("job:errors:ratio", { expr: "job:errors:rate / job:calls:rate" }),
        record("unused:one:sum", { expr: "sum(up)" }),
      ],
    },
    {
      name: "alerts",
      rules: [
        alert("Errors", { ...texts, expr: "job:errors:ratio > 0.1" }),
        alert("Errors", { ...texts, severity: "critical", expr: "job:errors:ratio > 0.5" }),
        alert("Many", { ...texts, expr: 'count(ALERTS{alertname=~"Err.*"}) > 1' }),
      ],
    },
  ],
});
const other = defineRules({
  name: "other",
  owner: "others",
  groups: [
    { name: "records", rules: [record("job:calls:rate", { expr: "sum by (job) (rate(calls_total[5m]))" })] },
  ],
});
const all = rulesOf([other, pack]);

function needed(name: string, given = {}) {
  const wanted = all.find(({ rule }) => rule.name === name)!;
  return neededRules(wanted, all, given).map(({ rule }) => rule.name);
}

test("a rule is tested with what it reads, from whichever pack, in the order of evaluation", () => {
  expect(needed("Errors")).toEqual([
    "job:calls:rate",
    "job:errors:rate",
    "job:errors:ratio",
    "Errors",
    "Errors",
  ]);
  expect(needed("unused:one:sum")).toEqual(["unused:one:sum"]);
});

test("series that a case gives take the place of the rules that record them", () => {
  expect(needed("Errors", { 'job:errors:ratio{job="a"}': "0.2x10" })).toEqual(["Errors", "Errors"]);
});

test("an alert about alerts is tested with those", () => {
  expect(needed("Many", { 'job:errors:ratio{job="a"}': "0.2x10" })).toEqual(["Errors", "Errors", "Many"]);
});

test("groups of the same name are kept apart, and rules keep their owners", () => {
  const { pack: made, groups } = packOf(
    neededRules(all.find(({ rule }) => rule.name === "Errors")!, all, {}),
  );
  expect(groups).toEqual(["group-0", "group-1", "group-2"]);
  expect(made.groups[2]!.rules.map((rule) => rule.kind === "alert" && rule.owner)).toEqual(["team", "team"]);
});
