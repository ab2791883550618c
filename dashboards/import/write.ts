import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { type Json, mappings, panelsOf, textAt } from "../../stack/validate/dashboards/dashboard.js";
import { call, type Expression, libraryNames, list, literal, mapping, named } from "./expression.js";
import { layoutExpression } from "./layout.js";
import { namer, slugOf } from "./names.js";
import { panelExpression } from "./panels.js";
import { printed } from "./print.js";
import { without } from "./prune.js";
import { sharedAmong } from "./shared.js";
import { variableExpression } from "./variables.js";

/** TypeScript that makes a dashboard. */
export interface DashboardCode {
  text: string;
  /** The constant that it exports. */
  exported: string;
  /** A name for the file, of the dashboard's title, without an extension. */
  fileName: string;
  /** What the text evaluates to. */
  dashboard: Dashboard;
}

/**
 * Writes a dashboard in normal form as an engineer would, on "obs-stack/dashboards": a constant a panel, then the page.
 * `exportedAs`: the name of the page; default: after its title.
 */
export function written(normal: Json, exportedAs?: string): DashboardCode {
  const title = textAt(normal, "title");
  const nameOf = namer([...libraryNames, ...(exportedAs === undefined ? [] : [exportedAs])]);
  const exported = exportedAs ?? nameOf(title, "dashboard");
  const panels = panelsOf(normal);
  const shared = sharedAmong(
    panels.map(({ panel }) => panel),
    nameOf,
  );
  const constants = [...shared.constants];
  const names = new Map(
    panels.map(({ panel }) => {
      const name = nameOf(textAt(panel, "title"), `${textAt(panel, "type").replaceAll(/\W/g, "")}Panel`);
      const expression = panelExpression(panel, shared);
      constants.push({ name, expression });
      return [panel, named(name, expression.value)];
    }),
  );
  const page = pageExpression(normal, (panel) => names.get(panel)!);
  const body = [
    ...constants.map(
      ({ name, expression }) => `const ${name} = ${printed(expression, "", name.length + 9)};`,
    ),
    `export const ${exported} = ${printed(page)};`,
  ].join("\n\n");
  const used = libraryNames.filter((name) => new RegExp(`\\b${name}[.(]`).test(body)).sort();
  const oneLine = `import { ${used.join(", ")} } from "obs-stack/dashboards";`;
  const imports =
    oneLine.length <= 110
      ? oneLine
      : `import {\n${used.map((name) => `  ${name},\n`).join("")}} from "obs-stack/dashboards";`;
  return {
    text: `${imports}\n\n${body}\n`,
    exported,
    fileName: slugOf(title) || "dashboard",
    dashboard: page.value as Dashboard,
  };
}

function pageExpression(normal: Json, nameOf: (panel: Json) => Expression): Expression {
  const { time, tags } = normal;
  const isTime =
    typeof time === "object" &&
    typeof (time as Json).from === "string" &&
    typeof (time as Json).to === "string";
  const isTags = Array.isArray(tags) && tags.every((tag) => typeof tag === "string");
  const own = ["uid", "title", "links", "variables", "annotations", "panels"];
  const said = {
    description: typeof normal.description === "string",
    tags: isTags,
    time: isTime,
    refresh: typeof normal.refresh === "string",
  };
  const sayable = Object.entries(said).flatMap(([key, is]) => (is ? [key] : []));
  const more = without(normal, [...own, ...sayable]);
  const some = (key: string, write: (each: Json) => Expression = literal) =>
    mappings(normal[key]).length > 0 ? list(mappings(normal[key]).map(write)) : undefined;
  return call(
    "plainDashboard",
    mapping({
      uid: literal(normal.uid),
      title: literal(normal.title),
      ...Object.fromEntries(sayable.map((key) => [key, literal(normal[key])])),
      variables: some("variables", variableExpression),
      annotations: some("annotations"),
      links: some("links"),
      more: Object.keys(more).length > 0 ? literal(more) : undefined,
      layout: layoutExpression(mappings(normal.panels), nameOf),
    }),
  );
}
