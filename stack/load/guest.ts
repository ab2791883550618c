import { AsyncLocalStorage } from "node:async_hooks";

/** Tells the guest's own calls from those of everybody else while it runs, a handler of Ctrl-C for instance. */
const guest = new AsyncLocalStorage<true>();

/** The user's code waits for something that can't come any more: nothing is left that could wake it. */
export class NeverSettles extends Error {}

/**
 * Runs code of the user as a guest: what it logs goes to standard error, so that it doesn't spoil what obs prints for
 * machines; its `process.exit` throws, so that obs doesn't end as if all were well; and where it waits for ever, the
 * promise rejects with {@link NeverSettles} instead of the process just ending.
 */
export async function asGuest<T>(work: () => Promise<T>): Promise<T> {
  const { exit } = process;
  const { log, info, debug } = console;
  const restoreExit = () => {
    process.exit = exit;
  };
  let stuck = () => {};
  try {
    // Once only: whoever handles an error of the guest, perhaps in its name, must be able to end the process.
    process.once("uncaughtExceptionMonitor", restoreExit);
    process.exit = (code) => {
      restoreExit();
      if (guest.getStore()) throw new Error(`it called process.exit(${code ?? ""})`);
      return exit.call(process, code);
    };
    console.log = console.info = console.debug = console.error;
    return await new Promise<T>((resolve, reject) => {
      // Fires when nothing is left to wait for; the immediate gives the process something to live for again.
      stuck = () => setImmediate(() => reject(new NeverSettles()));
      process.once("beforeExit", stuck);
      guest.run(true, work).then(resolve, reject);
    });
  } finally {
    process.off("beforeExit", stuck);
    process.off("uncaughtExceptionMonitor", restoreExit);
    restoreExit();
    Object.assign(console, { log, info, debug });
  }
}
