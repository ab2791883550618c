import { atKey, type Check } from "../check.js";
import { dashboardPath, type Json, textAt, variablesOf } from "../dashboards/dashboard.js";
import { builtIns, isBuiltIn, mentionsIn } from "../dashboards/variables.js";
import type { Problem } from "../problem.js";
import { didYouMean } from "../suggest.js";

/** A variable that a dashboard uses and doesn't define stays in the query as it is written. */
export const dashboardVariable: Check = {
  id: "dashboard-variable",
  run(context) {
    return context.input.stack.dashboards.flatMap((dashboard) => {
      const defined = variablesOf(dashboard).map((variable) => textAt(variable, "name"));
      const seen = new Set<string>();
      const path = dashboardPath(dashboard);
      return usedIn(dashboard, path).flatMap(({ name, keyPath, of }): Problem[] => {
        if (defined.includes(name) || isBuiltIn(name) || seen.has(name)) return [];
        seen.add(name);
        const meant = didYouMean(name, [...defined, ...builtIns]);
        return [
          {
            id: "dashboard-variable",
            severity: "error",
            what: `${of} uses the variable $${name}, which dashboard "${dashboard.title}" does not define.`,
            why: "Grafana leaves it as it is written, so that the query asks for something else or fails.",
            next: meant
              ? `Did you mean $${meant}?`
              : defined.length > 0
                ? `It defines ${defined.map((each) => `$${each}`).join(", ")}.`
                : "Define it with .withVariable(...), or write the value.",
            place: atKey(context, keyPath),
          },
        ];
      });
    });
  },
};

/** Keys whose texts Grafana fills variables into; others hold patterns and templates with dollars of their own. */
const filled = new Set([
  "expr",
  "query",
  "datasource",
  "uid",
  "title",
  "url",
  "repeat",
  "definition",
  "interval",
]);

interface Use {
  name: string;
  keyPath: string;
  of: string;
}

function usedIn(value: unknown, path: string, key = "", of = "The dashboard"): Use[] {
  if (typeof value === "string") {
    if (!filled.has(key)) return [];
    const names = key === "repeat" && value !== "" ? [value] : mentionsIn(value).map(({ name }) => name);
    return names.map((name) => ({ name, keyPath: path, of }));
  }
  if (Array.isArray(value)) {
    return value.flatMap((each, at) =>
      usedIn(each, `${path}[${nameOf(each, key) ?? at}]`, key, panelOf(each, key) ?? of),
    );
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    // The chosen value of a variable, and what was chosen from, are data.
    name === "current" || name === "options" ? [] : usedIn(inner, `${path}.${name}`, name, of),
  );
}

/** Panels and queries go by their names, as in every other message. */
function nameOf(value: unknown, key: string): string | undefined {
  const name =
    key === "panels"
      ? (value as Json)?.title
      : key === "targets"
        ? (value as Json)?.refId
        : key === "list"
          ? (value as Json)?.name
          : "";
  return typeof name === "string" && name !== "" ? JSON.stringify(name) : undefined;
}

function panelOf(value: unknown, key: string): string | undefined {
  const name = key === "panels" ? nameOf(value, key) : undefined;
  return name && `Panel ${name}`;
}
