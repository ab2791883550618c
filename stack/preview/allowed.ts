/**
 * What the page may ask of each type of data source: paths that read, and nothing else. `*` stands for one segment.
 * https://prometheus.io/docs/prometheus/latest/querying/api/ · https://grafana.com/docs/loki/latest/reference/loki-http-api/
 * · https://grafana.com/docs/tempo/latest/api_docs/ · https://github.com/prometheus/alertmanager (api/v2/openapi.yaml);
 * Jaeger's are those of its own pages.
 */
const reading: Readonly<Record<string, readonly string[]>> = {
  prometheus: [
    "/api/v1/query",
    "/api/v1/query_range",
    "/api/v1/query_exemplars",
    "/api/v1/series",
    "/api/v1/labels",
    "/api/v1/label/*/values",
    "/api/v1/rules",
    "/api/v1/alerts",
    "/api/v1/metadata",
  ],
  loki: [
    "/loki/api/v1/query",
    "/loki/api/v1/query_range",
    "/loki/api/v1/labels",
    "/loki/api/v1/label/*/values",
    "/loki/api/v1/series",
  ],
  jaeger: ["/api/traces", "/api/traces/*", "/api/services", "/api/services/*/operations"],
  tempo: [
    "/api/search",
    "/api/traces/*",
    "/api/v2/traces/*",
    "/api/search/tags",
    "/api/search/tag/*/values",
    "/api/v2/search/tags",
    "/api/v2/search/tag/*/values",
  ],
  alertmanager: ["/api/v2/alerts", "/api/v2/silences"],
};

/** Paths that also take a form by POST, because a query may be too long for an address. They only read, too. */
const posted: Readonly<Record<string, readonly string[]>> = {
  prometheus: reading.prometheus!.slice(0, 5),
};

/** Whether a request to a data source of a type is let through. `path`: as it stands in the address, still encoded. */
export function isAllowed(type: string, method: string, path: string): boolean {
  const patterns = (method === "GET" ? reading : method === "POST" ? posted : {})[type] ?? [];
  const segments = path.split("/");
  return patterns.some((pattern) => {
    const wanted = pattern.split("/");
    return (
      wanted.length === segments.length &&
      wanted.every((each, at) => (each === "*" ? isName(segments[at]!) : each === segments[at]))
    );
  });
}

/** One segment stays one, also for a server that decodes it: names of labels, of services, ids of traces. */
function isName(segment: string): boolean {
  try {
    const name = decodeURIComponent(segment);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
    return name !== "" && !/(^|\/)\.{1,2}(\/|$)|[\u0000-\u001f\u007f\\]/.test(name);
  } catch {
    return false;
  }
}
