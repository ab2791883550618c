import type { Command } from "commander";
import type { ProgramName } from "../../stack/toolchain/programs.js";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

export function register(program: Command): void {
  const toolchain = program
    .command("toolchain")
    .helpGroup(groups.tools)
    .summary("build the programs that a stack without Docker runs, or list them")
    .description(
      "The upstream programs in the versions that obs pins: built from source into a cache of yours, or taken from PATH " +
        "where the version is the pinned one. `obs up` does this by itself when it needs to.",
    );
  registerInstall(toolchain);
  registerStatus(toolchain);
}

function registerInstall(toolchain: Command): void {
  toolchain
    .command("install")
    .summary("build what is missing")
    .description(
      "Builds the programs that are neither built yet nor on PATH; takes Go, and minutes the first time. Ctrl-C is safe: " +
        "the next run goes on from there. Without names: all that running and checking a stack takes.",
    )
    .argument("[program...]", "names as `obs toolchain status` lists them")
    .option("--all", "also what only obs' own tests and benchmarks use")
    .option("--json", "print the outcome as JSON; progress goes to stderr")
    .addHelpText(
      "after",
      examples([
        ["obs toolchain install", "once, ahead of the first `obs up`"],
        ["obs toolchain install otelcol promtool", "only these"],
        ["obs toolchain install --all --json", "everything; the outcome for a script"],
      ]),
    )
    .action(
      action(
        async (
          context,
          { all = false, json = false }: { all?: boolean; json?: boolean },
          words: string[],
        ) => {
          const { hasErrors, ProblemError } = await import("../../stack/validate/problem.js");
          const { installWithProgress } = await import("../reporters/toolchain-progress.js");
          const names = await programsFrom(words, all);
          const { programs, problems, interrupted } = await installWithProgress(names, {
            signal: context.signal,
            style: context.interactive && !json ? "live" : "lines",
            print: context.note,
          });
          if (json) {
            const { problemReport } = await import("../reporters/json.js");
            context.print(JSON.stringify({ programs, interrupted, ...problemReport(problems) }, null, 2));
            return hasErrors(problems) ? 2 : 0;
          }
          if (hasErrors(problems)) throw new ProblemError(problems, 2);
          await context.report(problems);
          if (interrupted) {
            context.note("Interrupted. What was compiled is kept: run it again to go on from there.");
          }
          return 0;
        },
      ),
    );
}

function registerStatus(toolchain: Command): void {
  toolchain
    .command("status")
    .summary("list the programs: version, where from, size")
    .description(
      "Lists every program, where it comes from, and what is on PATH in another version. Exits with 1 when one that running " +
        "or checking a stack takes has yet to be built.",
    )
    .option("--json", "print the list as JSON")
    .addHelpText(
      "after",
      examples([
        ["obs toolchain status", "what is there"],
        [
          `obs toolchain status --json | jq -r '.programs[] | select(.from == "missing") | .name'`,
          "what isn't",
        ],
      ]),
    )
    .action(
      action(async (context, { json = false }: { json?: boolean }) => {
        const { toolchainStatus } = await import("../../stack/toolchain/status.js");
        const { formatToolchainStatus, isNeeded } = await import("../reporters/toolchain-status.js");
        const state = await toolchainStatus();
        context.print(
          json
            ? JSON.stringify(state, null, 2)
            : formatToolchainStatus(state, { color: context.color.stdout }),
        );
        return state.programs.some((each) => isNeeded(each) && each.from === "missing") ? 1 : 0;
      }),
    );
}

async function programsFrom(words: string[], all: boolean): Promise<ProgramName[]> {
  const { defaultProgramNames, isProgramName, programNames } = await import(
    "../../stack/toolchain/programs.js"
  );
  const unknown = words.filter((word) => !isProgramName(word));
  if (unknown.length > 0) {
    const { ProblemError } = await import("../../stack/validate/problem.js");
    const { didYouMean } = await import("../../stack/validate/suggest.js");
    throw new ProblemError(
      unknown.map((word) => {
        const meant = didYouMean(word, programNames);
        return {
          id: "unknown-program",
          severity: "error",
          what: `There is no program ${word} in the toolchain.`,
          next: meant ? `Did you mean ${meant}?` : `There are ${programNames.join(", ")}.`,
        };
      }),
      2,
    );
  }
  if (all) return programNames;
  return words.length > 0 ? [...new Set(words.filter(isProgramName))] : defaultProgramNames;
}
