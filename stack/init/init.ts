import { relative, resolve } from "node:path";
import { type Problem, ProblemError } from "../validate/problem.js";
import { projectFiles } from "./files.js";
import { existing, FileExists, placeFiles } from "./place-files.js";
import { stackNameFor } from "./project-name.js";

/** A project that was made. */
export interface NewProject {
  folder: string;
  name: string;
  /** Relative to the folder, in the order in which to read them. */
  files: string[];
}

/**
 * Makes a small commented project. Throws a ProblemError, having written nothing, where any of its files exists already
 * or the folder can't be written.
 */
export async function initProject(cwd: string, directory: string): Promise<NewProject> {
  const folder = resolve(cwd, directory);
  const name = stackNameFor(folder);
  const files = projectFiles(folder, name);
  const paths = files.map(({ path }) => path);
  const shown = relative(cwd, folder) || "this folder";
  const there = await existing(folder, paths);
  if (there.length > 0) throw refused(there, shown);
  try {
    await placeFiles(folder, files);
  } catch (error) {
    if (error instanceof FileExists) throw refused([error.path], shown);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new ProblemError([unwritable(shown, code)], 2);
  }
  return { folder, name, files: paths };
}

function refused(there: readonly string[], shown: string): ProblemError {
  return new ProblemError([
    {
      id: "file-exists",
      severity: "error",
      what: `${there.join(", ")} ${there.length === 1 ? "exists" : "exist"} already in ${shown}; nothing was written.`,
      why: "obs init never writes over a file.",
      next: "Choose another folder, e.g. `obs init observability`, or move what is there away.",
    },
  ]);
}

function unwritable(shown: string, code: string): Problem {
  const reasons: Record<string, string> = {
    EACCES: "it may not be written by you",
    EPERM: "it may not be written by you",
    EROFS: "its file system is read-only",
    ENOSPC: "the disk is full",
    ENOTDIR: "part of its path is a file",
    EEXIST: "part of its path is a file",
  };
  return {
    id: "cannot-write",
    severity: "error",
    what: `No project could be made in ${shown}: ${reasons[code] ?? code}. Nothing was written.`,
    next: "Name a folder that you can write to: `obs init <folder>`.",
  };
}
