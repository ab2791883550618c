import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import {
  isJson,
  type Json,
  mappings,
  panelsOf,
  textAt,
  variablesOf,
} from "../../stack/validate/dashboards/dashboard.js";
import type { Place, Problem, Severity } from "../../stack/validate/problem.js";
import { ProblemError } from "../../stack/validate/problem.js";
import { dataSources } from "../lib/data-sources.js";
import { sourceReader } from "./data-source.js";

/** A finding of the import; `file`: what is imported. */
export function finding(
  severity: Severity,
  file: string,
  what: string,
  more: Partial<Pick<Problem, "why" | "next">> = {},
): Problem {
  const place: Place = { file };
  return { id: "dashboard-import", severity, what, ...more, place };
}

/** Nobody nests that deep; reading deeper would end in an overflow of the stack. */
const deepest = 100;

/**
 * A dashboard out of what Grafana exports: the JSON of its pages, an export "for sharing externally" (`__inputs`, with
 * library panels in `__elements`), or an answer of its API (`{ dashboard, meta }`). Its data sources become those of the
 * stack of the same type; what can't be had here is told. Throws a ProblemError for what is no classic dashboard.
 */
export function opened(text: string, file: string): { dashboard: Json; problems: Problem[] } {
  const read = parsed(text, file);
  const dashboard = isJson(read.dashboard) ? read.dashboard : read;
  refuseOthers(dashboard, file);
  const problems: Problem[] = [];
  const whole = withLibraryPanels(dashboard, file, problems);
  const filled = adopted(filledIn(whole), file, problems);
  return { dashboard: withUid(filled), problems: [...problems, ...leftOut(filled, file)] };
}

function parsed(text: string, file: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const said = (error as Error).message.replaceAll(/\s+/g, " ");
    throw new ProblemError([finding("error", file, "This is not JSON.", { why: `${said}.` })]);
  }
  const tooDeep = (each: unknown, depth: number): boolean =>
    typeof each === "object" &&
    each !== null &&
    (depth > deepest || Object.values(each).some((inner) => tooDeep(inner, depth + 1)));
  if (tooDeep(value, 0))
    throw new ProblemError([finding("error", file, `This is nested deeper than ${deepest} levels.`)]);
  if (isJson(value)) return value;
  throw new ProblemError([finding("error", file, "This is no dashboard: it holds no mapping.")]);
}

function refuseOthers(dashboard: Json, file: string): void {
  const isNew = isJson(dashboard.spec) || isJson(dashboard.elements);
  if (isNew)
    throw new ProblemError([
      finding("error", file, "This is a dashboard of Grafana's new schema.", {
        next: 'Export it as "Classic": in Grafana, Share > Export > Export as JSON, Model: Classic.',
      }),
    ]);
  if (!Array.isArray(dashboard.panels) && !Array.isArray(dashboard.rows))
    throw new ProblemError([
      finding("error", file, "This is no dashboard: it has neither panels nor rows.", {
        next: "In Grafana: Share > Export > Export as JSON.",
      }),
    ]);
}

/** Library panels whose content is in the file, put where they are used. */
function withLibraryPanels(dashboard: Json, file: string, problems: Problem[]): Json {
  const elements = isJson(dashboard.__elements) ? dashboard.__elements : {};
  const inlined = (panel: Json): Json => {
    const inner = Array.isArray(panel.panels) ? { panels: mappings(panel.panels).map(inlined) } : {};
    if (!isJson(panel.libraryPanel)) return { ...panel, ...inner };
    const { uid, name } = panel.libraryPanel;
    const element = Object.hasOwn(elements, String(uid)) ? elements[String(uid)] : undefined;
    const model = isJson(element) && isJson(element.model) ? element.model : panel.libraryPanel.model;
    if (isJson(model)) {
      const { libraryPanel: _, ...own } = panel;
      return { ...model, ...own, type: model.type ?? own.type };
    }
    problems.push(
      finding("warning", file, `The library panel "${String(name ?? uid)}" is not in the file.`, {
        why: "Its content lies in the Grafana that the dashboard comes from: this panel will show an error.",
        next: 'Unlink it there first, or export "for sharing externally", which takes its content along.',
      }),
    );
    return panel;
  };
  return { ...dashboard, panels: mappings(dashboard.panels).map(inlined) };
}

