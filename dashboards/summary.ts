import { isJson, type Json, panelsOf, textAt } from "../stack/validate/dashboards/dashboard.js";

/** A dashboard in one line. */
export interface DashboardSummary {
  uid: string;
  title: string;
  panels: number;
  tags: string[];
  /** UIDs, sorted. */
  dataSources: string[];
}

/** What there is to say of a generated dashboard before looking at it. */
export function summaryOf(dashboard: Json): DashboardSummary {
  const { tags } = dashboard;
  return {
    uid: textAt(dashboard, "uid"),
    title: textAt(dashboard, "title"),
    panels: panelsOf(dashboard).length,
    tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [],
    dataSources: [...new Set(sourcesIn(dashboard.panels))].sort(),
  };
}

/** What panels ask; not what stands for several. */
function sourcesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(sourcesIn);
  if (!isJson(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    if (key !== "datasource") return sourcesIn(each);
    const uid = isJson(each) ? textAt(each, "uid") : String(each ?? "");
    return uid === "" || uid.startsWith("-- ") ? [] : [uid];
  });
}
