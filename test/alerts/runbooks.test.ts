import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hostPack, llmPack, llmSlos, servicePack, serviceSlos, stackPack } from "../../alerts/index.js";
import { rulesOf } from "../../stack/alerting/test/subset.js";
import { loadCatalog } from "../../stack/catalog/open.js";
import { packageRoot } from "../../stack/package-root.js";
import { analyse } from "../../stack/promql/index.js";

const folder = join(packageRoot, "alerts", "runbooks");

const rules = rulesOf([
  llmPack(),
  servicePack(),
  hostPack(),
  stackPack(),
  ...llmSlos(),
  ...serviceSlos({ service: "shop", owner: "shop" }),
]).map(({ rule }) => rule);
const alerts = [...new Set(rules.filter(({ kind }) => kind === "alert").map(({ name }) => name))].sort();
const records = new Set(rules.filter(({ kind }) => kind === "record").map(({ name }) => name));

const runbooks = readdirSync(folder)
  .map((file) => ({ alert: file.replace(/\.md$/, ""), text: readFileSync(join(folder, file), "utf8") }))
  .sort((a, b) => (a.alert < b.alert ? -1 : 1));

/** Queries of a runbook: its promql blocks, and code within lines that can only be one. */
function queriesOf(text: string): string[] {
  const blocks = [...text.matchAll(/^ *```promql\n([\s\S]*?)^ *```$/gm)].map(([, query]) => query!.trim());
  const spans = [...text.replaceAll(/```[\s\S]*?```/g, "").matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
  const isQuery = (code: string) => {
    const { errors, selectors } = analyse(code);
    return errors.length === 0 && selectors.some(({ metric }) => metric !== undefined && /_|:/.test(metric));
  };
  // A label or a command of one word reads like a metric, too: only what has more to it counts.
  return [...blocks, ...spans.filter((code) => /[({]/.test(code) && isQuery(code))];
}

test("every alert has a runbook, and every runbook an alert", () => {
  expect(runbooks.map(({ alert }) => alert)).toEqual(alerts);
});

test.each(runbooks)(
  "$alert: its runbook says what it means, what to look at, what causes it and what mends it",
  ({ alert, text }) => {
    const headings = text.split("\n").filter((line) => line.startsWith("#"));
    expect(headings[0]).toBe(`# ${alert}`);
    expect(headings).toEqual([`# ${alert}`, "## First look", "## Causes, in the order to check", "## Mends"]);
    expect(text).toMatch(/^\*\*Meaning\.\*\* \S/m);
    expect(text).toMatch(/^\*\*Impact\.\*\* \S/m);
    const parts = text.split(/^## .*$/m).slice(1);
    for (const part of parts) expect(part.trim().length).toBeGreaterThan(80);
    expect(text.split("\n").length).toBeLessThan(70);
  },
);

test.each(runbooks)(
  "$alert: the queries of its runbook can be run, and ask for metrics that there are",
  async ({ text }) => {
    const { catalog } = await loadCatalog();
    const queries = queriesOf(text);
    const problems = queries.flatMap((query) => {
      const { errors, selectors } = analyse(query);
      const unknown = selectors
        .map(({ metric }) => metric)
        .filter((metric) => metric !== undefined && !catalog.find(metric) && !records.has(metric));
      return [
        ...errors.map((error) => `${query}: ${JSON.stringify(error)}`),
        ...unknown.map((metric) => `${query}: no ${metric}`),
      ];
    });
    expect(problems).toEqual([]);
  },
);

test("a query that asks for nothing known is found out", () => {
  expect(
    queriesOf("- `obs status`\n- `rate(no_such_total[5m])` and `instance`\n  ```promql\n  up == 0\n  ```\n"),
  ).toEqual(["up == 0", "rate(no_such_total[5m])"]);
});

test("every runbook shows a query or a command to begin with", () => {
  const without = runbooks.filter(({ text }) => {
    const look = text.split("## First look")[1]?.split("\n## ")[0] ?? "";
    return queriesOf(look).length === 0 && !/`(obs|curl|date|df|dmesg|timedatectl) ?/.test(look);
  });
  expect(without.map(({ alert }) => alert)).toEqual([]);
});
