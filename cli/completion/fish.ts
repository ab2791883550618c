import type { CompletedCommand, CompletedOption } from "./model.js";

/** The script that teaches fish to complete `obs`. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  const paths = commands.map(({ at }) => at).filter((at) => at !== "");
  return `# fish completion of obs
function __obs_at
    set -l at ""
    for word in (commandline -opc)[2..]
        switch "$at/$word"
            case ${paths.join(" ")}
                set at "$at/$word"
        end
    end
    test "$at" = "$argv[1]"
end
complete -c obs -e
${commands.flatMap(linesOf).join("\n")}
`;
}

function linesOf({ at, commands, options, values }: CompletedCommand): string[] {
  const here = `complete -c obs -n ${quoted(`__obs_at ${at === "" ? '""' : at}`)}`;
  return [
    ...(values === "files" ? [] : [`${here} -f`]),
    ...commands.map(({ name, description }) => `${here} -a ${name} -d ${quoted(description)}`),
    ...(Array.isArray(values) ? [`${here} -a ${quoted(values.join(" "))}`] : []),
    ...options.map((option) => `${here} ${flagsOf(option)} -d ${quoted(option.description)}`),
  ];
}

function flagsOf({ flags, values }: CompletedOption): string {
  const spelled = flags.map((flag) =>
    flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
  );
  if (values === undefined) return spelled.join(" ");
  if (values === "files") return [...spelled, "-r -F"].join(" ");
  return [...spelled, values.length > 0 ? `-x -a ${quoted(values.join(" "))}` : "-x"].join(" ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
