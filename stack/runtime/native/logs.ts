import { type FSWatcher, watch } from "node:fs";
import { mkdir } from "node:fs/promises";
import type { Project } from "../../project.js";
import type { ServiceName } from "../../services/service.js";
import { LogFollower } from "./follow.js";
import { layoutOf, logFileOf } from "./layout.js";
import { lastLinesOfLog } from "./tail.js";

/** How often (milliseconds) to look where the system has no more watches to give. */
const lookEvery = 500;

/** What {@link nativeLogs} is given: see Runtime.logs. */
export interface LogOptions {
  services: ServiceName[];
  follow: boolean;
  tail: number;
  signal: AbortSignal;
  onLine: (service: ServiceName, line: string) => void;
}

/** See Runtime.logs: the past of one service after the other, then, followed, of all as it comes. Resolves when aborted. */
export async function nativeLogs(
  project: Project,
  { services, follow, tail, signal, onLine }: LogOptions,
): Promise<void> {
  const layout = layoutOf(project);
  const followers = new Map(services.map((name) => [name, new LogFollower(logFileOf(layout, name))]));
  for (const [name, follower] of followers) {
    const to = follow ? follower.position : undefined;
    for (const line of lastLinesOfLog(logFileOf(layout, name), tail, to)) onLine(name, line);
  }
  if (!follow) return;

  await mkdir(layout.logDir, { recursive: true, mode: 0o700 });
  // Whoever read the past may be gone by now: an abort that has happened tells nobody who listens later.
  if (signal.aborted) return;
  const look = (changed?: string | null) => {
    for (const [name, follower] of followers)
      if (!changed || changed.startsWith(`${name}.log`))
        for (const line of follower.read()) onLine(name, line);
  };
  await new Promise<void>((resolve, reject) => {
    const stopWatching = watchFolder(layout.logDir, look, reject);
    // What was written between the first look and the watch.
    look();
    signal.addEventListener("abort", () => {
      stopWatching();
      look();
      resolve();
    });
  });
}

function watchFolder(
  folder: string,
  onChange: (name?: string | null) => void,
  onError: (error: Error) => void,
): () => void {
  let watcher: FSWatcher;
  try {
    watcher = watch(folder, (_event, name) => onChange(name));
  } catch {
    const timer = setInterval(() => onChange(), lookEvery);
    return () => clearInterval(timer);
  }
  watcher.on("error", onError);
  return () => watcher.close();
}
