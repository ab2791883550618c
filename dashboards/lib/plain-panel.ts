import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Placeable } from "./layout.js";
import type { Override } from "./overrides.js";
import { dataSourceOf, type Query, refIdOf } from "./queries.js";
import { type Thresholds, thresholdSteps } from "./thresholds.js";

/** Settings by Grafana's own names for them. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * A query with settings of its own, `{ ...promql("up"), instant: true }`; or one of a data source that this library has no
 * word for, as Grafana stores it.
 */
export type PlainQuery =
  | (Query & Settings & Asked)
  | (Required<Pick<Asked, "datasource">> & Asked & { raw: Settings });

interface Asked {
  datasource?: DataSourceRef;
  /** Default: A for the first, B for the second, and so on. */
  refId?: string;
}

/** A panel as Grafana stores it, its most used settings close at hand. */
export interface PlainPanelInput {
  title?: string;
  description?: string;
  /** Asked by the queries that name none. Default: the stack's own for the query's language. */
  datasource?: DataSourceRef;
  queries?: readonly PlainQuery[];
  /** Grafana's id of a unit: `units.seconds`, or another. */
  unit?: string;
  min?: number;
  max?: number;
  decimals?: number;
  /** Shown in the place of what isn't there. */
  noValue?: string;
  thresholds?: Thresholds | { mode?: string; steps: readonly { value: number | null; color: string }[] };
  /** Words for values. */
  mappings?: readonly Settings[];
  /** Where colours come from: `{ mode: "fixed", fixedColor: "blue" }`. */
  color?: Settings;
  /** How this type of panel draws its fields: `fieldConfig.defaults.custom`. */
  custom?: Settings;
  /** What else is set for all fields: `fieldConfig.defaults`. */
  fields?: Settings;
  /** Fields that are shown otherwise: `byName("errors", { unit: "short" })`. */
  overrides?: readonly Override[];
  /** How this type of panel draws: `options`. */
  options?: Settings;
  transformations?: readonly ({ id: string } & Settings)[];
  /** In the panel's corner. */
  links?: readonly Settings[];
  /** Name of a variable; the panel is drawn for each of its values. */
  repeat?: string;
  /** Whatever else Grafana stores of a panel. */
  more?: Settings;
}

/**
 * A panel of any type (`timeseries`, `gauge`, `text`, ...) without the defaults of the house: what isn't said is as
 * Grafana has it. For panels that come from elsewhere; yours are better made with `timeseries`, `stat` and the like.
 */
export function plainPanel(type: string, input: PlainPanelInput): Placeable {
  const { title, description, queries = [], unit, min, max, decimals, noValue, thresholds } = input;
  const { mappings, color, custom, fields, overrides = [], options, transformations, links } = input;
  const targets = queries.map((query, at) => plainTarget(query, at, input.datasource));
  const sources = [...new Set(targets.map(({ datasource }) => datasource.uid))];
  const [source = input.datasource] = targets.map(({ datasource }) => datasource);
  const panel = present({
    type,
    title,
    description,
    datasource: sources.length > 1 ? mixed : source,
    targets: queries.length > 0 ? targets : undefined,
    fieldConfig: {
      defaults: present({
        unit,
        min,
        max,
        decimals,
        noValue,
        thresholds: thresholds && stepsOf(thresholds),
        mappings,
        color,
        custom,
        ...fields,
      }),
      overrides,
    },
    options,
    transformations,
    links,
    repeat: input.repeat,
    ...input.more,
  });
  return {
    id: (id: number) => Object.assign(panel, { id }),
    gridPos: (gridPos: Panel["gridPos"]) => Object.assign(panel, { gridPos }),
    build: () => structuredClone(panel) as unknown as Panel,
  };
}

function stepsOf(thresholds: NonNullable<PlainPanelInput["thresholds"]>) {
  return "side" in thresholds ? thresholdSteps(thresholds).build() : { mode: "absolute", ...thresholds };
}

/** The data source of a panel whose queries ask several. */
export const mixed = { type: "datasource", uid: "-- Mixed --" } as const;

function plainTarget(query: PlainQuery, at: number, ofPanel?: DataSourceRef) {
  const refId = query.refId ?? refIdOf(at);
  if ("raw" in query) return { ...(query.raw as Settings), datasource: query.datasource!, refId };
  const { promql, logql, traceql, sql, legend, exemplars, ...rest } = query as Record<string, unknown>;
  const common = { ...rest, datasource: query.datasource ?? ofPanel ?? dataSourceOf(query), refId };
  const legendFormat = legend === undefined ? {} : { legendFormat: legend };
  if (promql !== undefined)
    return {
      ...(query.instant === undefined && { range: true }),
      ...(exemplars === true && { exemplar: true }),
      ...common,
      ...legendFormat,
      expr: promql,
    };
  if (logql !== undefined) return { queryType: "range", ...common, ...legendFormat, expr: logql };
  if (traceql !== undefined) return { queryType: "traceql", ...common, query: traceql };
  return { format: "time_series", rawQuery: true, ...common, rawSql: sql };
}

/** Without the keys that have no value. */
export function present<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;
}
