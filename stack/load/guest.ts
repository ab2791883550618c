/** The user's code waits for something that can't come any more: nothing is left that could wake it. */
export class NeverSettles extends Error {}

/**
 * Runs code of the user as a guest: what it logs goes to standard error, so that it doesn't spoil what obs prints for
 * machines; `process.exit` throws, so that obs doesn't end as if all were well; and where it waits for ever, the
 * promise rejects with {@link NeverSettles} instead of the process just ending.
 */
export async function asGuest<T>(work: () => Promise<T>): Promise<T> {
  const { exit } = process;
  const { log, info, debug } = console;
  let stuck = () => {};
  try {
    process.exit = (code) => {
      throw new Error(`it called process.exit(${code ?? ""})`);
    };
    console.log = console.info = console.debug = console.error;
    return await new Promise<T>((resolve, reject) => {
      // Fires when nothing is left to wait for; the immediate gives the process something to live for again.
      stuck = () => setImmediate(() => reject(new NeverSettles()));
      process.once("beforeExit", stuck);
      work().then(resolve, reject);
    });
  } finally {
    process.off("beforeExit", stuck);
    process.exit = exit;
    Object.assign(console, { log, info, debug });
  }
}
