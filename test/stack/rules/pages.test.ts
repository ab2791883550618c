import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeCatalog } from "../../../stack/catalog/catalog.js";
import { ownRecordings } from "../../../stack/catalog/files.js";
import { seriesWorld } from "../../../stack/catalog/world.js";
import { type StackInput, stackSchema } from "../../../stack/define.js";
import { checkPage } from "../../../stack/explain.js";
import { disableCommentId, readingIds, ruleCheckIds, ruleChecks } from "../../../stack/rules/checks.js";
import { lokitoolCheckRulesId, promtoolCheckRulesId } from "../../../stack/rules/promtool.js";
import { surroundingsOf } from "../../../stack/rules/surroundings.js";
import { validateRules } from "../../../stack/rules/validate-rules.js";

const root = join(import.meta.dirname, "..", "..", "..");

interface Examples {
  bad: string;
  good: string;
  /** The definition they are held to, where the page shows one. */
  stack: StackInput;
}

/** The examples of a page. One rule alone is put into a group. */
function examplesOf(id: string): Examples {
  const text = readFileSync(join(root, "docs", "checks", `${id}.md`), "utf8");
  const block = (heading: string, language: string) =>
    new RegExp(`^(?:\\*\\*)?${heading}(?:\\*\\*|:)\n\n\`\`\`${language}\n(.*?)^\`\`\``, "ms").exec(text)?.[1];
  const rules = (heading: string) => {
    const found = block(heading, "yaml");
    if (found === undefined) throw new Error(`docs/checks/${id}.md has no example "${heading}"`);
    if (!/^(?:alert|record):/.test(found)) return found;
    return `groups:\n  - name: example\n    rules:\n      - ${found.trimEnd().replaceAll("\n", "\n        ")}\n`;
  };
  const part = block("With", "ts") ?? "";
  const stack = new Function(`return { name: "shop", ${part} }`)() as StackInput;
  return { bad: rules("Bad"), good: rules("Good"), stack };
}

/** As rules of a project, and as those of nobody's, of whose stack nothing is known. */
function idsFoundIn(text: string, input: StackInput): string[] {
  const stack = stackSchema.parse(input);
  const facts = {
    traces: { backend: "tempo" as const, why: "test" },
    grafana: { present: true, why: "test" },
  };
  const series = seriesWorld({ stack, facts }, makeCatalog(ownRecordings()));
  return [{ series, surroundings: surroundingsOf(stack) }, {}].flatMap((known) =>
    validateRules({
      sources: [{ path: "shop.yml", absolutePath: "/nowhere/shop.yml", text }],
      root: "/nowhere",
      exists: () => false,
      ...known,
    }).problems.map(({ id }) => id),
  );
}

const ids = ruleCheckIds();

test("every file in stack/rules/checks is a check that runs, of the file's name", () => {
  const files = readdirSync(join(root, "stack/rules/checks")).map((name) => name.replace(/\.ts$/, ""));
  expect(ruleChecks.map(({ id }) => id).sort()).toEqual(files.sort());
});

test("every check of rules has a page", () => {
  const missing = [...ids, ...readingIds, promtoolCheckRulesId, lokitoolCheckRulesId].filter(
    (id) => !checkPage(id),
  );
  expect(missing).toEqual([]);
});

// Comments that silence are no rules; test/cases/rules-disable is about them.
test.each(ids.filter((id) => id !== disableCommentId))(
  "the bad example of %s is found, the good one isn't",
  (id) => {
    const { bad, good, stack } = examplesOf(id);
    expect(idsFoundIn(bad, stack)).toContain(id);
    expect(idsFoundIn(good, stack)).not.toContain(id);
  },
);

test("a page begins with what the finding is", () => {
  expect(checkPage("duplicate-key")?.summary).toBe("A key stands twice in one mapping.");
});
