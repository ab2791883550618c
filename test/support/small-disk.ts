import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk of a test's own, small enough to be filled. Only programs that are started through `enter` see it. */
export interface SmallDisk {
  /** Where it is mounted. */
  folder: string;
  /** What to put in front of a command. */
  enter: string[];
  /** Leaves no byte of it free. */
  fill(): void;
  /** Frees what `fill` took. */
  free(): void;
  remove(): Promise<void>;
}

/** Mounts a disk in memory, in a name space that ends with this process. */
export async function makeSmallDisk(mebibytes: number): Promise<SmallDisk> {
  const folder = mkdtempSync(join(tmpdir(), "obs-disk-"));
  const isRoot = process.getuid?.() === 0;
  const holder = spawn(
    "unshare",
    [
      ...(isRoot ? [] : ["--user", "--map-root-user"]),
      ...[
        "--mount",
        "sh",
        "-c",
        `mount -t tmpfs -o size=${mebibytes}m none "$0" && echo mounted && exec cat`,
      ],
      folder,
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const [said] = await Promise.race([once(holder.stdout, "data"), once(holder, "exit")]);
  if (!String(said).startsWith("mounted")) throw new Error("a disk in memory can't be mounted here");
  const filler = join("/proc", String(holder.pid), "root", folder, "filler");
  return {
    folder,
    enter: [
      "nsenter",
      ...(isRoot ? [] : ["--user", "--preserve-credentials"]),
      ...["--mount", "--target", String(holder.pid)],
    ],
    fill() {
      const file = openSync(filler, "a");
      for (let size = 1 << 20; size >= 1; size = Math.floor(size / 2)) {
        try {
          for (;;) writeSync(file, Buffer.alloc(size));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
        }
      }
      closeSync(file);
    },
    free: () => rmSync(filler),
    async remove() {
      const gone = once(holder, "exit");
      holder.stdin.end();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
