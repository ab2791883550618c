import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import { isJson, type Json, mappings, textAt } from "../../stack/validate/dashboards/dashboard.js";
import { mixed } from "../lib/plain-panel.js";
import { refIdOf } from "../lib/queries.js";
import { compacted } from "./compact.js";
import { sourceReader } from "./data-source.js";
import {
  ofAnnotation,
  ofDashboard,
  ofLink,
  ofPanel,
  ofRow,
  ofTarget,
  ofType,
  ofVariable,
} from "./defaults.js";
import { migrated, type Tell } from "./migrate.js";
import { pruned, without } from "./prune.js";

/**
 * A dashboard in the one form that all JSON with the same meaning has, by which two are compared:
 *
 * - older shapes are those that Grafana turns them into when it opens them (`migrate.ts`);
 * - what Grafana would add by itself is left out (`defaults.ts`), and what it counts or remembers for its own pages: ids of
 *   the database, versions, the state of editors, the values that a query gave a variable;
 * - panels are in the order in which they are read, moved up to what is above them (`compact.ts`);
 * - every query names its data source and its letter; links, variables and limits are written in one way where there are several.
 *
 * Ids of panels stay: see {@link renumbered}.
 */
export function normalised(dashboard: object, tell: Tell = () => {}): Json {
  const { templating, annotations, ...rest } = migrated(JSON.parse(JSON.stringify(dashboard)), tell);
  const variables = mappings(isJson(templating) ? templating.list : undefined);
  const sourceOf = sourceReader(variables);
  const panels = mappings(rest.panels).map((panel) => normalPanel(panel, sourceOf));
  return {
    ...pruned(without(rest, rest.refresh === false ? [...ofNoMeaning, "refresh"] : ofNoMeaning), ofDashboard),
    ...ifAny("links", mappings(rest.links).map(normalLink)),
    ...(isJson(rest.timepicker) && normalTimes(rest.timepicker)),
    ...ifAny(
      "variables",
      variables.map((each) => normalVariable(each, sourceOf)),
    ),
    ...ifAny(
      "annotations",
      mappings(isJson(annotations) ? annotations.list : undefined)
        .filter(({ builtIn }) => builtIn !== 1 && builtIn !== true)
        .map((each) => pruned({ ...each, datasource: sourceOf(each.datasource) }, ofAnnotation)),
    ),
    panels: compacted(panels),
  };
}

/** Of a dashboard: what numbers it in a database or a gallery, or only old pages of Grafana knew. */
const ofNoMeaning = [
  ...[
    "__elements",
    "__inputs",
    "__requires",
    "autoUpdate",
    "gnetId",
    "hideControls",
    "id",
    "iteration",
    "links",
    "nav",
  ],
  ...["originalTitle", "revision", "schemaVersion", "snapshot", "style", "timepicker", "version"],
];

/** Of a panel: versions and values that Grafana writes for itself, and what it took a picture of. */
const ofNoMeaningInPanels = [
  "editable",
  "error",
  "isNew",
  "pluginVersion",
  "scopedVars",
  "snapshotData",
  "repeatIteration",
];

/** Of a query: how its editor looks, by the type of data source, whose words these are. */
const ofMetricEditors = [
  ...[
    "disableTextWrap",
    "editorMode",
    "fullMetaSearch",
    "includeNullMetadata",
    "legendMode",
    "requestId",
    "step",
  ],
  "useBackend",
];
const ofEditors: Readonly<Record<string, readonly string[]>> = {
  prometheus: ofMetricEditors,
  loki: ofMetricEditors,
  "grafana-postgresql-datasource": ["editorMode", "sql"],
};

function ifAny(key: string, list: readonly unknown[]): Json {
  return list.length === 0 ? {} : { [key]: list };
}

/** The choices of ranges that all dashboards had in them once aren't anybody's choice. */
function normalTimes(timepicker: Json): Json {
  const rest = pruned(
    without(timepicker, ["refresh_intervals", "time_options", "enable", "now", "status", "type", "notice"]),
    {
      ...(ofDashboard.timepicker as Json),
      collapse: false,
    },
  );
  return Object.keys(rest).length === 0 ? {} : { timepicker: rest };
}

type SourceOf = (source: unknown, ofPanel?: DataSourceRef) => DataSourceRef;

function normalPanel(panel: Json, sourceOf: SourceOf): Json {
  const said = without(panel, [
    ...ofNoMeaningInPanels,
    "datasource",
    "targets",
    "fieldConfig",
    "options",
    "links",
  ]);
  if (textAt(panel, "type") === "row") {
    const inner = mappings(panel.panels).map((each) => normalPanel(each, sourceOf));
    // Only what is folded away stands within its title.
    const collapsed = said.collapsed === true || inner.length > 0;
    return { ...pruned({ ...said, title: textAt(said, "title"), collapsed }, ofRow), panels: inner };
  }
  const { options, fieldDefaults } = ofType(textAt(panel, "type"));
  const { fieldConfig } = panel;
  const fields = isJson(fieldConfig) ? fieldConfig : {};
  const ofFields = isJson(fields.defaults) ? fields.defaults : {};
  const defaults = {
    ...pruned(withFirstStep(without(ofFields, ["links"])), fieldDefaults),
    ...ifAny("links", mappings(ofFields.links).map(normalLink)),
  };
  const overrides = Array.isArray(fields.overrides) ? fields.overrides.map(withNormalLinks) : [];
  const targets = normalTargets(panel, sourceOf);
  const sources = new Map(targets.map(({ datasource }) => [JSON.stringify(datasource), datasource]));
  const ownOptions = pruned(isJson(panel.options) ? panel.options : {}, options);
  return {
    ...pruned(without(said, ["panels"]), ofPanel),
    ...ifAny("links", mappings(panel.links).map(normalLink)),
    ...(targets.length > 0 && { datasource: sources.size > 1 ? mixed : targets[0]!.datasource, targets }),
    ...(Object.keys(ownOptions).length > 0 && { options: ownOptions }),
    ...((Object.keys(defaults).length > 0 || overrides.length > 0) && {
      fieldConfig: { defaults, overrides },
    }),
  };
}

