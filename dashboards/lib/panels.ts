import { PanelBuilder as BarGaugePanel } from "@grafana/grafana-foundation-sdk/bargauge";
import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  type DataSourceRef,
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  LogsSortOrder,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TableSortByFieldStateBuilder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  type DashboardLink,
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  type ThresholdsConfig,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as LogsPanel } from "@grafana/grafana-foundation-sdk/logs";
import {
  PieChartLegendOptionsBuilder,
  PieChartLegendValues,
  PieChartType,
  PanelBuilder as PiePanel,
} from "@grafana/grafana-foundation-sdk/piechart";
import { PanelBuilder as StatPanel } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TablePanel } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeseriesPanel } from "@grafana/grafana-foundation-sdk/timeseries";
import { type Meaning, meanings } from "./colours.js";
import { dataSources } from "./data-sources.js";
import { type Described, descriptionOf } from "./described.js";
import { dataSourceOf, promql, type Query, refIdOf, type Shape, sql, target } from "./queries.js";
import { type Thresholds, thresholdSteps } from "./thresholds.js";
import { type Unit, units } from "./units.js";

/** What panels of numbers have in common. */
export interface PanelInput extends Described {
  unit: Unit;
  queries: readonly Query[];
  /** `above({ warning: 0.02, critical: 0.05 })`. */
  thresholds?: Thresholds;
  /** Series whose names have colours of their own, on every page the same. */
  colours?: Meaning;
  /** Where a click on a value leads. */
  links?: Builder<DashboardLink>[];
}

/** What is done to every builder of a panel with numbers. The SDK generates one class a panel, without a common one. */
interface Furnishable {
  title(text: string): unknown;
  description(text: string): unknown;
  datasource(source: DataSourceRef): unknown;
  withTarget(query: Builder<Dataquery>): unknown;
  unit(id: string): unknown;
  thresholds(thresholds: Builder<ThresholdsConfig>): unknown;
  colorScheme(color: FieldColorBuilder): unknown;
  noValue(text: string): unknown;
  dataLinks(links: Builder<DashboardLink>[]): unknown;
  overrideByName(name: string, properties: DynamicConfigValue[]): unknown;
}

function furnish<Panel extends Furnishable>(panel: Panel, input: PanelInput, shape: Shape): Panel {
  const { title, queries, unit, thresholds, colours, links = [] } = input;
  panel.title(title);
  panel.description(descriptionOf(input, thresholds !== undefined));
  panel.datasource(queries[0] ? dataSourceOf(queries[0]) : dataSources.prometheus);
  panel.unit(units[unit]);
  panel.thresholds(thresholdSteps(thresholds));
  panel.noValue(input.mayBeEmpty === undefined ? "no data" : "–");
  for (const [at, query] of queries.entries()) panel.withTarget(target(query, refIdOf(at), shape));
  if (links.length > 0) panel.dataLinks(links);
  for (const [name, fixedColor] of Object.entries(colours ? meanings[colours] : {}))
    panel.overrideByName(name, [{ id: "color", value: { mode: FieldColorModeId.Fixed, fixedColor } }]);
  return panel;
}

const lastValue = () => new ReduceDataOptionsBuilder().values(false).calcs(["lastNotNull"]).fields("");

const byThresholds = () => new FieldColorBuilder().mode(FieldColorModeId.Thresholds);

// The same name has the same colour in every panel.
const byName = () => new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName);

const tooltip = () =>
  new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending).hideZeros(false);

/** Numbers over time. */
export interface TimeseriesInput extends PanelInput {
  /** One on top of the other: where the sum means something. */
  stacked?: boolean;
  /** Below zero is possible; else the axis begins at 0. */
  signed?: boolean;
  /** The axis ends here: 1 for shares that are read against the whole. */
  max?: number;
}

/** Numbers over time; thresholds are dashed lines. */
export function timeseries(input: TimeseriesInput): TimeseriesPanel {
  const { stacked = false, signed = false, max, thresholds, queries } = input;
  const panel = furnish(new TimeseriesPanel(), input, "range")
    .colorScheme(byName())
    .drawStyle(GraphDrawStyle.Line)
    .lineInterpolation(LineInterpolation.Linear)
    .lineWidth(1)
    .fillOpacity(stacked ? 40 : 8)
    .showPoints(VisibilityMode.Never)
    .spanNulls(false)
    .axisLabel("")
    .axisBorderShow(false)
    .stacking(new StackingConfigBuilder().mode(stacked ? StackingMode.Normal : StackingMode.None).group("A"))
    .thresholdsStyle(
      new GraphThresholdsStyleConfigBuilder().mode(
        thresholds ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off,
      ),
    )
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(queries.length > 1 || queries.some(namesSeries))
        .calcs([]),
    )
    .tooltip(tooltip());
  if (!signed) panel.min(0);
  if (max !== undefined) panel.max(max);
  // As long as nothing fails all shares are 0, and an axis that is made for nothing ends at 10,000 %.
  else if (input.unit === "ratio")
    panel.axisSoftMax(Math.max(thresholds?.warning ?? 0, thresholds?.critical ?? 0) || leastShare);
  return panel;
}

/** Where the axis of shares ends at least when there are no limits to show. */
const leastShare = 0.01;

/** One number, or a few. */
export interface StatInput extends PanelInput {
  /** Draws how it was before behind the number. */
  sparkline?: boolean;
}

