import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";

/** Size in bytes from which a log is rotated, and how many old files are kept: at most 40 MB a program. */
export const logLimits = { maxBytes: 10 * 1024 * 1024, keep: 3 };

/** Name of the n-th oldest rotated file of a log; 1 is the youngest. */
export function rotatedName(file: string, age: number): string {
  return `${file}.${age}`;
}

/**
 * Rotates a log that has grown too large; says whether it did.
 *
 * The program holds the file open, writes to it without our help (that is how it survives our crash) and knows no signal
 * for opening another one. So the content is copied and the file emptied in place; appending goes on at its new end. Lines that are
 * written between the last look at the copy and the emptying are lost: the copy is brought up to date first, which leaves
 * microseconds. The copy gets its name only after the emptying: a reader that follows the log sees by the new
 * `.1` that it was emptied, and finds there what it had not read yet.
 */
export function rotateLog(file: string, { maxBytes, keep } = logLimits): boolean {
  const size = sizeOf(file);
  if (size === undefined || size < maxBytes) return false;
  const copy = `${file}.rotating`;
  copyWhole(file, copy);
  truncateSync(file, 0);
  rmSync(rotatedName(file, keep), { force: true });
  for (let age = keep - 1; age >= 1; age--)
    if (existsSync(rotatedName(file, age))) renameSync(rotatedName(file, age), rotatedName(file, age + 1));
  renameSync(copy, rotatedName(file, 1));
  return true;
}

function sizeOf(file: string): number | undefined {
  try {
    return statSync(file).size;
  } catch {
    return undefined;
  }
}

function copyWhole(from: string, to: string): void {
  const source = openSync(from, "r");
  const target = openSync(to, "w", 0o600);
  try {
    const block = Buffer.allocUnsafe(256 * 1024);
    let at = 0;
    while (at < fstatSync(source).size) {
      const count = readSync(source, block, 0, block.length, at);
      if (count === 0) break;
      writeSync(target, block, 0, count);
      at += count;
    }
  } finally {
    closeSync(source);
    closeSync(target);
  }
}
