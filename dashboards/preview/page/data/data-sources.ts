import { dataSourcesPath, type PreviewDataSource } from "../../api.js";
import type { DataSourceRef } from "./model.js";
import { RequestError } from "./request.js";

/** UIDs that stand for no store: several of a panel's own choice, another panel, Grafana itself. */
export const special = {
  mixed: "-- Mixed --",
  dashboard: "-- Dashboard --",
  grafana: "-- Grafana --",
} as const;

/** UID or name in a reference; undefined where it leaves the choice to Grafana. */
export function nameIn(ref: DataSourceRef | null | undefined): string | undefined {
  return (typeof ref === "string" ? ref : ref?.uid) || undefined;
}

/**
 * The data source that a reference means, by UID or name; without one the first of its type, or of Prometheus. `replace`:
 * variables in it. Throws RequestError for one that the stack doesn't have.
 */
export function resolve(
  ref: DataSourceRef | null | undefined,
  sources: readonly PreviewDataSource[],
  replace: (text: string) => string,
): PreviewDataSource {
  const name = replace(nameIn(ref) ?? "");
  const type = typeof ref === "object" && ref?.type ? ref.type : undefined;
  const found =
    name === "" || name === "default"
      ? sources.find((each) => each.type === (type ?? "prometheus"))
      : (sources.find(({ uid }) => uid === name) ?? sources.find((each) => each.name === name));
  if (found) return found;
  const known = sources.map(({ uid, name: title }) => `${title} (${uid})`).join(", ");
  if (name === special.grafana)
    throw new RequestError(
      "This asks Grafana itself, and the preview has none.",
      501,
      "It shows in Grafana, with `obs up --runtime compose`.",
    );
  throw new RequestError(
    name === ""
      ? `The stack has no data source of the type ${type}.`
      : `The stack has no data source "${name}".`,
    404,
    `Give the query one that there is: ${known || "none answers yet"}.`,
  );
}

/** Address at the preview's server of a path of a data source's own API. */
export function at({ uid }: PreviewDataSource, path: string, search?: URLSearchParams): string {
  const asked = search?.toString();
  return `${dataSourcesPath}/${encodeURIComponent(uid)}/${path}${asked ? `?${asked}` : ""}`;
}
