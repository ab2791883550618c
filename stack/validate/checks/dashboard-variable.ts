import { atKey, type Check, type CheckContext } from "../check.js";
import { dashboardPath, type Json, textAt, variablesOf } from "../dashboards/dashboard.js";
import { variableQuery } from "../dashboards/queries.js";
import { builtIns, isBuiltIn, mentionsIn } from "../dashboards/variables.js";
import type { Problem } from "../problem.js";
import { repeated } from "../repeated.js";
import { didYouMean } from "../suggest.js";

/**
 * A variable that a dashboard uses and doesn't define stays in the query as it is written; two of one name, and variables
 * that wait for each other, never get the value that is meant.
 */
export const dashboardVariable: Check = {
  id: "dashboard-variable",
  run(context) {
    return context.input.stack.dashboards.flatMap((dashboard) => {
      const defined = variablesOf(dashboard).map((variable) => textAt(variable, "name"));
      const seen = new Set<string>();
      const path = dashboardPath(dashboard);
      const unknown = usedIn(dashboard, path).flatMap(({ name, keyPath, of }): Problem[] => {
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
                ? `It defines ${[...new Set(defined)].map((each) => `$${each}`).join(", ")}.`
                : "Define it with .withVariable(...), or write the value.",
            place: atKey(context, keyPath),
          },
        ];
      });
      return [...unknown, ...twice(context, dashboard, defined), ...circles(context, dashboard)];
    });
  },
};

function twice(context: CheckContext, dashboard: Json, defined: readonly string[]): Problem[] {
  return repeated(defined).map(
    ({ value, at }): Problem => ({
      id: "dashboard-variable",
      severity: "error",
      what: `Dashboard "${textAt(dashboard, "title")}" defines the variable $${value} ${at.length} times.`,
      why: "Grafana shows each, and queries read only one of them.",
      next: "Give each its own name, or take one out.",
      place: atKey(context, `${dashboardPath(dashboard)}.variables[${JSON.stringify(value)}]`),
    }),
  );
}

/** Variables whose queries need each other's values first, or their own. */
function circles(context: CheckContext, dashboard: Json): Problem[] {
  const variables = variablesOf(dashboard);
  const needs = new Map(
    variables.map((variable) => [
      textAt(variable, "name"),
      mentionsIn(`${variableQuery(variable)} ${textAt(variable, "regex")}`).map(({ name }) => name),
    ]),
  );
  const told = new Set<string>();
  return [...needs.keys()].flatMap((name): Problem[] => {
    const circle = wayBack(name, needs);
    if (!circle || circle.some((each) => told.has(each))) return [];
    for (const each of circle) told.add(each);
    return [
      {
        id: "dashboard-variable",
        severity: "error",
        what:
          circle.length === 1
            ? `The query of variable $${name} needs the value of $${name}.`
            : `The variables ${circle.map((each) => `$${each}`).join(", ")} need each other's values.`,
        why: "Grafana asks for none of them before it has the other: they stay empty.",
        next: "Take the variable out of one of the queries.",
        place: atKey(context, `${dashboardPath(dashboard)}.variables[${JSON.stringify(name)}].query`),
      },
    ];
  });
}

/** The shortest way from a variable back to itself, over what each needs. */
function wayBack(name: string, needs: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const ways = [[name]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const next of needs.get(way.at(-1)!) ?? []) {
      if (next === name) return way;
      if (!needs.has(next) || seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

/** Keys whose texts Grafana fills variables into; others hold patterns and templates with dollars of their own. */
const filled = new Set([
  "expr",
  "query",
  "rawSql",
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
    const names =
      key === "repeat" && value !== ""
        ? [value]
        : mentionsIn(value)
            // Macros of SQL have arguments; the check dashboard-query knows which there are.
            .filter(({ to }) => key !== "rawSql" || value[to] !== "(")
            .map(({ name }) => name);
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
