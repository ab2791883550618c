/** What programs get to see of the user's environment: nothing that could hold a secret or lead their traffic elsewhere. */
const passedOn = ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ"];

/** The part of the user's environment that the supervisor and every program get. */
export function baseEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
