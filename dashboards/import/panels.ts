import { isDeepStrictEqual } from "node:util";
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import { isJson, type Json, mappings } from "../../stack/validate/dashboards/dashboard.js";
import type { Placeable } from "../lib/layout.js";
import { mixed } from "../lib/plain-panel.js";
import { dataSourceOf } from "../lib/queries.js";
import { above, below, thresholdSteps } from "../lib/thresholds.js";
import { units } from "../lib/units.js";
import { call, type Expression, list, literal, mapping, named } from "./expression.js";
import { houseExpression } from "./house.js";
import { normalised } from "./normalise.js";
import { pruned, without } from "./prune.js";
import { hasLanguage, queryExpression } from "./queries.js";
import type { Shared } from "./shared.js";

/** A panel in normal form: as one of the house where that gives the same, else as a call of `plainPanel`. */
export function panelExpression(panel: Json, shared: Shared): Expression {
  const { defaults } = (panel.fieldConfig ?? { defaults: {} }) as { defaults: Json };
  const limits = isPlain("thresholds", defaults.thresholds)
    ? limitsExpression(defaults.thresholds as Json)
    : undefined;
  const house = houseExpression(panel, limits);
  if (house && differences(panel, house.value as Placeable).length === 0) return house;
  const parts = partsOf(panel, shared, limits);
  const written = call("plainPanel", literal(panel.type), mapping(parts));
  const differing = differences(panel, written.value as Placeable);
  if (differing.length === 0) return written;
  // What the words above don't say well is said as Grafana has it.
  const more = Object.fromEntries(differing.map((key) => [key, panel[key]]));
  return call(
    "plainPanel",
    literal(panel.type),
    mapping({ ...parts, more: literal({ ...ownMore(panel), ...more }) }),
  );
}

function partsOf(
  panel: Json,
  shared: Shared,
  limits: Expression | undefined,
): Record<string, Expression | undefined> {
  const { fieldConfig, options, transformations, targets, links } = panel;
  const { defaults, overrides } = (fieldConfig ?? { defaults: {}, overrides: [] }) as {
    defaults: Json;
    overrides: unknown[];
  };
  const source = commonSource(panel);
  const fields = without(
    defaults,
    fieldKeys.filter((key) => isPlain(key, defaults[key])),
  );
  const more = ownMore(panel);
  return {
    title: text(panel.title),
    description: text(panel.description),
    datasource: source && literal(source),
    queries:
      mappings(targets).length === 0
        ? undefined
        : list(mappings(targets).map((each, at) => queryExpression(each, at, source))),
    unit: isPlain("unit", defaults.unit) ? unitExpression(defaults.unit as string) : undefined,
    ...Object.fromEntries(
      ["min", "max", "decimals", "noValue", "color"].map((key) => [
        key,
        isPlain(key, defaults[key]) ? literal(defaults[key]) : undefined,
      ]),
    ),
    thresholds: isPlain("thresholds", defaults.thresholds)
      ? (limits ?? shared.of(pruned(defaults.thresholds as Json, { mode: "absolute" })))
      : undefined,
    mappings: isPlain("mappings", defaults.mappings) ? shared.of(defaults.mappings) : undefined,
    custom: isPlain("custom", defaults.custom) ? shared.of(defaults.custom) : undefined,
    fields: Object.keys(fields).length > 0 ? literal(fields) : undefined,
    overrides:
      overrides.length > 0 && overrides.every(isOverride)
        ? list(overrides.map(overrideExpression))
        : undefined,
    options: isJson(options) ? shared.of(options) : undefined,
    transformations: isListed(transformations, isTransformation) ? literal(transformations) : undefined,
    links: isListed(links, isJson) ? literal(links) : undefined,
    repeat: text(panel.repeat),
    more: Object.keys(more).length > 0 ? literal(more) : undefined,
  };
}

/** What `plainPanel` has no word for. */
function ownMore(panel: Json): Json {
  return without(panel, [
    ...["id", "gridPos", "type", "title", "description", "datasource", "targets", "fieldConfig", "options"],
    ...["transformations", "links", "repeat"],
  ]);
}

const fieldKeys = ["unit", "min", "max", "decimals", "noValue", "thresholds", "mappings", "color", "custom"];

