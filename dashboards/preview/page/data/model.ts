import type { DataTransformerConfig } from "@grafana/data";
import type { PanelModel } from "../panels/panel.js";

/** Which data source is asked; old dashboards name it by a string alone. */
export type DataSourceRef = { type?: string; uid?: string } | string;

/** A query of a panel. What else it holds is the language's of its data source. */
export interface Target {
  refId?: string;
  datasource?: DataSourceRef | null;
  hide?: boolean;
  [key: string]: unknown;
}

/** Place on the grid of 24 columns; heights in units of 30 pixels. */
export interface GridPos {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A link on top of a dashboard or of a panel. */
export interface Link {
  title?: string;
  type?: "link" | "dashboards";
  url?: string;
  tooltip?: string;
  icon?: string;
  tags?: string[];
  asDropdown?: boolean;
  targetBlank?: boolean;
  includeVars?: boolean;
  keepTime?: boolean;
}

/** A panel as Grafana's classic dashboard JSON has it; those of type `row` are headers of sections. */
export interface PanelJson extends PanelModel {
  description?: string;
  gridPos?: GridPos;
  datasource?: DataSourceRef | null;
  targets?: Target[];
  transformations?: DataTransformerConfig[];
  links?: Link[];
  transparent?: boolean;
  /** Smallest step of its queries: `1m`. */
  interval?: string;
  maxDataPoints?: number;
  /** A range of its own that ends where the dashboard's does: `1h`. */
  timeFrom?: string;
  timeShift?: string;
  hideTimeOverride?: boolean;
  /** Name of the variable for whose values it is repeated. */
  repeat?: string;
  repeatDirection?: "h" | "v";
  maxPerRow?: number;
  /** Of a row: whether it is folded, and then its panels. */
  collapsed?: boolean;
  panels?: PanelJson[];
}

/** A choice on top of a dashboard. */
export interface VariableModel {
  name: string;
  type: string;
  label?: string;
  description?: string;
  /** 0 shown, 1 without its label, 2 hidden. Newer: words. */
  hide?: number | string;
  query?: string | { query?: string; [key: string]: unknown };
  definition?: string;
  datasource?: DataSourceRef | null;
  /** What of each answer is the value: a regular expression, with a group or without. */
  regex?: string;
  /** 0 as answered; 1, 2 alphabetical, 3, 4 numerical, 5, 6 alphabetical whatever the case; odd ones ascending. */
  sort?: number;
  /** 1 when the dashboard is opened, 2 also when the time changes. */
  refresh?: number | string;
  multi?: boolean;
  includeAll?: boolean;
  /** What stands in queries for all values; without, all of them. */
  allValue?: string | null;
  current?: { text?: string | string[]; value?: string | string[] };
  options?: { text?: string | string[]; value?: string | string[]; selected?: boolean }[];
  auto?: boolean;
  auto_count?: number;
  auto_min?: string;
}

/** Marks on graphs: a query whose answers are times, or spans of time. */
export interface AnnotationModel {
  name: string;
  enable?: boolean;
  hide?: boolean;
  builtIn?: number;
  iconColor?: string;
  datasource?: DataSourceRef | null;
  expr?: string;
  step?: string;
  titleFormat?: string;
  textFormat?: string;
  tagKeys?: string;
  useValueForTime?: boolean;
  target?: Target;
}

/** A dashboard as Grafana's classic JSON has it. */
export interface DashboardJson {
  uid: string;
  title: string;
  description?: string;
  tags?: string[];
  panels?: PanelJson[];
  templating?: { list?: VariableModel[] };
  annotations?: { list?: AnnotationModel[] };
  links?: Link[];
  time?: { from: string; to: string };
  refresh?: string | boolean;
  timezone?: string;
  /** 0 each panel for itself, 1 a shared crosshair, 2 shared tooltips. */
  graphTooltip?: number;
  timepicker?: {
    refresh_intervals?: string[];
    quick_ranges?: { display: string; from: string; to: string }[];
  };
}

/** Name of the choice of all values, in addresses and in `current`. */
export const allValues = "$__all";
