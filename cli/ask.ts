import { createInterface } from "node:readline/promises";

/** Asks a person a question that takes "y" for yes; anything else, Ctrl-C and Ctrl-D included, is no. */
export async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Readline takes Ctrl-C away from the process: hand it back.
  terminal.on("SIGINT", () => process.emit("SIGINT"));
  try {
    const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
    const answer = await Promise.race([terminal.question(`${question} [y/N] `, { signal }), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}
