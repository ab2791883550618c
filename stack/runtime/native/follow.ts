import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { logLimits, rotatedName } from "./rotate.js";

const newline = 0x0a;

/**
 * Reads a log as it grows, across rotations. Call {@link read} whenever something happened in its folder; each line is
 * handed over once and whole.
 */
export class LogFollower {
  private offset: number;
  /** Identity of the youngest rotated file: another one means that the log was emptied. See rotate.ts. */
  private rotated: number | undefined;
  private unfinished: Buffer = Buffer.alloc(0);

  /** Begins at the log's present end, after its last whole line. `size`: how a file's size is asked; replaced in tests. */
  constructor(
    private readonly file: string,
    private readonly size = sizeOf,
  ) {
    this.rotated = inodeOf(rotatedName(file, 1));
    this.offset = endOfLastLine(file);
  }

  /** Byte up to which the log had been written when following began. */
  get position(): number {
    return this.offset;
  }

  /** Whole lines written since the last call. */
  read(): string[] {
    const lines = this.takeMissed();
    if (this.size(this.file) < this.offset) {
      // Emptied, but the copy has not got its name yet: it will in a moment, and that is the next event.
      if (existsSync(`${this.file}.rotating`)) return lines;
      // Rotated since the look above; where it wasn't, somebody else has emptied it.
      lines.push(...this.takeMissed());
      if (this.size(this.file) < this.offset) this.offset = 0;
    }
    lines.push(...this.take(this.file));
    return lines;
  }

  private takeMissed(): string[] {
    return this.missedFiles().flatMap((file) => {
      const lines = this.take(file);
      this.offset = 0;
      return lines;
    });
  }

  /** Files that the log was rotated into since the last look, oldest first. */
  private missedFiles(): string[] {
    const youngest = inodeOf(rotatedName(this.file, 1));
    if (youngest === undefined || youngest === this.rotated) return [];
    const missed: string[] = [];
    for (let age = 1; age <= logLimits.keep; age++) {
      const name = rotatedName(this.file, age);
      const inode = inodeOf(name);
      if (inode === undefined || inode === this.rotated) break;
      missed.unshift(name);
    }
    this.rotated = youngest;
    return missed;
  }

  private take(file: string): string[] {
    const grown = readFrom(file, this.offset);
    if (grown.length === 0) return [];
    this.offset += grown.length;
    const bytes = Buffer.concat([this.unfinished, grown]);
    const end = bytes.lastIndexOf(newline) + 1;
    this.unfinished = Buffer.from(bytes.subarray(end));
    return end === 0 ? [] : bytes.toString("utf8", 0, end - 1).split("\n");
  }
}

function readFrom(file: string, offset: number): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
  try {
    const blocks: Buffer[] = [];
    for (let at = offset; ; ) {
      const block = Buffer.alloc(64 * 1024);
      const count = readSync(descriptor, block, 0, block.length, at);
      if (count === 0) return Buffer.concat(blocks);
      blocks.push(block.subarray(0, count));
      at += count;
    }
  } finally {
    closeSync(descriptor);
  }
}

function endOfLastLine(file: string): number {
  const size = sizeOf(file);
  // A line that is still being written belongs to what follows.
  const from = Math.max(0, size - 64 * 1024);
  const end = readFrom(file, from)
    .subarray(0, size - from)
    .lastIndexOf(newline);
  return end < 0 ? from : from + end + 1;
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

function inodeOf(file: string): number | undefined {
  try {
    return statSync(file).ino;
  } catch {
    return undefined;
  }
}
