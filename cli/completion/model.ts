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

/** Values of arguments or options, by the name that the help shows. */
export type NamedValues = Readonly<Record<string, readonly string[] | "files">>;

/** The tree of commands as a list, parents first. */
export function completedCommands(
  program: Command,
  argumentValues: NamedValues,
  optionValues: NamedValues,
): CompletedCommand[] {
  const globals = optionsOf(program, optionValues);
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
        options: at === "" ? globals : [...optionsOf(command, optionValues), ...everywhere],
        values: argument && (argument.argChoices ?? argumentValues[argument.name()]),
      },
      ...children.flatMap((child) => walk(child, `${at}/${child.name()}`)),
    ];
  };
  return walk(program, "");
}

function optionsOf(command: Command, values: NamedValues): CompletedOption[] {
  const help = command.createHelp();
  return help.visibleOptions(command).map((option) => ({
    flags: [option.short, option.long].filter((flag) => flag !== undefined),
    description: option.description,
    values: option.required
      ? (option.argChoices ?? values[/<(.+)>/.exec(option.flags)?.[1] ?? ""] ?? [])
      : undefined,
  }));
}
