import { Command } from "commander";
import { wantsColor } from "./color.js";
import { register as catalog } from "./commands/catalog.js";
import { register as completion } from "./commands/completion.js";
import { register as costs } from "./commands/costs.js";
import { register as dashboards } from "./commands/dashboards.js";
import { register as demo } from "./commands/demo.js";
import { register as down } from "./commands/down.js";
import { register as drill } from "./commands/drill.js";
import { register as explain } from "./commands/explain.js";
import { register as generate } from "./commands/generate.js";
import { register as init } from "./commands/init.js";
import { register as llm } from "./commands/llm.js";
import { register as logs } from "./commands/logs.js";
import { register as maintenance } from "./commands/maintenance.js";
import { register as route } from "./commands/route.js";
import { register as runbook } from "./commands/runbook.js";
import { register as silence } from "./commands/silence.js";
import { register as slo } from "./commands/slo.js";
import { register as status } from "./commands/status.js";
import { register as test } from "./commands/test.js";
import { register as toolchain } from "./commands/toolchain.js";
import { register as up } from "./commands/up.js";
import { register as validate } from "./commands/validate.js";
import { register as validateRules } from "./commands/validate-rules.js";
import { register as verify } from "./commands/verify.js";

/** Every command in the order of `obs --help`. A file of commands/ declares its command, and imports the rest when run. */
const registers = [
  init,
  up,
  down,
  status,
  logs,
  demo,
  validate,
  validateRules,
  verify,
  explain,
  generate,
  catalog,
  test,
  drill,
  slo,
  route,
  runbook,
  silence,
  maintenance,
  dashboards,
  costs,
  llm,
  toolchain,
  completion,
];

/** The whole command line as data: parsed by main, and walked by the completion scripts. */
export function makeProgram(version: string): Command {
  const program = new Command("obs");
  program
    .description("Turns one typed definition, obs.config.ts, into a running, verified observability stack.")
    .usage("<command> [options]")
    .option("-c, --config <file>", "definition to use (default: obs.config.ts here or in a folder above)")
    // Read straight from the arguments by color.ts, because errors of parsing are coloured, too.
    .option("--no-color", "write no colours; NO_COLOR and FORCE_COLOR are respected, too")
    .version(version, "-v, --version", "print the version")
    .helpOption("-h, --help", "print this, or the help of a command")
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true, subcommandTerm, ...styles })
    .configureOutput({
      // main.ts prints what is wrong with the arguments, like every other problem.
      outputError: () => {},
      getOutHasColors: () => wantsColor(process.stdout),
      getErrHasColors: () => wantsColor(process.stderr),
    })
    .exitOverride()
    .addHelpText(
      "after",
      "\nExit codes: 0 fine, 1 findings, 2 could not run. `obs <command> --help` shows examples.",
    );
  for (const register of registers) register(program);
  // `obs toolchain help` would be one more word for what --help does.
  for (const command of program.commands) command.helpCommand(false);
  return program;
}

/** In the list of commands: `logs [service...]`. That nearly all of them take options goes without saying. */
function subcommandTerm(command: Command): string {
  const args = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...args].join(" ");
}

const paint = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[${code === 1 ? 22 : 39}m`;

/** Commander takes these out again where colours aren't wanted. */
const styles = { styleTitle: paint(1), styleSubcommandTerm: paint(36), styleOptionTerm: paint(36) };
