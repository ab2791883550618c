import { isAllowed } from "../../../stack/preview/allowed.js";

test.each([
  ["prometheus", "GET", "/api/v1/query"],
  ["prometheus", "POST", "/api/v1/query_range"],
  ["prometheus", "GET", "/api/v1/label/service_name/values"],
  ["loki", "GET", "/loki/api/v1/query_range"],
  ["jaeger", "GET", "/api/traces/0af7651916cd43dd8448eb211c80319c"],
  ["jaeger", "GET", "/api/services/shop%2Fcart/operations"],
  ["tempo", "GET", "/api/v2/search/tag/resource.service.name/values"],
  ["alertmanager", "GET", "/api/v2/silences"],
])("%s is asked %s %s", (type, method, path) => {
  expect(isAllowed(type, method, path)).toBe(true);
});

test.each([
  ["prometheus", "POST", "/api/v1/admin/tsdb/delete_series"],
  ["prometheus", "GET", "/api/v1/status/config"],
  ["prometheus", "POST", "/-/reload"],
  ["prometheus", "POST", "/api/v1/rules"],
  ["prometheus", "PUT", "/api/v1/query"],
  ["prometheus", "GET", "/api/v1/query/"],
  ["prometheus", "GET", "//api/v1/query"],
  ["prometheus", "GET", "/api/v1/label/../values"],
  ["prometheus", "GET", "/api/v1/label/%2e%2e/values"],
  ["prometheus", "GET", "/api/v1/label/a%00b/values"],
  ["prometheus", "GET", "/api/v1/label/%zz/values"],
  ["prometheus", "GET", "/api/v1/label//values"],
  ["loki", "POST", "/loki/api/v1/push"],
  ["loki", "GET", "/api/v1/query"],
  ["alertmanager", "POST", "/api/v2/silences"],
  ["grafana-postgresql-datasource", "GET", "/sql"],
])("%s is not asked %s %s", (type, method, path) => {
  expect(isAllowed(type, method, path)).toBe(false);
});
