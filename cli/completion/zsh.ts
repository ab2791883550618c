import type { CompletedCommand, CompletedOption } from "./model.js";

/** The script that teaches zsh to complete `obs`; to be sourced, or to lie in a folder of $fpath as _obs. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  const paths = commands.map(({ at }) => at).filter((at) => at !== "");
  return `#compdef obs
_obs() {
  local at="" i
  local -a commands options
  for ((i = 2; i < CURRENT; i++)); do
    case "$at/$words[i]" in
      ${paths.join("|")}) at="$at/$words[i]" ;;
    esac
  done
  case "$at $words[CURRENT-1]" in
${commands.flatMap(({ at, options }) => options.flatMap((option) => valueCase(at, option))).join("\n")}
  esac
  case "$at" in
${commands.map(commandCase).join("\n")}
  esac
  if [[ "$PREFIX" == -* ]]; then
    _describe option options
  elif (( $#commands )); then
    _describe argument commands
  else
    _files
  fi
}
if [[ "$funcstack[1]" == _obs ]]; then
  _obs "$@"
else
  compdef _obs obs
fi
`;
}

function valueCase(at: string, { flags, values }: CompletedOption): string[] {
  if (values === undefined) return [];
  const pattern = flags.map((flag) => `"${at} ${flag}"`).join("|");
  const reply = values === "files" ? "_files" : values.length > 0 ? `compadd -- ${values.join(" ")}` : ":";
  return [`    ${pattern}) ${reply}; return ;;`];
}

function commandCase({ at, commands, options, values }: CompletedCommand): string {
  const words = [
    ...commands.map(({ name, description }) => described(name, description)),
    ...(Array.isArray(values) ? values : []),
  ];
  const flags = options.flatMap((option) => option.flags.map((flag) => described(flag, option.description)));
  return `    "${at}") commands=(${words.join(" ")}); options=(${flags.join(" ")}) ;;`;
}

function described(word: string, description: string): string {
  return `'${`${word}:${description}`.replaceAll("'", "'\\''")}'`;
}
