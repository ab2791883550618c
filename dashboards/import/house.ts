import { isDeepStrictEqual } from "node:util";
import { isJson, type Json, mappings, textAt } from "../../stack/validate/dashboards/dashboard.js";
import { type Meaning, meanings } from "../lib/colours.js";
import { units } from "../lib/units.js";
import { call, type Expression, type LibraryName, list, literal, mapping } from "./expression.js";

/** The helper that draws each type of panel. */
const helpers: Readonly<Record<string, LibraryName>> = {
  timeseries: "timeseries",
  stat: "stat",
  bargauge: "bars",
  piechart: "shares",
};

/** As `descriptionOf` writes it. */
const described =
  /^([\s\S]+?)\n\n\*\*When it (?:is red|looks wrong):\*\* ([\s\S]+?)(?:\n\nMay be empty: ([\s\S]+))?$/;

/**
 * A guess at the call of `timeseries`, `stat`, `bars` or `shares` that made a panel, by the description that only these write.
 * It is for the caller to see whether it gives the same. `limits`: the panel's thresholds as `above(...)` or `below(...)`.
 */
export function houseExpression(panel: Json, limits: Expression | undefined): Expression | undefined {
  const helper = helpers[textAt(panel, "type")];
  const [, description, whenRed, mayBeEmpty] = described.exec(textAt(panel, "description")) ?? [];
  const { defaults = {} } = (panel.fieldConfig ?? {}) as { defaults?: Json };
  const unit = Object.entries(units).find(([, id]) => id === defaults.unit)?.[0];
  const queries = mappings(panel.targets).map(queryExpression);
  if (!helper || description === undefined || unit === undefined || queries.includes(undefined))
    return undefined;
  const custom = isJson(defaults.custom) ? defaults.custom : {};
  const options = isJson(panel.options) ? panel.options : {};
  const isGraph = helper === "timeseries";
  const when = (holds: boolean) => (holds ? literal(true) : undefined);
  return call(
    helper,
    mapping({
      title: literal(textAt(panel, "title")),
      description: literal(description),
      whenRed: literal(whenRed),
      mayBeEmpty: mayBeEmpty === undefined ? undefined : literal(mayBeEmpty),
      unit: literal(unit),
      stacked: when(isGraph && isJson(custom.stacking)),
      signed: when(isGraph && defaults.min === undefined),
      sparkline: when(helper === "stat" && options.graphMode === undefined),
      max: defaults.max === undefined ? undefined : literal(defaults.max),
      thresholds: limits,
      colours: coloursOf(panel),
      links: linksOf(defaults),
      queries: list(queries as Expression[]),
    }),
  );
}

function queryExpression(target: Json): Expression | undefined {
  const { expr, rawSql, legendFormat, exemplar, datasource } = target;
  const { type } = (datasource ?? {}) as { type?: unknown };
  const legend = legendFormat === undefined ? [] : [literal(legendFormat)];
  if (type === "grafana-postgresql-datasource" && typeof rawSql === "string")
    return call("sql", literal(rawSql));
  if (typeof expr !== "string") return undefined;
  const asked = call(type === "loki" ? "logql" : "promql", literal(expr), ...legend);
  return exemplar === true ? mapping({ exemplars: literal(true) }, asked) : asked;
}

/** Links of values to other pages, as `toDashboard` makes them. */
function linksOf(defaults: Json): Expression | undefined {
  const links = mappings(defaults.links);
  if (links.length === 0) return undefined;
  return list(
    links.map((link) => {
      const [, uid = ""] = /^\/d\/([\w-]+)\?/.exec(textAt(link, "url")) ?? [];
      return call("toDashboard", literal(uid), literal(textAt(link, "title")));
    }),
  );
}

/** The meaning whose words are set apart, all in their colours. */
function coloursOf({ fieldConfig }: Json): Expression | undefined {
  const { overrides = [] } = (fieldConfig ?? {}) as { overrides?: unknown[] };
  if (overrides.length === 0) return undefined;
  const names = mappings(overrides).map(({ matcher }) => (isJson(matcher) ? matcher.options : undefined));
  const meaning = (Object.keys(meanings) as Meaning[]).find((each) =>
    isDeepStrictEqual(Object.keys(meanings[each]), names),
  );
  return meaning && literal(meaning);
}
