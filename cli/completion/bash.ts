import type { CompletedCommand, CompletedOption } from "./model.js";

/** The script that teaches bash (3.2 and later) to complete `obs`. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  return `# bash completion of obs
_obs() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at/\${COMP_WORDS[i]}" in
      ${paths(commands).join(" | ")}) at="$at/\${COMP_WORDS[i]}" ;;
    esac
  done
  COMPREPLY=()
  # An empty reply makes bash offer files (complete -o default).
  case "$at $prev" in
${commands.flatMap(({ at, options }) => options.flatMap((option) => valueCase(at, option))).join("\n")}
  esac
  case "$at" in
${commands.map(wordsCase).join("\n")}
  esac
}
complete -o default -F _obs obs ./obs
`;
}

function paths(commands: readonly CompletedCommand[]): string[] {
  return commands.map(({ at }) => at).filter((at) => at !== "");
}

function valueCase(at: string, { flags, values }: CompletedOption): string[] {
  if (values === undefined) return [];
  const pattern = flags.map((flag) => `"${at} ${flag}"`).join(" | ");
  const reply =
    values === "files" || values.length === 0
      ? ""
      : ` COMPREPLY=($(compgen -W "${values.join(" ")}" -- "$cur"));`;
  return [`    ${pattern})${reply} return ;;`];
}

function wordsCase({ at, commands, options, values }: CompletedCommand): string {
  const flags = options.flatMap((option) => option.flags).join(" ");
  const words = [...commands.map(({ name }) => name), ...(Array.isArray(values) ? values : [])].join(" ");
  return `    "${at}") case "$cur" in -*) COMPREPLY=($(compgen -W "${flags}" -- "$cur")) ;; *) COMPREPLY=($(compgen -W "${words}" -- "$cur")) ;; esac ;;`;
}