/** What Grafana asks for when such an export is imported: constants have a value, data sources a type. */
function filledIn(dashboard: Json): Json {
  const values = new Map(
    mappings(dashboard.__inputs).flatMap((input): [string, string][] => {
      const name = textAt(input, "name");
      if (input.type === "constant") return [[name, textAt(input, "value")]];
      const source = ofTypes.get(textAt(input, "pluginId"));
      return source && name !== "" ? [[name, source.uid]] : [];
    }),
  );
  const { __inputs, __requires, __elements, ...rest } = dashboard;
  return mapTexts(rest, (text) =>
    text.replaceAll(/\$\{([A-Z][\w-]*)\}/g, (whole, name: string) => values.get(name) ?? whole),
  ) as Json;
}

/** Those of the stack by the type that they stand for; its PostgreSQL is the ledger's, and nobody else's. */
const ofTypes = new Map<string, { type: string; uid: string }>([
  ["prometheus", dataSources.prometheus],
  ["loki", dataSources.loki],
  ["tempo", dataSources.traces],
  ["jaeger", dataSources.traces],
]);

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change));
  if (!isJson(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, change)]));
}

/** Data sources of another Grafana, exchanged for the stack's of the same type; those of other types are told, and stay. */
function adopted(dashboard: Json, file: string, problems: Problem[]): Json {
  const sourceOf = sourceReader(variablesOf(dashboard));
  const told = new Map<string, Problem>();
  const adopt = (source: unknown, owner: Json): unknown => {
    // What a title names isn't asked.
    if (source === null || owner.type === "row") return source;
    const read = sourceOf(source);
    const { uid = "", type } = read;
    if (uid.startsWith("$") || isOwn(read)) return source;
    const own = ofTypes.get(type ?? typeGuessed(uid, owner));
    const name = `"${uid || String(type)}"`;
    const [severity, what, next] = own
      ? (["notice", `The data source ${name} became the stack's ${own.uid}.`, undefined] as const)
      : ([
          "warning",
          `The data source ${name}${type ? ` (${type})` : ""} isn't one of this stack.`,
          "Provision it in Grafana under that uid, or ask one of the stack in its place.",
        ] as const);
    told.set(name, finding(severity, file, what, next ? { next } : {}));
    return own ? { ...own } : source;
  };
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isJson(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [
        key,
        key === "datasource" && (isJson(each) || typeof each === "string") ? adopt(each, value) : walk(each),
      ]),
    );
  };
  const result = walk(dashboard) as Json;
  problems.push(...told.values());
  return result;
}

/** Until Grafana 8 a data source was only a name; what is asked of it shows what it is. */
function typeGuessed(name: string, owner: Json): string {
  if (/loki/i.test(name)) return "loki";
  const asks = [owner, ...mappings(owner.targets)].some(({ expr }) => typeof expr === "string");
  return asks || /^\s*label_values\(/.test(textAt(owner, "query")) ? "prometheus" : "";
}

function isOwn({ uid = "", type = "" }: DataSourceRef): boolean {
  const own: string[] = Object.values(dataSources).map((source) => source.uid);
  return own.includes(uid) || type === "datasource" || type === "grafana" || type === "__expr__";
}

/** An export without a uid gets one of its title, and the other way round. */
function withUid(dashboard: Json): Json {
  const given = textAt(dashboard, "uid");
  if (/^[\w-]{1,40}$/.test(given) && textAt(dashboard, "title") !== "") return dashboard;
  const slug = textAt(dashboard, "title")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  const named = slug.slice(0, 40).replaceAll(/^-+|-+$/g, "") || "imported";
  const uid = /^[\w-]{1,40}$/.test(given) ? given : named;
  return { ...dashboard, uid, title: textAt(dashboard, "title") || uid };
}

function leftOut(dashboard: Json, file: string): Problem[] {
  const pictured = panelsOf(dashboard).filter(({ panel }) => panel.snapshotData !== undefined);
  return pictured.length > 0 || dashboard.snapshot !== undefined
    ? [
        finding("notice", file, "The data of the snapshot is left out.", {
          why: "Panels show what their queries give.",
        }),
      ]
    : [];
}
