import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { logLimits, rotatedName } from "./rotate.js";

const newline = 0x0a;

/**
 * The last lines of a file, oldest first; none when it doesn't exist. `from`: byte before which nothing is read
 * (ignored when the file has become shorter than that, because it was emptied since). `to`: byte after which nothing is read.
 */
export function lastLines(
  file: string,
  count: number,
  { from = 0, to = Number.POSITIVE_INFINITY } = {},
): string[] {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  try {
    const end = Math.min(fstatSync(descriptor).size, to);
    const start = from > end ? 0 : from;
    const blocks: Buffer[] = [];
    let at = end;
    let seen = 0;
    // One newline more than lines wanted: the one before the first of them.
    while (at > start && seen <= count) {
      const size = Math.min(64 * 1024, at - start);
      const block = Buffer.alloc(size);
      readSync(descriptor, block, 0, size, at - size);
      at -= size;
      seen += block.filter((byte) => byte === newline).length;
      blocks.unshift(block);
    }
    const lines = Buffer.concat(blocks).toString("utf8").split("\n");
    if (lines.at(-1) === "") lines.pop();
    return count > 0 ? lines.slice(-count) : [];
  } finally {
    closeSync(descriptor);
  }
}

/** The last lines of a log, going back into its rotated files where it is too short itself. */
export function lastLinesOfLog(file: string, count: number, to?: number): string[] {
  let lines = lastLines(file, count, to === undefined ? {} : { to });
  for (let age = 1; age <= logLimits.keep && lines.length < count; age++)
    lines = [...lastLines(rotatedName(file, age), count - lines.length), ...lines];
  return lines;
}
