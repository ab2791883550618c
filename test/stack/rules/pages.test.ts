import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeCatalog } from "../../../stack/catalog/catalog.js";
import { ownRecordings } from "../../../stack/catalog/files.js";
import { seriesWorld } from "../../../stack/catalog/world.js";
import { stackSchema } from "../../../stack/define.js";
import { checkPage } from "../../../stack/explain.js";
import { readingIds, ruleCheckIds } from "../../../stack/rules/checks.js";
import { promtoolCheckRulesId } from "../../../stack/rules/promtool.js";
import { surroundingsOf } from "../../../stack/rules/surroundings.js";
import { validateRules } from "../../../stack/rules/validate-rules.js";

const folder = join(import.meta.dirname, "..", "..", "..", "docs", "checks");

/** The example behind a heading of a page. */
function example(id: string, heading: "Bad" | "Good"): string | undefined {
  const text = readFileSync(join(folder, `${id}.md`), "utf8");
  return new RegExp(`^${heading}:\n\n\`\`\`yaml\n(.*?)^\`\`\``, "ms").exec(text)?.[1];
}

const series = seriesWorld(
  {
    stack: stackSchema.parse({ name: "shop" }),
    facts: { traces: { backend: "tempo", why: "test" }, grafana: { present: true, why: "test" } },
  },
  makeCatalog(ownRecordings()),
);

const surroundings = surroundingsOf(stackSchema.parse({ name: "shop" }));

/** As rules of a project, and as those of nobody's, of whose stack nothing is known. */
function idsFoundIn(text: string): string[] {
  return [{ series, surroundings }, {}].flatMap((known) =>
    validateRules({
      sources: [{ path: "shop.yml", absolutePath: "/nowhere/shop.yml", text }],
      root: "/nowhere",
      exists: () => false,
      ...known,
    }).problems.map(({ id }) => id),
  );
}

const ids = ruleCheckIds();
const withExamples = ids.filter((id) => checkPage(id) && example(id, "Bad") !== undefined);

test("every check of rules has a page", () => {
  const missing = [...ids, ...readingIds, promtoolCheckRulesId].filter((id) => !checkPage(id));
  expect(missing).toEqual([]);
});

test.each(withExamples)("the bad example of %s is found, the good one isn't", (id) => {
  expect(idsFoundIn(example(id, "Bad")!)).toContain(id);
  expect(idsFoundIn(example(id, "Good")!)).not.toContain(id);
});

test("a page begins with what the finding is", () => {
  expect(checkPage("duplicate-key")?.summary).toBe("A key stands twice in one mapping.");
});
