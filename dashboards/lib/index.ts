/** What dashboards are made of; those of the stack, and yours. */
export { alertAnnotations, firingAlerts } from "./alerts.js";
export { meanings, neutral, states } from "./colours.js";
export { type DashboardInput, dashboard, timeZone } from "./dashboard.js";
export { dataSources } from "./data-sources.js";
export { type Described, mayBeEmpty } from "./described.js";
export { type DashboardEdits, edited } from "./edits.js";
export { type Cell, mostPanels, type Row, row, type Section, section, span } from "./layout.js";
export { toDashboard, toDashboardOf, toRunbook } from "./links.js";
export { byMatcher, byName, byRegexp, type Override } from "./overrides.js";
export {
  type BarsInput,
  bars,
  logs,
  type NumberColumn,
  type PanelInput,
  type SqlTableInput,
  type StatInput,
  shares,
  sqlTable,
  stat,
  type TableInput,
  type TimeseriesInput,
  table,
  timeseries,
  traces,
  type ValueColumn,
} from "./panels.js";
export {
  at,
  type FoldedSection,
  type Heading,
  heading,
  type LayoutItem,
  type Placed,
  type PlainDashboardInput,
  plainDashboard,
} from "./plain-dashboard.js";
export { mixed, type PlainPanelInput, type PlainQuery, plainPanel, type Settings } from "./plain-panel.js";
export { exemplars, logql, promql, type Query, sql, traceql } from "./queries.js";
export { above, below, type Thresholds } from "./thresholds.js";
export { type Unit, units } from "./units.js";
export {
  environment,
  feature,
  model,
  provider,
  service,
  team,
  type VariableInput,
  variable,
} from "./variables.js";
