import { createHash } from "node:crypto";
import { lstatSync, mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** Longest path of a Unix socket that every system takes: macOS has room for 104 bytes with the closing zero. */
const longestPath = 103;

/**
 * Where the supervisor of a state folder listens: in the folder itself, which is closed to others and goes away with the
 * project. Where that path is too long for a socket, in a closed folder of the user among the temporary files.
 */
export function socketPath(runDir: string, env: NodeJS.ProcessEnv = process.env): string {
  const inside = join(runDir, "supervisor.sock");
  return Buffer.byteLength(inside) <= longestPath ? inside : shortSocketPath(runDir, env);
}

/** The path in the user's folder for sockets. Throws Error when that folder belongs to somebody else or is open to others. */
export function shortSocketPath(runDir: string, env: NodeJS.ProcessEnv = process.env): string {
  const { uid } = userInfo();
  const folder = join(env.XDG_RUNTIME_DIR || tmpdir(), `obs-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  // A folder that somebody else put there could hand our socket to him.
  if (!found.isDirectory() || (uid >= 0 && found.uid !== uid) || (found.mode & 0o077) !== 0)
    throw new Error(`${folder} must be a folder of yours with mode 0700`);
  return join(folder, `${createHash("sha256").update(runDir).digest("hex").slice(0, 16)}.sock`);
}
