import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { lokitoolCheckRules, promtoolCheckRules } from "../../stack/rules/promtool.js";
import { readRuleFile } from "../../stack/rules/read.js";
import { runObs } from "../support/run-obs.js";
import { withFolder } from "../support/temporary-folder.js";

/*
 * What obs finds itself the real programs don't repeat, so that here they are asked directly: whatever they alone might find
 * must have its place.
 */
const kubernetes = (expr: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: other }
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: über # not ASCII
spec:
  groups:
    - name: fine
      rules:
        - record: job:up:sum
          expr: sum by (job) (up)
---
{
  "kind": "PrometheusRule",
  "spec": { "groups": [{ "name": "json", "rules": [{ "alert": "B", "expr": "up == 0" }] }] }
}
---
kind: PrometheusRule
spec:
    # deeper than the others
    groups:
        - name: last
          rules:
              - alert: A
                expr: ${expr}
`;

/** What a program says about files, as `file:line:column what`. */
async function told(ask: typeof promtoolCheckRules, files: Record<string, string>): Promise<string[]> {
  let found: string[] = [];
  await withFolder(async (folder) => {
    const read = await Promise.all(
      Object.entries(files).map(async ([path, text]) => {
        const absolutePath = join(folder, path);
        await writeFile(absolutePath, text);
        return readRuleFile({ path, absolutePath, text });
      }),
    );
    const verdict = await ask(read, {});
    if ("notRun" in verdict) throw new Error(verdict.notRun);
    found = verdict.problems.map(
      ({ place, what }) => `${place?.file}:${place?.line}:${place?.column} ${what}`,
    );
  });
  return found;
}

test("promtool judges the rules of PrometheusRule documents, each in its place in the file", async () => {
  expect(await told(promtoolCheckRules, { "rules.yaml": kubernetes("up == 0") })).toEqual([]);
  expect(await told(promtoolCheckRules, { "rules.yaml": kubernetes("up ==") })).toEqual([
    expect.stringMatching(/^rules\.yaml:28:28 Rule "A": could not parse its expression: /),
  ]);
  expect(
    await told(promtoolCheckRules, {
      "rules.yaml": kubernetes("up == 0").replace('"alert": "B"', '"alret": "B"'),
    }),
  ).toEqual(
    expect.arrayContaining([expect.stringMatching(/^rules\.yaml:18:\d+ A rule has no key "alret"\.$/)]),
  );
});

const loki = (expr: string, more = "") =>
  `# obs: logql\ngroups:\n  - name: a\n    rules:\n      - alert: First\n        expr: rate({app="x"}[5m]) > 1\n      - alert: Second\n        expr: ${expr}\n${more}`;

test("lokitool judges files for Loki, and each fault has its place", async () => {
  const good = loki('count_over_time({app="x"} |= "y" [5m]) > 1');
  expect(await told(lokitoolCheckRules, { "a.yml": good, "b.yml": good })).toEqual([]);
  expect(
    await told(lokitoolCheckRules, {
      "good.yml": good,
      "plain.yml": loki('rate({app="x"}[5m) > 1'),
      "block.yml": loki('|\n          sum(\n            rate({app="x"} |= "y" [5m]) > > 1'),
      "for.yml": loki('rate({app="x"}[5m]) > 1', "        for: soon\n"),
      "key.yml": loki('rate({app="x"}[5m]) > 1', "        lables: { a: b }\n"),
    }),
  ).toEqual([
    expect.stringMatching(
      /^plain\.yml:8:\d+ Rule "Second": could not parse its expression: missing closing '\]'/,
    ),
    expect.stringMatching(/^block\.yml:10:\d+ Rule "Second": could not parse its expression: /),
    expect.stringMatching(/^for\.yml:9:14 Loki does not accept this rule file: .*soon/),
    'key.yml:9:9 Loki knows no key "lables" here.',
  ]);
});

test("lokitool judges PrometheusRule documents in LogQL as well", async () => {
  const document = (expr: string) =>
    `kind: PrometheusRule\nspec:\n  groups:\n    - name: a\n      rules:\n        - alert: A\n          expr: ${expr}\n`;
  const files = (expr: string) => ({ "loki.yaml": document(expr) });
  expect(await told(lokitoolCheckRules, files('rate({app="x"} |= "y" [5m]) > 1'))).toEqual([]);
  expect(await told(lokitoolCheckRules, files('rate({app="x"} |= "y" [5m]) > '))).toEqual([
    expect.stringMatching(/^loki\.yaml:7:\d+ Rule "A": could not parse its expression: /),
  ]);
});

test("validate-rules says who judged: promtool for Prometheus, lokitool for Loki", async () => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, "loki.yml"), loki('rate({app="x"}[5m]) > 1'));
    await writeFile(join(folder, "kubernetes.yml"), kubernetes("up == 0"));
    const run = await runObs(["validate-rules", "--min-severity", "error", "."], { cwd: folder });
    expect(run.stdout).toContain("Checked by obs, promtool check rules, lokitool rules check.");
    expect(run.exitCode).toBe(0);
  });
});
