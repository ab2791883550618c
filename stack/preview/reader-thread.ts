/** The thread that reads the definition for the preview, once for each message. Started by reader.ts. */
import { once } from "node:events";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { sep } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { packageRoot } from "../package-root.js";
import type { Problem } from "../validate/problem.js";
import { generateDashboards } from "./generate.js";
import type { ReaderSettings, WatchedReading } from "./reader.js";

const { project, runtime } = workerData as ReaderSettings;
const files = new Set<string>();
noteFilesRead();

for (;;) {
  // Nothing listens while a definition is read: one that waits for ever shows, as there is nothing left to wait for.
  await once(parentPort!, "message");
  const reading = await generateDashboards(project, runtime).catch((error: Error) => ({
    problems: [ourFault(error)],
  }));
  parentPort!.postMessage({ ...reading, files: [...files] } satisfies WatchedReading);
}

/** Whatever loads the modules of a definition reads them by this function; only who watches it knows which they are. */
function noteFilesRead(): void {
  const { readFileSync } = fs;
  fs.readFileSync = ((...args: Parameters<typeof readFileSync>) => {
    if (typeof args[0] === "string" && isUsers(args[0])) files.add(args[0]);
    return readFileSync(...args);
  }) as typeof readFileSync;
  syncBuiltinESMExports();
}

function isUsers(file: string): boolean {
  if (file.split(sep).includes("node_modules") || file.startsWith(project.stateDir + sep)) return false;
  return file.startsWith(project.root + sep) || !file.startsWith(packageRoot + sep);
}

function ourFault(error: Error): Problem {
  return {
    id: "preview-failed",
    severity: "error",
    what: `The dashboards could not be generated: ${error.message}`,
    next: "This is a mistake in obs, please report it.",
  };
}
