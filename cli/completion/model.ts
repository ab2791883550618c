import type { Command } from "commander";

/** A command as the completion of a shell needs it. */
export interface CompletedCommand {
  /** Its words below `obs`, joined with slashes: `` for obs itself, `/toolchain/install`. */
  at: string;
  commands: { name: string; description: string }[];
  options: CompletedOption[];
  /** What its arguments may be; `files` where they are paths. */
  values: readonly string[] | "files" | undefined;
}

/** An option: its spellings, and what may follow it. */
export interface CompletedOption {
  flags: string[];
  description: string;
  /** Values that may follow; undefined: it takes none; `files`: a path; empty: anything. */
  values: readonly string[] | "files" | undefined;
}

/** Values of arguments, by the argument's name in the help. */
export type ArgumentValues = Readonly<Record<string, readonly string[] | "files">>;

/** The tree of commands as a list, parents first. */
export function completedCommands(program: Command, argumentValues: ArgumentValues): CompletedCommand[] {
  const globals = optionsOf(program);
  const own = new Set(["--help", "--version"]);
  const everywhere = globals.filter(({ flags }) => !flags.some((flag) => own.has(flag)));
  const walk = (command: Command, at: string): CompletedCommand[] => {
    const help = command.createHelp();
    const children = help.visibleCommands(command);
    const argument = command.registeredArguments[0];
    return [
      {
        at,
        commands: children.map((child) => ({
          name: child.name(),
          description: help.subcommandDescription(child),
        })),
        options: at === "" ? globals : [...optionsOf(command), ...everywhere],
        values: argument && (argument.argChoices ?? argumentValues[argument.name()]),
      },
      ...children.flatMap((child) => walk(child, `${at}/${child.name()}`)),
    ];
  };
  return walk(program, "");
}

function optionsOf(command: Command): CompletedOption[] {
  const help = command.createHelp();
  return help.visibleOptions(command).map((option) => ({
    flags: [option.short, option.long].filter((flag) => flag !== undefined),
    description: option.description,
    values: option.required
      ? (option.argChoices ?? (/<(file|dir)>/.test(option.flags) ? "files" : []))
      : undefined,
  }));
}
