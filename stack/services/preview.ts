import { packageVersion } from "../package-root.js";
import { portNumber } from "../ports.js";
import type { Service } from "./service.js";

/** Draws dashboards where no Grafana does. It reads the definition itself, and again at each save. */
export const preview: Service = {
  name: "preview",
  title: "draws dashboards",
  program: "node",
  bundle: "stack/preview/main.js",
  user: "1000:1000",
  wanted: ({ dashboards }, facts) => facts.preview === true && dashboards.length > 0,
  ports: () => ["preview"],
  published: () => ["preview"],
  // A bound on what the engine lets lie before it collects.
  args: ({ stack, definitionFile, at }) => [
    "--max-old-space-size=192",
    at.bundle("preview"),
    at.projectFile(definitionFile),
    String(portNumber(stack, "preview")),
  ],
  // Another version is another program: it is restarted for it.
  env: () => ({ OBS_VERSION: packageVersion }),
  files: () => [],
  readiness: () => ({ port: "preview", path: "/ready" }),
  reload: "restart",
  memoryMiB: () => 256,
  page: { port: "preview", title: "dashboards, drawn from obs.config.ts" },
};
