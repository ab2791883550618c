import { join } from "node:path";
import { jest } from "@jest/globals";
import { importDashboard, normalised, renumbered } from "../../../dashboards/import/index.js";
import { opened } from "../../../dashboards/import/open.js";
import "../../../alerts/index.js";
import { allDashboards } from "../../../dashboards/index.js";
import { evaluateConfig } from "../../../stack/load/evaluate.js";
import { isJson, type Json } from "../../../stack/validate/dashboards/dashboard.js";
import { ProblemError } from "../../../stack/validate/problem.js";
import { exportedDashboards } from "../../support/exported-dashboards.js";
import { type Random, seededRandom } from "../../support/random.js";
import { config, type TemporaryProject, withProject } from "../../support/temporary-project.js";

jest.setTimeout(120_000);

/** What the written TypeScript gives when it is really run. */
async function evaluated({ project, folder, write }: TemporaryProject, text: string, exported: string) {
  await write({ "dashboards/it.ts": text });
  const module = await evaluateConfig(project, join(folder, "dashboards", "it.ts"));
  return module[exported] as Json;
}

const normal = (text: string) => renumbered(normalised(opened(text, "it.json").dashboard));
const stack = { "obs.config.ts": config('{ name: "shop" }') };

describe("a dashboard exported from Grafana", () => {
  test("there are thirty of them to try", () => {
    expect(exportedDashboards).toHaveLength(30);
  });

  test.each(exportedDashboards)("$file becomes TypeScript that gives it back", async ({ file, text }) => {
    const { code, problems } = importDashboard(text, file);
    expect(problems.map(({ what }) => what)).not.toContain(
      "The dashboard that was written is not quite the same.",
    );
    await withProject(stack, async (project) => {
      const back = await evaluated(project, code.text, code.exported);
      expect(renumbered(normalised(back))).toEqual(normal(text));
    });
  });

  test.each(exportedDashboards)(
    "$file keeps every query, title and unit that was in it",
    ({ file, text }) => {
      const { code } = importDashboard(text, file);
      const before = wordsIn(JSON.parse(text));
      const after = textsIn(JSON.parse(JSON.stringify(code.dashboard)));
      expect(before.filter((word) => !after.includes(word))).toEqual([]);
    },
  );

  test.each(exportedDashboards)("$file is written the same once more from what it gave", ({ file, text }) => {
    const { code } = importDashboard(text, file);
    expect(importDashboard(JSON.stringify(code.dashboard), file).code.text).toBe(code.text);
  });

  test("comes back as well with settings missing, null, or of another type", () => {
    const random = seededRandom(20_261_121);
    for (const { file, text } of exportedDashboards) {
      for (let round = 0; round < 5; round++) {
        const changed = JSON.stringify(mutated(JSON.parse(text), random));
        let told: string[];
        try {
          told = importDashboard(changed, file).problems.map(({ what }) => what);
        } catch (error) {
          if (!(error instanceof ProblemError)) throw new Error(`${file}: ${changed}`, { cause: error });
          continue;
        }
        expect([file, round, told]).not.toContainEqual(
          expect.arrayContaining(["The dashboard that was written is not quite the same."]),
        );
      }
    }
  });

  test("of obs itself comes back, too, by the helpers that made it", () => {
    for (const dashboard of allDashboards()) {
      const { code, problems } = importDashboard(JSON.stringify(dashboard), `${dashboard.uid}.json`);
      expect(problems).toEqual([]);
      expect(code.text).toMatch(/= (?:timeseries|stat|bars)\(\{\n {2}title: "[^"]+",\n {2}description: /);
      expect(renumbered(normalised(code.dashboard))).toEqual(renumbered(normalised(dashboard)));
    }
  });
});

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Texts that somebody would miss: queries, titles, units, colours, patterns. */
function wordsIn(value: unknown, key = ""): string[] {
  if (typeof value === "string")
    return kept.includes(key) && /\w/.test(value) && !value.includes("${DS_") ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((each) => wordsIn(each, key));
  if (!isJson(value) || value.showTitle === false) return isJson(value) ? wordsIn(value.panels) : [];
  return Object.entries(value).flatMap(([name, each]) => (gone.includes(name) ? [] : wordsIn(each, name)));
}

const kept = [
  "expr",
  "rawSql",
  "title",
  "unit",
  "legendFormat",
  "description",
  "fixedColor",
  "repeat",
  "titleFormat",
];
/** What the export says of itself, units of columns of words, and alerts of panels, which are told to be left out. */
const gone = ["__requires", "__inputs", "alert", "styles"];

/** One setting left out, emptied, or made something else. */
function mutated(value: Json, random: Random): Json {
  const places: [Json | unknown[], string | number][] = [];
  const walk = (each: unknown) => {
    if (typeof each !== "object" || each === null) return;
    for (const key of Object.keys(each)) {
      places.push([each as Json, key]);
      walk((each as Json)[key]);
    }
  };
  walk(value);
  for (let times = 0; times < 4; times++) {
    const [holder, key] = random.pick(places);
    const others = [null, "", 0, -1.5, true, [], {}, "other\n`${x}`", [{}], { id: 3 }, ["a", "b"]];
    if (random.below(3) === 0) delete (holder as Json)[key];
    else (holder as Json)[key] = random.pick(others);
  }
  return value;
}
