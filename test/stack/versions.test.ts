import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../stack/package-root.js";
import { versions } from "../../stack/versions.js";

const goMod = (folder: string) =>
  readFileSync(join(packageRoot, "stack", "toolchain", folder, "go.mod"), "utf8");

test.each([
  ["prometheus", `github.com/prometheus/prometheus v0.${versions.prometheus.replace(/^3\.(\d+)\./, "3$1.")}`],
  ["alertmanager", `github.com/prometheus/alertmanager v${versions.alertmanager}`],
  ["loki", `github.com/grafana/loki/v3 v${versions.loki}`],
  ["jaeger", `github.com/jaegertracing/jaeger v${versions.jaeger}`],
  ["otelcol", `go.opentelemetry.io/collector/otelcol v${versions.otelcol}`],
  ["compose", `github.com/docker/compose/v2 v${versions.compose}`],
  ["node_exporter", `github.com/prometheus/node_exporter v${versions.nodeExporter}`],
])("%s is built from source at the version of its image", (folder, requirement) => {
  expect(goMod(folder)).toContain(requirement);
});