/** Whether a setting has the type that the library expects; what hasn't stays as it is. */
function isPlain(key: string, value: unknown): boolean {
  if (key === "unit" || key === "noValue") return typeof value === "string";
  if (key === "mappings") return isListed(value, isJson);
  if (key === "color" || key === "custom") return isJson(value);
  if (key !== "thresholds") return typeof value === "number";
  const isStep = (step: unknown) =>
    isJson(step) && typeof step.color === "string" && (step.value === null || typeof step.value === "number");
  return (
    isJson(value) &&
    isListed(value.steps, isStep) &&
    (value.mode === undefined || typeof value.mode === "string")
  );
}

function isListed(value: unknown, is: (each: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.every(is);
}

const isTransformation = (each: unknown) => isJson(each) && typeof each.id === "string";

function text(value: unknown): Expression | undefined {
  return typeof value === "string" ? literal(value) : undefined;
}

/** The data source to name once for all queries; undefined where they show it by their language, or have several. */
function commonSource(panel: Json): DataSourceRef | undefined {
  const source = panel.datasource as DataSourceRef | undefined;
  if (!source || source.uid === mixed.uid || !mappings(panel.targets).some(hasLanguage)) return undefined;
  const own = ownSources[source.type ?? ""];
  return own && isDeepStrictEqual({ ...own }, { ...source }) ? undefined : source;
}

const ownSources: Readonly<Record<string, DataSourceRef>> = {
  prometheus: dataSourceOf({ promql: "" }),
  loki: dataSourceOf({ logql: "" }),
  tempo: dataSourceOf({ traceql: "" }),
  "grafana-postgresql-datasource": dataSourceOf({ sql: "" }),
};

function unitExpression(unit: string): Expression {
  const name = Object.entries(units).find(([, id]) => id === unit)?.[0];
  return name === undefined ? literal(unit) : named(`units.${name}`, unit);
}

/** `above({ warning, critical })`, where that gives the same steps. */
function limitsExpression(thresholds: Json): Expression | undefined {
  const values = mappings(thresholds.steps).map(({ value }) => value as number | null);
  const [, first, second] = values as number[];
  if (first === undefined || values.length > 3) return undefined;
  const limits =
    second === undefined ? [{ critical: first }, { warning: first }] : [{ warning: first, critical: second }];
  const swapped = limits.map((each) => (second === undefined ? each : { warning: second, critical: first }));
  const is = (built: ReturnType<typeof thresholdSteps>) =>
    isDeepStrictEqual(JSON.parse(JSON.stringify(built.build())), thresholds);
  const more = limits.find((each) => is(thresholdSteps(above(each))));
  if (more) return call("above", literal(more));
  const less = swapped.find((each) => is(thresholdSteps(below(each))));
  return less && call("below", literal(less));
}

interface Overridden {
  matcher: { id: string; options?: unknown };
  properties: { id: string; value?: unknown }[];
}

function isOverride(value: unknown): value is Overridden {
  return (
    isJson(value) &&
    isJson(value.matcher) &&
    typeof value.matcher.id === "string" &&
    isListed(value.properties, (each) => isJson(each) && typeof each.id === "string")
  );
}

/** `byName("errors", { unit: "short" })`, where a setting is set once. */
function overrideExpression(override: Overridden): Expression {
  const { matcher, properties } = override;
  const ids = properties.map(({ id }) => id);
  const simple =
    new Set(ids).size === ids.length &&
    Object.keys(override).length === 2 &&
    // Keys that look like numbers would come first.
    !ids.some((id) => /^\d+$/.test(id)) &&
    properties.every((each) => isDeepStrictEqual(Object.keys(each).sort(), ["id", "value"]));
  if (!simple) return literal(override);
  const settings = mapping(Object.fromEntries(properties.map(({ id, value }) => [id, literal(value)])));
  const { id, options } = matcher;
  if (id === "byName" && typeof options === "string") return call("byName", literal(options), settings);
  if (id === "byRegexp" && typeof options === "string") return call("byRegexp", literal(options), settings);
  return Object.keys(matcher).every((key) => key === "id" || key === "options") && options !== undefined
    ? call("byMatcher", literal(id), literal(options), settings)
    : literal(override);
}

/** The keys of a panel that a builder gives otherwise. */
function differences(panel: Json, built: Placeable): string[] {
  const [back = {}] = mappings(normalised({ panels: [{ ...built.build(), gridPos: panel.gridPos }] }).panels);
  const keys = new Set([...Object.keys(panel), ...Object.keys(back)]);
  return [...keys].filter((key) => !placeKeys.includes(key) && !isDeepStrictEqual(panel[key], back[key]));
}

const placeKeys = ["id", "gridPos"];
