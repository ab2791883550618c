import type { Project } from "../project.js";
import { Preview } from "./preview.js";
import { threadReader } from "./reader.js";
import { type PreviewServer, servePreview } from "./server.js";
import { checkTypes } from "./type-check.js";

/**
 * Serves the preview of a project on this machine's loopback. `runtime`: where its stack runs, which decides the store of
 * traces. Rejects with the system's error where the port can't be had.
 */
export function openPreview(
  project: Project,
  { runtime, port }: { runtime: "compose" | "native"; port: number },
): Promise<PreviewServer> {
  const preview = new Preview({
    project,
    reader: threadReader({ project, runtime }),
    checkTypes: (signal) => checkTypes(project, signal),
  });
  return servePreview(project, preview, port);
}
