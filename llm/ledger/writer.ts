import type { Batch, Written } from "./store.js";

/** Why a batch isn't in the database, and may be sent again. */
export class TryLater extends Error {
  override name = "TryLater";
}

/** Calls and runs that may wait at most, so that the memory is bounded whoever sends. */
const mostWaiting = 20_000;
/** At most so many go in one transaction; a single larger request goes in one of its own. */
const mostTogether = 4_000;

interface Waiting {
  batch: Batch;
  size: number;
  done: (result: { rejected: number }) => void;
  failed: (error: Error) => void;
}

/**
 * One transaction after the other; what comes meanwhile goes together into the next. A batch is answered for only once
 * it is committed.
 */
export class Writer {
  private readonly waiting: Waiting[] = [];
  private waitingSize = 0;
  private working: Promise<void> | undefined;

  constructor(
    private readonly write: (batch: Batch) => Promise<Written>,
    private readonly heard: {
      written(result: Written): void;
      /** Rows that the database refuses whatever happens: they are given up. */
      rejected(count: number, error: Error): void;
      failed(error: Error): void;
    },
  ) {}

  /** Resolves once all of it is committed but what the database refuses for ever. Rejects with {@link TryLater}. */
  add(batch: Batch): Promise<{ rejected: number }> {
    const size = sizeOf(batch);
    if (size === 0) return Promise.resolve({ rejected: 0 });
    if (this.waitingSize > 0 && this.waitingSize + size > mostWaiting)
      return Promise.reject(new TryLater("too much is waiting for the database"));
    return new Promise((done, failed) => {
      this.waiting.push({ batch, size, done, failed });
      this.waitingSize += size;
      this.working ??= this.work();
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.working;
  }

  private async work(): Promise<void> {
    // What is sent in the same instant goes together from the beginning.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const together = this.take();
      try {
        const rejected = await this.writeAll({
          calls: together.flatMap(({ batch }) => batch.calls),
          runs: together.flatMap(({ batch }) => batch.runs),
        });
        for (const { done } of together) done({ rejected });
      } catch (error) {
        this.heard.failed(error as Error);
        for (const { failed } of together) failed(new TryLater((error as Error).message));
      }
      this.waitingSize -= together.reduce((sum, { size }) => sum + size, 0);
    }
    this.working = undefined;
  }

  private take(): Waiting[] {
    let size = 0;
    let count = 0;
    while (count < this.waiting.length && (count === 0 || size + this.waiting[count]!.size <= mostTogether)) {
      size += this.waiting[count]!.size;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  /** Writes a batch; where a row can't be stored at all, all but that. Returns how many were given up. */
  private async writeAll(batch: Batch): Promise<number> {
    try {
      this.heard.written(await this.write(batch));
      return 0;
    } catch (error) {
      if (!isAboutData(error)) throw error;
      const size = sizeOf(batch);
      if (size === 1) {
        this.heard.rejected(1, error as Error);
        return 1;
      }
      const half = Math.ceil(size / 2);
      const { calls, runs } = batch;
      const first = { calls: calls.slice(0, half), runs: runs.slice(0, Math.max(0, half - calls.length)) };
      const second = { calls: calls.slice(half), runs: runs.slice(Math.max(0, half - calls.length)) };
      return (await this.writeAll(first)) + (await this.writeAll(second));
    }
  }
}

function sizeOf({ calls, runs }: Batch): number {
  return calls.length + runs.length;
}

/** SQLSTATE class 22: a value that the database can't hold. Sending it again would not help. */
function isAboutData(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === "string" && code.startsWith("22");
}