/** One number, or a few; coloured by its thresholds. */
export function stat(input: StatInput): StatPanel {
  return furnish(new StatPanel(), input, input.sparkline ? "range" : "instant")
    .colorScheme(byThresholds())
    .colorMode(input.thresholds ? BigValueColorMode.Value : BigValueColorMode.None)
    .graphMode(input.sparkline ? BigValueGraphMode.Area : BigValueGraphMode.None)
    .reduceOptions(lastValue());
}

/** Bars beside each other, one a series: who has most. */
export interface BarsInput extends PanelInput {
  /** Where the bars end; default: at the largest. */
  max?: number;
}

/** Bars beside each other, one a series: who has most. */
export function bars(input: BarsInput): BarGaugePanel {
  const panel = furnish(new BarGaugePanel(), input, "instant")
    .colorScheme(byThresholds())
    .displayMode(BarGaugeDisplayMode.Basic)
    .orientation(VizOrientation.Horizontal)
    .min(0)
    .reduceOptions(lastValue());
  return input.max === undefined ? panel : panel.max(input.max);
}

/** Shares of a whole. */
export function shares(input: PanelInput): PiePanel {
  return furnish(new PiePanel(), input, "instant")
    .colorScheme(byName())
    .pieType(PieChartType.Donut)
    .legend(
      new PieChartLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Right)
        .showLegend(true)
        .values([PieChartLegendValues.Percent, PieChartLegendValues.Value])
        .calcs([]),
    )
    .tooltip(tooltip())
    .reduceOptions(lastValue());
}

/** A column of numbers. */
export interface NumberColumn {
  title: string;
  unit: Unit;
  thresholds?: Thresholds;
}

/** A column of numbers with a query of its own. */
export interface ValueColumn extends NumberColumn {
  /** Has the labels that the table's rows go by. */
  promql: string;
}

/** What is known of each of several things: a row for each, by labels. */
export interface TableInput extends Described {
  /** The labels that make a row, with the titles of their columns. */
  by: Readonly<Record<string, string>>;
  values: readonly [ValueColumn, ...ValueColumn[]];
  /** Title of the column whose largest come first. Default: the first of the values. */
  sortBy?: string;
  /** Links of a column, by its title. */
  links?: Readonly<Record<string, Builder<DashboardLink>[]>>;
}

/** Pixels. Grafana's own 150 push a table's last columns out of sight where it has several and little room. */
const narrowestColumn = 80;

const tablePanel = () => new TablePanel().minWidth(narrowestColumn);

/** A table of the last values, one row for each combination of some labels. */
export function table(input: TableInput): TablePanel {
  const { by, values, sortBy = values[0].title, links = {} } = input;
  const columns = values.map(({ promql: expr }) => promql(expr));
  const hasLimits = values.some(({ thresholds }) => thresholds !== undefined);
  const panel = furnish(tablePanel(), { ...input, unit: "count", queries: columns, links: [] }, "table")
    .description(descriptionOf(input, hasLimits))
    .sortBy([new TableSortByFieldStateBuilder().displayName(sortBy).desc(true)]);
  // Grafana calls the numbers of a single query "Value", and those of several "Value #A", "Value #B".
  const fieldOf = (at: number) => (values.length === 1 ? "Value" : `Value #${refIdOf(at)}`);
  if (values.length > 1) panel.withTransformation({ id: "merge", options: {} });
  const fields = [...Object.keys(by), ...values.map((_, at) => fieldOf(at))];
  panel.withTransformation({
    id: "organize",
    options: {
      excludeByName: { Time: true },
      indexByName: Object.fromEntries(fields.map((field, at) => [field, at])),
      renameByName: { ...by, ...Object.fromEntries(values.map(({ title }, at) => [fieldOf(at), title])) },
    },
  });
  furnishColumns(panel, values);
  for (const [title, leading] of Object.entries(links))
    panel.overrideByName(title, [{ id: "links", value: leading.map((link) => link.build()) }]);
  return panel;
}

/** What a query in SQL selects, a row each. */
export interface SqlTableInput extends Described {
  /** Selects the columns by their titles, the rows in the order in which they are shown. */
  sql: string;
  /** The columns of numbers. */
  values: readonly NumberColumn[];
}

/** A table of what a query of the ledger selects. */
export function sqlTable({ values, ...input }: SqlTableInput): TablePanel {
  const panel = furnish(tablePanel(), { ...input, unit: "none", queries: [sql(input.sql)] }, "table");
  return furnishColumns(panel, values);
}

function furnishColumns(panel: TablePanel, columns: readonly NumberColumn[]): TablePanel {
  for (const { title, unit, thresholds } of columns)
    panel.overrideByName(title, [
      { id: "unit", value: units[unit] },
      ...(thresholds
        ? [
            { id: "thresholds", value: thresholdSteps(thresholds).build() },
            { id: "color", value: { mode: FieldColorModeId.Thresholds } },
            { id: "custom.cellOptions", value: { type: "color-text" } },
          ]
        : []),
    ]);
  return panel;
}

/** Lines of logs, newest first; each opens its trace. */
export function logs(input: Described & { query: Query }): LogsPanel {
  return furnish(new LogsPanel(), { ...input, unit: "none", queries: [input.query] }, "range")
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .sortOrder(LogsSortOrder.Descending);
}

/** Traces that a search finds, newest first; a click opens one, and its logs from there. */
export function traces(input: Described & { query: Query }): TablePanel {
  return furnish(tablePanel(), { ...input, unit: "none", queries: [input.query] }, "range");
}

function namesSeries(query: Query): boolean {
  return "legend" in query && query.legend !== undefined;
}
