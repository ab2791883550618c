import type { DataFrame, InterpolateFunction, TimeRange, TimeZone } from "@grafana/data";
import { createContext, useContext } from "react";
import type { PreviewDataSource, PreviewProblem } from "../../api.js";
import type { Scoped } from "../data/interpolate.js";
import type { PanelJson } from "../data/model.js";
import type { Choices } from "../data/variables.js";

/** What all panels of a dashboard have in common. */
export interface DashboardContext {
  choices: Choices;
  range: TimeRange;
  timeZone: TimeZone;
  sources: readonly PreviewDataSource[];
  /** All of them, also those in folded sections. */
  panels: readonly PanelJson[];
  problems: readonly PreviewProblem[];
  annotations: readonly DataFrame[];
  /** The dashboard's `graphTooltip`. */
  cursorSync: number;
  /** Panels out of sight ask, too. */
  all: boolean;
  /** Replaces variables, with those that hold for one panel alone. */
  replacing(scoped: Scoped): InterpolateFunction;
}

/** For the components of one dashboard. */
export const InDashboard = createContext<DashboardContext | undefined>(undefined);

/** The dashboard around a component. */
export function useDashboardContext(): DashboardContext {
  const context = useContext(InDashboard);
  if (context === undefined) throw new Error("This component stands outside of a dashboard.");
  return context;
}
