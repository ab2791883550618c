import { basename, delimiter, dirname, isAbsolute, resolve } from "node:path";

/**
 * What to type to run this command line again from any folder: `obs` where it is on PATH, `npx obs` where npx started it,
 * else the path of the clone's wrapper (which leaves it in OBS_INVOKED_AS).
 */
export function invocation(cwd: string, env: NodeJS.ProcessEnv = process.env): string {
  if (env.npm_command === "exec") return "npx obs";
  const wrapper = env.OBS_INVOKED_AS;
  if (wrapper === undefined) return "obs";
  const path = isAbsolute(wrapper) ? wrapper : resolve(cwd, wrapper);
  return (env.PATH ?? "").split(delimiter).includes(dirname(path)) ? basename(path) : path;
}