/** Links of a field, wherever it is set apart. */
function withNormalLinks(override: unknown): unknown {
  if (!isJson(override) || !Array.isArray(override.properties)) return override;
  const properties = override.properties.map((each) =>
    isJson(each) && each.id === "links" && Array.isArray(each.value)
      ? { ...each, value: mappings(each.value).map(normalLink) }
      : each,
  );
  return { ...override, properties };
}

/** The first step of limits holds from minus infinity on, whatever is written. */
function withFirstStep(defaults: Json): Json {
  if (!isJson(defaults.thresholds)) return defaults;
  const [first, ...rest] = mappings(defaults.thresholds.steps);
  if (!first) return without(defaults, ["thresholds"]);
  const steps = [{ color: first.color, value: null }, ...rest.map(({ color, value }) => ({ color, value }))];
  return { ...defaults, thresholds: { mode: "absolute", ...defaults.thresholds, steps } };
}

function normalTargets(panel: Json, sourceOf: SourceOf): (Json & { datasource: DataSourceRef })[] {
  const ofPanel = sourceOf(panel.datasource);
  return mappings(panel.targets).map((target, at) => {
    const datasource = sourceOf(target.datasource, ofPanel.uid === mixed.uid ? undefined : ofPanel);
    const { range, queryType, ...rest } = without(target, ofEditors[datasource.type ?? ""] ?? ["editorMode"]);
    // Only those of Prometheus are asked for a moment and for a range at once.
    const both = range === true && target.instant === true;
    const isUsual = datasource.type === "loki" ? queryType === "range" : queryType === "";
    return {
      ...pruned(rest, { ...ofTarget, ...(datasource.type === sql && { rawQuery: true }) }),
      ...(both || (range === false && target.instant !== true) ? { range } : {}),
      ...(queryType !== undefined && queryType !== null && !isUsual && { queryType }),
      refId: textAt(target, "refId") || refIdOf(at),
      datasource,
    };
  });
}

const sql = "grafana-postgresql-datasource";

function normalLink(link: Json): Json {
  const tags = typeof link.tags === "string" ? [link.tags] : link.tags;
  return pruned({ ...link, ...(tags !== undefined && { tags }) }, ofLink);
}

function normalVariable(variable: Json, sourceOf: SourceOf): Json {
  const asksData = ["query", "adhoc", "groupby"].includes(textAt(variable, "type"));
  const { query, current, definition, datasource, tags: _, tagsQuery: __, ...rest } = variable;
  const asked = normalQuery(query);
  const chosen = isJson(current) ? normalChoice(current) : {};
  return {
    ...pruned(
      without(rest, ["options", "tagValuesQuery", "useTags", "error", "rootStateKey", "state", "id"]),
      ofVariable,
    ),
    ...(asked !== undefined && asked !== null && asked !== "" && { query: asked }),
    ...(definition !== undefined && definition !== "" && definition !== asked && { definition }),
    ...(Object.keys(chosen).length > 0 && { current: chosen }),
    ...((asksData || (datasource !== undefined && datasource !== null)) && {
      datasource: sourceOf(datasource),
    }),
  };
}

/** Of a query that is an object, the text, where nothing else in it matters. */
function normalQuery(query: unknown): unknown {
  if (!isJson(query)) return query;
  const { query: text, refId: _, qryType: __, ...more } = query;
  return typeof text === "string" && Object.keys(more).length === 0 ? text : query;
}

/** What is chosen at first; a list of one is that one. */
function normalChoice({ text, value }: Json): Json {
  const only = (each: unknown): unknown => (Array.isArray(each) && each.length === 1 ? only(each[0]) : each);
  const chosen = only(value);
  const isEmpty = chosen === undefined || chosen === null || chosen === "" || isEmptyList(chosen);
  return isEmpty ? {} : { text: only(text ?? value), value: chosen };
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/**
 * The same with panels numbered in the order in which they are read, as code numbers them; panels that show what another
 * one asked go along. What code doesn't number by itself is compared so.
 */
export function renumbered(dashboard: Json): Json {
  const numbers = new Map<unknown, number>();
  let last = 0;
  const number = (panel: Json): Json => {
    const id = ++last;
    if (panel.id !== undefined) numbers.set(panel.id, id);
    return {
      ...panel,
      id,
      ...(Array.isArray(panel.panels) && { panels: mappings(panel.panels).map(number) }),
    };
  };
  const follow = (panel: Json): Json => ({
    ...panel,
    ...(Array.isArray(panel.panels) && { panels: mappings(panel.panels).map(follow) }),
    ...(Array.isArray(panel.targets) && {
      targets: mappings(panel.targets).map((target) =>
        numbers.has(target.panelId) ? { ...target, panelId: numbers.get(target.panelId) } : target,
      ),
    }),
  });
  const panels = mappings(dashboard.panels).map(number);
  return { ...dashboard, panels: panels.map(follow) };
}
