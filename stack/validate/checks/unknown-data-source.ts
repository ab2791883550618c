import { dataSourceUids } from "../../services/names.js";
import { atKey, type Check } from "../check.js";
import type { Problem } from "../problem.js";
import { didYouMean } from "../suggest.js";

/** Data sources that Grafana brings along: its own, several at once, another panel. */
const builtIn = new Set(["grafana", "-- Grafana --", "-- Mixed --", "-- Dashboard --", "default"]);

/** A panel, query, variable or annotation that asks a data source which this stack doesn't provision shows an error. */
export const unknownDataSource: Check = {
  id: "unknown-data-source",
  run(context) {
    if (!context.rendered.facts.grafana.present) return [];
    const known: string[] = Object.values(dataSourceUids);
    return context.input.stack.dashboards.flatMap((dashboard, at) => {
      const users = new Map<string, { path: string; title?: string }[]>();
      for (const use of usesIn(dashboard, `dashboards[${at}]`)) {
        if (known.includes(use.uid) || builtIn.has(use.uid) || use.uid.startsWith("$")) continue;
        users.set(use.uid, [...(users.get(use.uid) ?? []), use]);
      }
      return [...users].map(([uid, uses]): Problem => {
        const meant = didYouMean(uid, known);
        const titles = [...new Set(uses.flatMap(({ title }) => (title ? [`"${title}"`] : [])))];
        return {
          id: "unknown-data-source",
          severity: "error",
          what: `Dashboard "${dashboard.title}" uses the data source "${uid}", which this stack does not have.`,
          ...(titles.length > 0 && { why: `It is used by ${titles.join(", ")}.` }),
          next: meant ? `Did you mean "${meant}"?` : `Known data sources: ${known.join(", ")}.`,
          place: atKey(context, uses[0]!.path),
        };
      });
    });
  },
};

/** Every `datasource` within a dashboard: `{ uid }`, or a plain name as older dashboards have it. */
function usesIn(
  value: unknown,
  path: string,
  title?: string,
): { uid: string; path: string; title?: string }[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each, at) => usesIn(each, `${path}[${at}]`, title));
  const fields = value as Record<string, unknown>;
  // The innermost titled thing around it that isn't the dashboard itself: a panel.
  const own = path.includes(".") && typeof fields.title === "string" ? fields.title : title;
  return Object.entries(fields).flatMap(([key, inner]) => {
    const uid = key === "datasource" ? uidOf(inner) : undefined;
    if (uid !== undefined) return [{ uid, path: `${path}.${key}`, ...(own !== undefined && { title: own }) }];
    return usesIn(inner, `${path}.${key}`, own);
  });
}

function uidOf(datasource: unknown): string | undefined {
  if (typeof datasource === "string") return datasource;
  const uid = (datasource as { uid?: unknown } | null)?.uid;
  return typeof uid === "string" ? uid : undefined;
}
