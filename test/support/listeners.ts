import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A socket on which a process waits for others. */
export interface Listener {
  pid: number;
  protocol: "tcp" | "udp";
  /** `127.0.0.1:4318`, `[::]:9094` */
  address: string;
  /** Reachable on every address of the machine. */
  wildcard: boolean;
}

const tables = [
  { file: "tcp", protocol: "tcp", listening: "0A" },
  { file: "tcp6", protocol: "tcp", listening: "0A" },
  // A UDP socket that is bound but not connected is in state 07.
  { file: "udp", protocol: "udp", listening: "07" },
  { file: "udp6", protocol: "udp", listening: "07" },
] as const;

/** All TCP and UDP sockets on which these processes listen, as the kernel tells (/proc/<pid>/net, /proc/<pid>/fd). */
export function listenersOf(pids: readonly number[]): Listener[] {
  return pids.flatMap((pid) => {
    const owned = socketInodes(pid);
    return tables.flatMap(({ file, protocol, listening }) =>
      rowsOf(`/proc/${pid}/net/${file}`)
        .filter((row) => row.state === listening && owned.has(row.inode))
        .map((row) => ({ pid, protocol, ...decode(row.local) })),
    );
  });
}

function socketInodes(pid: number): Set<string> {
  const inodes = new Set<string>();
  try {
    for (const name of readdirSync(`/proc/${pid}/fd`)) {
      const match = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${name}`));
      if (match) inodes.add(match[1]!);
    }
  } catch {
    // It ended meanwhile: then it listens on nothing.
  }
  return inodes;
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function rowsOf(file: string): { local: string; state: string; inode: string }[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  return text
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((cells) => cells.length > 9)
    .map((cells) => ({ local: cells[1]!, state: cells[3]!, inode: cells[9]! }));
}

/** `0100007F:10DE` is 127.0.0.1:4318: each 32-bit word of the address has the byte order of the machine. */
function decode(local: string): { address: string; wildcard: boolean } {
  const [hex = "", port = ""] = local.split(":");
  const bytes = [...hex.matchAll(/.{8}/g)].flatMap(([word]) => [...Buffer.from(word, "hex")].reverse());
  const number = Number.parseInt(port, 16);
  const wildcard = bytes.every((byte) => byte === 0);
  if (bytes.length === 4) return { address: `${bytes.join(".")}:${number}`, wildcard };
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((bytes[2 * at]! << 8) | bytes[2 * at + 1]!).toString(16),
  );
  const text = wildcard ? "::" : groups.join(":").replace(/^(0:){7}/, "::");
  return { address: `[${text}]:${number}`, wildcard };
}
