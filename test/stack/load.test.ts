import { loadDefinition } from "../../stack/load.js";
import { ProblemError } from "../../stack/validate/problem.js";
import { config, withProject } from "../support/temporary-project.js";

const rule = "groups: []\n";

test("a small definition is complete with its defaults", async () => {
  await withProject({ "obs.config.ts": config('{ name: "shop" }') }, async ({ project }) => {
    const { stack, ruleFiles, problems } = await loadDefinition(project);
    expect(stack).toMatchObject({ name: "shop", bind: "127.0.0.1", metrics: { retention: "15d" } });
    expect({ ruleFiles, problems }).toEqual({ ruleFiles: [], problems: [] });
  });
});

test("a second load sees edits of the definition and of what it imports", async () => {
  const source = (count: number) =>
    `import { defineStack } from "obs-stack";\nimport { name } from "./name.js";\nexport default defineStack({ name, environment: "e${count}" });\n`;
  await withProject(
    { "obs.config.ts": source(1), "name.ts": 'export const name = "first";' },
    async ({ project, write }) => {
      expect((await loadDefinition(project)).stack).toMatchObject({ name: "first", environment: "e1" });
      await write({ "name.ts": 'export const name = "second";' });
      expect((await loadDefinition(project)).stack).toMatchObject({ name: "second", environment: "e1" });
      await write({ "obs.config.ts": source(2) });
      expect((await loadDefinition(project)).stack).toMatchObject({ name: "second", environment: "e2" });
    },
  );
});

test("a file that two others import is evaluated once", async () => {
  await withProject(
    {
      "obs.config.ts":
        'import { defineStack } from "obs-stack";\nimport { a } from "./a.js";\nimport { b } from "./b.js";\nexport default defineStack({ name: a === b ? "same" : "different" });\n',
      "a.ts": 'import { shared } from "./shared.js";\nexport const a: object = shared;\n',
      "b.ts": 'import { shared } from "./shared.js";\nexport const b: object = shared;\n',
      "shared.ts": "export const shared = {};\n",
    },
    async ({ project }) => {
      expect((await loadDefinition(project)).stack.name).toBe("same");
    },
  );
});

test("the Grafana SDK need not be installed in the project", async () => {
  await withProject(
    {
      "obs.config.ts": `import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";\n${config(
        '{ name: "shop", dashboards: [new DashboardBuilder("Costs").uid("costs").build()] }',
      )}`,
    },
    async ({ project }) => {
      expect((await loadDefinition(project)).stack.dashboards).toMatchObject([
        { uid: "costs", title: "Costs" },
      ]);
    },
  );
});

test("a definition can be loaded where nothing can be written", async () => {
  // A file in the place of the state folder: not even root can make a folder there.
  await withProject({ "obs.config.ts": config('{ name: "shop" }'), ".obs": "" }, async ({ project }) => {
    expect((await loadDefinition(project)).stack.name).toBe("shop");
  });
});

test("rule files come sorted, under names of their own, without what obs generated", async () => {
  await withProject(
    {
      "obs.config.ts": config('{ name: "shop", alerting: { rules: ["**/*.{yml,yaml}"] } }'),
      "alerts/web/errors.yml": rule,
      "alerts/web-errors.yaml": rule,
      "alerts/api.yml": rule,
      "stack/generated/prometheus/rules/alerts-api.yml": rule,
      "node_modules/some/rules.yml": rule,
    },
    async ({ project }) => {
      const { ruleFiles, problems } = await loadDefinition(project);
      expect(problems).toEqual([]);
      expect(ruleFiles.map(({ name, source }) => [name, source])).toEqual([
        ["alerts-api.yml", "alerts/api.yml"],
        ["alerts-web-errors.yml", "alerts/web-errors.yaml"],
        ["alerts-web-errors-2.yml", "alerts/web/errors.yml"],
      ]);
    },
  );
});

test("all findings about the shape come at once, and none repeats what may be a secret", async () => {
  await withProject(
    {
      "obs.config.ts": config(
        '{ nam: "shop", otlp: { token: "hunter2" as never }, scrapeJobs: [{ job: "a", auth: { bearer: secret("hunter2!") } }] }',
      ),
    },
    async ({ project }) => {
      const error = await loadDefinition(project).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ProblemError);
      const { problems } = error as ProblemError;
      expect(problems.map(({ id }) => id).sort()).toEqual(["bad-value", "secret-as-text", "unknown-key"]);
      expect(JSON.stringify(problems)).not.toContain("hunter2");
    },
  );
});

test("the message of an error that the definition throws carries no stack trace", async () => {
  await withProject(
    { "obs.config.ts": 'import { readFileSync } from "node:fs";\nreadFileSync("/nowhere/at/all");\n' },
    async ({ project }) => {
      const error = (await loadDefinition(project).catch((thrown: unknown) => thrown)) as ProblemError;
      expect(error.problems).toMatchObject([
        { id: "config-throws", place: { file: "obs.config.ts", line: 2, column: 13 } },
      ]);
      expect(error.problems[0]!.what).not.toMatch(/\n|\bat /);
    },
  );
});
