import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { ProblemError } from "./validate/problem.js";

/** Where everything of one project lies; all paths absolute. */
export interface Project {
  /** Folder of `obs.config.ts`. */
  root: string;
  configFile: string;
  /** Everything that is this machine's: state, data, logs, secrets. Never committed. */
  stateDir: string;
  /** Generated configuration for Compose, committed. */
  generatedDir: string;
  composeFile: string;
  envFile: string;
}

/** Name of the definition's file. */
export const configFileName = "obs.config.ts";

/** The project whose definition is `configFile`. */
export function projectAt(configFile: string): Project {
  const root = dirname(resolve(configFile));
  return {
    root,
    configFile: resolve(configFile),
    stateDir: join(root, ".obs"),
    generatedDir: join(root, "stack", "generated"),
    composeFile: join(root, "docker-compose.yml"),
    envFile: join(root, ".env"),
  };
}

/**
 * Finds the project from a folder upwards, or takes the file that the user named.
 * Throws a ProblemError (`no-project`, exit code 2) where there is none.
 */
export function findProject(from: string, named?: string): Project {
  if (named !== undefined) {
    const file = resolve(from, named);
    if (existsSync(file)) return projectAt(file);
    throw new ProblemError(
      [
        {
          id: "no-project",
          severity: "error",
          what: `There is no ${named}.`,
          next: "Name an existing file with --config.",
        },
      ],
      2,
    );
  }
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const file = join(folder, configFileName);
    if (existsSync(file)) return projectAt(file);
    if (folder === dirname(folder)) break;
  }
  throw new ProblemError(
    [
      {
        id: "no-project",
        severity: "error",
        what: `No ${configFileName} here or in any folder above.`,
        next: "Run `obs init my-stack` to make a project, or go to the folder of yours.",
      },
    ],
    2,
  );
}

/** A path as the user knows it: relative to the project folder where it lies inside, else absolute. */
export function shownPath(project: Project, path: string): string {
  const inside = relative(project.root, path);
  return inside.startsWith("..") ? path : inside || ".";
}
