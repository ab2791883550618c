/**
 * Whether to write colours to a stream. `--no-color` and NO_COLOR (https://no-color.org) turn them off, FORCE_COLOR turns
 * them on where output goes to a file or pipe; otherwise only a terminal gets them.
 */
export function wantsColor(
  stream: { isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
  args: readonly string[] = process.argv,
): boolean {
  if (args.includes("--no-color") || env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  return stream.isTTY === true && env.TERM !== "dumb";
}
