#!/usr/bin/env node
import { CommanderError } from "commander";
import { packageVersion } from "../stack/package-root.js";
import { ProblemError } from "../stack/validate/problem.js";
import { interruptExitCodes, interruptedBy, stopAtClosedPipe } from "./interrupt.js";
import { makeProgram } from "./program.js";

const program = makeProgram(packageVersion);

// What is thrown where nobody waits for it, in a callback say, takes the same way out.
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, async (error) =>
    process.exit(await exitCodeOf(error, process.argv.slice(2)).catch(lastResort)),
  );
}

process.exit(await main(process.argv.slice(2)).catch(lastResort));

/** Runs one command line. The only catch: whatever is thrown below ends as a finding and an exit code here. */
async function main(args: string[]): Promise<number> {
  stopAtClosedPipe();
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = await exitCodeOf(error, args);
  }
  await Promise.all([process.stdout, process.stderr].map(flushed));
  const interrupted = interruptedBy();
  return interrupted ? interruptExitCodes[interrupted] : Number(process.exitCode ?? 0);
}

async function exitCodeOf(error: unknown, args: readonly string[]): Promise<number> {
  // Help and version were asked for and printed: nothing is wrong.
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  // A command of commands alone, `obs toolchain`: its help has been printed.
  if (error instanceof CommanderError && error.code === "commander.help") return 2;
  // What an action says on its way out after Ctrl-C ("aborted") is no finding.
  if (interruptedBy() && !(error instanceof ProblemError)) {
    process.stderr.write("Interrupted.\n");
    return 0;
  }
  const { problemsOf } = await import("./thrown.js");
  const { problems, exitCode, root } = await problemsOf(error, args, program);
  const { reportProblems } = await import("./report.js");
  await reportProblems(problems, root);
  if (wantsJson(args)) {
    // Whoever parses stdout gets the findings there, too.
    const { problemReport } = await import("./reporters/json.js");
    process.stdout.write(`${JSON.stringify(problemReport(problems), null, 2)}\n`);
  }
  return exitCode;
}

/** Not even a report could be made, as in a folder that is gone: thrown again it would come here again, for ever. */
function lastResort(error: unknown): number {
  const isGone = (error as NodeJS.ErrnoException | undefined)?.syscall === "uv_cwd";
  const said = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `obs: ${isGone ? "The folder this runs in no longer exists. Change into another one." : said}\n`,
  );
  return 2;
}

/** Resolves once everything written so far has left the process: exiting earlier would cut a pipe's last lines. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) resolve();
    else {
      stream.once("error", () => resolve());
      stream.write("", () => resolve());
    }
  });
}

function wantsJson(args: readonly string[]): boolean {
  return (
    args.includes("--json") || args.includes("--format=json") || args[args.indexOf("--format") + 1] === "json"
  );
}
