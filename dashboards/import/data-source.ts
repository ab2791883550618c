import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import { isJson, type Json, textAt } from "../../stack/validate/dashboards/dashboard.js";
import { dataSources } from "../lib/data-sources.js";

const ofStack: ReadonlyMap<string, DataSourceRef> = new Map(
  Object.values(dataSources).map((source) => [source.uid, source]),
);

/** The names by which old dashboards called what Grafana brings along. */
const builtIn = ["-- Grafana --", "-- Mixed --", "-- Dashboard --", "grafana"];

/**
 * Reads data sources however they are written: by name, as Grafana 8 and before had them, through a variable, or not at
 * all, which means the default one, Prometheus.
 */
export function sourceReader(variables: readonly Json[]) {
  const types = new Map(
    variables
      .filter(({ type }) => type === "datasource")
      .map((variable) => [textAt(variable, "name"), textAt(variable, "query")]),
  );
  return (source: unknown, otherwise: DataSourceRef = dataSources.prometheus): DataSourceRef => {
    if (source === undefined || source === null || source === "default" || source === "") return otherwise;
    const given = isJson(source) ? source : { uid: source };
    const uid = typeof given.uid === "string" ? given.uid : "";
    const type = textAt(given, "type");
    if (uid === "" && type === "") return otherwise;
    // In older dashboards the name, which Grafana takes as it takes the uid.
    const known = ofStack.get(isJson(source) ? uid : uid.toLowerCase());
    if (known) return { ...known };
    const variable = /^(?:\$\{?|\[\[)(\w+)/.exec(uid)?.[1];
    if (variable !== undefined) {
      const ofVariable = types.get(variable) || type;
      return { ...(ofVariable && { type: ofVariable }), uid: `\${${variable}}` };
    }
    if (builtIn.includes(uid)) return { type: uid === "grafana" ? "grafana" : "datasource", uid };
    if (uid === "__expr__" || type === "__expr__") return { type: "__expr__", uid: "__expr__" };
    return { ...(type && { type }), ...(uid && { uid }) };
  };
}
