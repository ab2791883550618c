import type { Command } from "commander";
import { explainedIds } from "../../stack/explain.js";
import { ruleCheckIds } from "../../stack/rules/checks.js";
import { promtoolCheckRulesId } from "../../stack/rules/promtool.js";
import { serviceNames } from "../../stack/services/names.js";
import { programNames } from "../../stack/toolchain/programs.js";
import { bashScript } from "./bash.js";
import { fishScript } from "./fish.js";
import { completedCommands } from "./model.js";
import { zshScript } from "./zsh.js";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

/**
 * A script that completes `obs` in a shell. It holds all words itself: a press of TAB starts no program and reads no
 * definition.
 */
export function completionScript(program: Command, shell: keyof typeof scripts): string {
  return scripts[shell](
    // What our arguments and options may be, by the names under which the help shows them.
    completedCommands(
      program,
      {
        service: serviceNames,
        program: programNames,
        check: explainedIds(),
        dir: "files",
        path: "files",
      },
      { check: [...ruleCheckIds(), promtoolCheckRulesId], dir: "files", file: "files" },
    ),
  );
}
