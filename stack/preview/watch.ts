import { type FSWatcher, readdirSync, watch } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Folders that hold nothing which a person edits; what a definition reads there is watched all the same. */
const left = new Set(["node_modules", "generated", "dist"]);

/** A project with more folders than this is none; the system's own bound on watches is often 8,192. */
const mostFolders = 2_000;

/** Editors write a file in several steps: what comes this soon after belongs to the same save. Milliseconds. */
const settle = 30;

/** Sees files change, without polling. */
export interface Watch {
  /** Watches the folders of these files, too. */
  also(files: readonly string[]): void;
  close(): void;
}

/**
 * Watches a folder and those below it, new ones included, but for hidden ones, packages and what is generated.
 * `onSave` is given the paths that changed, once they have settled; what is written again and again is told again and
 * again. Never throws: what can't be watched isn't.
 */
export function watchFolder(root: string, onSave: (files: string[]) => void): Watch {
  const watchers = new Map<string, FSWatcher>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const noted = (file: string) => {
    changed.add(file);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const files = [...changed];
      changed.clear();
      onSave(files);
    }, settle);
  };
  const forget = (folder: string) => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const watchOne = (folder: string, deep: boolean) => {
    if (closed || watchers.has(folder) || watchers.size >= mostFolders) return;
    try {
      const watcher = watch(folder, (event, name) => {
        if (name === null) return;
        const path = join(folder, name);
        // Appeared, disappeared or renamed: it may be a folder.
        if (deep && event === "rename") watchBelow(path, true);
        noted(path);
      });
      watcher.on("error", () => forget(folder));
      watchers.set(folder, watcher);
    } catch {
      // It is gone again, or may not be read.
    }
  };
  const watchBelow = (folder: string, appeared: boolean) => {
    const name = basename(folder);
    if (folder !== root && (name.startsWith(".") || left.has(name))) return;
    if (appeared) forget(folder);
    watchOne(folder, true);
    const entries = entriesOf(folder);
    if (!entries) return forget(folder);
    for (const entry of entries) {
      if (entry.isDirectory()) watchBelow(join(folder, entry.name), appeared);
      // What was written before the folder was watched.
      else if (appeared) noted(join(folder, entry.name));
    }
  };

  watchBelow(root, false);
  return {
    also(files) {
      for (const file of files) watchOne(dirname(file), false);
    },
    close() {
      closed = true;
      clearTimeout(timer);
      for (const folder of [...watchers.keys()]) forget(folder);
    },
  };
}

/** What is in a folder; undefined where it is a file, or gone again. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
}
