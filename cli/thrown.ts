import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Command, CommanderError } from "commander";
import { packageVersion } from "../stack/package-root.js";
import { findProject, type Project, shownPath } from "../stack/project.js";
import { type Problem, ProblemError } from "../stack/validate/problem.js";

/** What to print for something that was thrown, and what to exit with. */
export interface Thrown {
  problems: Problem[];
  exitCode: 1 | 2;
  /** Folder that the places of the findings are relative to. */
  root?: string;
}

/** Makes findings of whatever ended a command: findings already, wrong arguments, or a mistake in obs itself. */
export async function problemsOf(error: unknown, args: readonly string[], program: Command): Promise<Thrown> {
  const project = projectOf(args);
  if (error instanceof ProblemError)
    return { problems: error.problems, exitCode: error.exitCode, root: project?.root };
  if (error instanceof CommanderError)
    return { problems: [argumentProblem(error, commandIn(args, program))], exitCode: 2 };
  return { problems: [await bug(error, project)], exitCode: 2 };
}

/** Commander's message, e.g. `error: unknown option '--jsn'\n(Did you mean --json?)`, as a finding. */
function argumentProblem(error: CommanderError, command: string): Problem {
  const [first = "", ...more] = error.message.replace(/^error: /, "").split("\n");
  const hint = more.join(" ").replace(/^\(|\)$/g, "");
  const help = `\`${command} --help\` lists what there is.`;
  return {
    id: error.code.replace(/^commander\./, "").replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    severity: "error",
    what: `${first.charAt(0).toUpperCase()}${first.slice(1)}${/[.?!]$/.test(first) ? "" : "."}`,
    next: hint ? `${hint} ${help}` : help,
  };
}

/** The command that the arguments lead to: `obs toolchain` for `toolchain instal loki`. */
function commandIn(args: readonly string[], program: Command): string {
  const path = [program];
  for (const arg of args.filter((each) => !each.startsWith("-"))) {
    const next = path.at(-1)!.commands.find((command) => command.name() === arg);
    if (!next) break;
    path.push(next);
  }
  return path.map((command) => command.name()).join(" ");
}

async function bug(error: unknown, project: Project | undefined): Promise<Problem> {
  const details = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  const shown = process.env.OBS_DEBUG === "1";
  const file = shown || !project ? undefined : await writeDetails(details, project);
  return {
    id: "bug",
    severity: "error",
    what: `This is a bug in obs: ${error instanceof Error ? error.message : String(error)}`,
    next: shown
      ? "Please report it with the lines above."
      : project && file
        ? `Please report it with ${shownPath(project, file)}.`
        : "Run it again with OBS_DEBUG=1 for the details, and please report it.",
    ...(shown && { output: details.split("\n") }),
  };
}

/** Into the project's logs; undefined where that can't be written. */
async function writeDetails(details: string, project: Project): Promise<string | undefined> {
  const folder = join(project.stateDir, "logs");
  const file = join(folder, `obs-crash-${new Date().toISOString().replaceAll(/[:.]/g, "-")}.log`);
  try {
    await mkdir(project.stateDir, { recursive: true, mode: 0o700 });
    await mkdir(folder, { recursive: true });
    await writeFile(
      file,
      `obs ${packageVersion}, Node ${process.version}, ${process.platform} ${process.arch}\n${details}\n`,
      { mode: 0o600 },
    );
    return file;
  } catch {
    return undefined;
  }
}

function projectOf(args: readonly string[]): Project | undefined {
  const at = args.findIndex((arg) => arg === "-c" || arg === "--config");
  const named =
    at >= 0 ? args[at + 1] : args.find((arg) => arg.startsWith("--config="))?.slice("--config=".length);
  try {
    return findProject(process.cwd(), named);
  } catch {
    return undefined;
  }
}
