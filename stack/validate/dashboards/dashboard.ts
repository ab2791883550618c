/** A dashboard as Grafana stores it, as far as it is looked at here. Nothing of it can be relied on: it is the user's. */
export type Json = Record<string, unknown>;

export type QueryLanguage = "promql" | "logql" | "traceql" | "sql";

/** A query of a dashboard, wherever it stands. */
export interface DashboardQuery {
  text: string;
  /** Undefined: of a data source that isn't the stack's, or without a language of its own. */
  language: QueryLanguage | undefined;
  /** What asks, in words: `panel "Latency"`. */
  of: string;
  /** In the definition. */
  keyPath: string;
  /** The function around it in a variable's query (`label_values(up, job)`), for which other rules hold. */
  kind: "panel" | "variable" | "annotation";
  /** The target it stands in, of a panel. */
  target?: Json;
  /** Of a panel that shows what it is given: its type, `timeseries`. Undefined where a transformation lies between. */
  shownAs?: string;
}

/** A panel with the way to it. */
export interface DashboardPanel {
  panel: Json;
  title: string;
  keyPath: string;
}

/** The mappings of a list; empty where there is none. */
export function mappings(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

/** Whether a value is a mapping. */
export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Text of a key, else empty. */
export function textAt(value: Json, key: string): string {
  const text = value[key];
  return typeof text === "string" ? text : "";
}

/** `dashboards["uid"]`, as the user finds it: by its name, not its position. */
export function dashboardPath(dashboard: Json): string {
  return `dashboards[${JSON.stringify(dashboard.uid)}]`;
}

/** Every panel in order, those inside rows, too; rows themselves aren't. */
export function panelsOf(dashboard: Json): DashboardPanel[] {
  const path = dashboardPath(dashboard);
  return mappings(dashboard.panels)
    .flatMap((panel) => (textAt(panel, "type") === "row" ? mappings(panel.panels) : [panel]))
    .map((panel, at) => {
      const title = textAt(panel, "title");
      return { panel, title, keyPath: `${path}.panels[${title === "" ? at : JSON.stringify(title)}]` };
    });
}

/** The variables that a dashboard defines. */
export function variablesOf(dashboard: Json): Json[] {
  return mappings(isJson(dashboard.templating) ? dashboard.templating.list : undefined);
}

/** The annotations that a dashboard defines. */
export function annotationsOf(dashboard: Json): Json[] {
  return mappings(isJson(dashboard.annotations) ? dashboard.annotations.list : undefined);
}

/** Whether a panel's query asks for one moment only, not for a course of time. */
export function isInstant(target: Json | undefined): boolean {
  return target?.instant === true && target.range !== true;
}
