import { existsSync } from "node:fs";
import { extname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { packageRoot } from "../package-root.js";
import { type Project, shownPath } from "../project.js";
import type { Problem } from "../validate/problem.js";
import type { Reading } from "./generate.js";

/** What a reading of the definition gave, and which files it read. */
export interface WatchedReading extends Reading {
  /** Absolute paths, without those of packages. Of a reading that was given up: none. */
  files: string[];
}

/** Reads a definition again and again. */
export interface Reader {
  /** `changed`: the files saved since the last time. One reading at a time. */
  read(changed: readonly string[]): Promise<WatchedReading>;
  close(): void;
}

/** What the thread is told. */
export interface ReaderSettings {
  project: Project;
  runtime: "compose" | "native";
}

/** The compiled thread: also tests that run from the sources start this one. */
const threadFile = join(packageRoot, "dist", "stack", "preview", "reader-thread.js");

/** How long a definition may take to evaluate: a second of it is much. */
const patienceSeconds = 20;

/** Files of which Node keeps what it read for as long as a thread lives; TypeScript is evaluated anew each time. */
const kept = new Set([".js", ".mjs", ".cjs", ".json", ".node"]);

/**
 * Reads definitions in a thread of its own, warm from one reading to the next: code of the user that never ends, or that
 * fails where nobody waits for it, ends only the thread; and what it takes of memory is gone when the thread is.
 */
export function threadReader(settings: ReaderSettings): Reader {
  let thread: Worker | undefined;
  const end = () => {
    void thread?.terminate();
    thread = undefined;
  };
  return {
    async read(changed) {
      if (!existsSync(threadFile)) throw new Error(`${threadFile} is missing: the package isn't built.`);
      if (changed.some((file) => kept.has(extname(file)))) end();
      thread ??= started(settings, (ended) => {
        if (thread === ended) thread = undefined;
      });
      const answer = await answerOf(thread);
      if ("problems" in answer) return answer;
      end();
      return { problems: [gaveUp(settings.project, answer.failure)], files: [] };
    },
    close: end,
  };
}

function started(settings: ReaderSettings, onEnd: (thread: Worker) => void): Worker {
  const thread = new Worker(threadFile, { workerData: settings });
  thread.once("exit", () => onEnd(thread));
  // What it throws between two readings would end this process, if nobody listened.
  return thread.on("error", () => {});
}

function answerOf(thread: Worker): Promise<WatchedReading | { failure: string }> {
  return new Promise((resolve) => {
    const settle = (answer: WatchedReading | { failure: string }) => {
      clearTimeout(timer);
      thread.off("message", settle).off("error", onError).off("exit", onExit);
      resolve(answer);
    };
    const onError = ({ message }: Error) =>
      settle({ failure: `threw where nobody waits for it: ${message}` });
    const onExit = () => settle({ failure: "ended the thread that reads it" });
    const timer = setTimeout(
      () => settle({ failure: `is not done after ${patienceSeconds} seconds` }),
      patienceSeconds * 1000,
    );
    thread.once("message", settle).once("error", onError).once("exit", onExit);
    thread.postMessage("read");
  });
}

function gaveUp(project: Project, failure: string): Problem {
  const file = shownPath(project, project.configFile);
  return {
    id: "config-throws",
    severity: "error",
    what: `${file} ${failure.replace(/\.$/, "")}.`,
    next: "Look for a loop without end, or for code that goes on in the background.",
    place: { file },
  };
}
