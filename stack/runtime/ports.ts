import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { promisify } from "node:util";
import type { Problem } from "../validate/problem.js";
import { markOf } from "./process.js";

/** A port that a service is about to open on this machine. */
export interface PortClaim {
  service: string;
  /** Key in the definition's `ports`. */
  name: string;
  /** `host:port`, `[v6]:port` */
  address: string;
  protocol: "tcp" | "udp";
}

/** A claim that can't be met now: the error of the attempt to bind, and who has the port as far as can be told. */
export interface TakenPort {
  claim: PortClaim;
  /** Error code of the system, e.g. `EADDRINUSE`. */
  code: string;
  holders: PortHolder[];
}

/** A process that listens on a port. */
export interface PortHolder {
  pid: number;
  /** Its name as the system knows it. */
  command: string;
}

/** Tries to bind every port for an instant and tells which can't be had. */
export async function findTakenPorts(claims: readonly PortClaim[]): Promise<TakenPort[]> {
  const tried = await Promise.all(claims.map(async (claim) => ({ claim, code: await tryToBind(claim) })));
  const taken = tried.filter(
    (entry): entry is { claim: PortClaim; code: string } => entry.code !== undefined,
  );
  return Promise.all(
    taken.map(async ({ claim, code }) => ({
      claim,
      code,
      holders: code === "EADDRINUSE" ? await holdersOf(claim) : [],
    })),
  );
}

/**
 * The finding about a port that can't be had. `configFile`: the definition that names it, as shown to the user; undefined
 * for one of the command line.
 */
export function portProblem({ claim, code, holders }: TakenPort, configFile: string | undefined): Problem {
  const place = configFile === undefined ? undefined : { file: configFile, keyPath: `ports.${claim.name}` };
  const port = `${claim.protocol === "udp" ? "UDP " : ""}port ${portOf(claim.address)}`;
  const otherPort = place ? `set \`ports.${claim.name}\` to a free one` : "name a free one with --port";
  if (code === "EACCES")
    return {
      id: "port-not-allowed",
      severity: "error",
      what: `${claim.service} is not allowed to open ${port} (${claim.address}).`,
      why: "Ports below 1024 are for the administrator.",
      next: `Use a number from 1024 on: ${otherPort}.`,
      ...(place && { place }),
    };
  if (code === "EADDRNOTAVAIL")
    return {
      id: "address-not-here",
      severity: "error",
      what: `${claim.service} can't listen on ${claim.address}: this machine has no such address.`,
      next: "Set `bind` to an address of this machine, e.g. 127.0.0.1.",
      ...(configFile !== undefined && { place: { file: configFile, keyPath: "bind" } }),
    };
  if (code !== "EADDRINUSE")
    return {
      id: "port-unusable",
      severity: "error",
      what: `${claim.service} can't open ${port} at ${claim.address} (${code}).`,
      next: `Check the address, or ${otherPort}.`,
      ...(place && { place }),
    };
  const holder = holders[0];
  return {
    id: "port-taken",
    severity: "error",
    what: `${claim.service} needs ${port}, which is taken by ${holder ? describe(holder) : "another program"}.`,
    ...(holder
      ? {}
      : { why: "Which one it is can't be told: it belongs to another user, or the system doesn't say." }),
    next: `${stopping(holder)}, or ${otherPort}.`,
    ...(place && { place }),
  };
}

function stopping(holder: PortHolder | undefined): string {
  const mark = holder && markOf(holder.pid);
  if (mark) return `Run \`obs down\` in ${dirname(mark.stateDir)}`;
  return holder ? "Stop it" : "Stop that program";
}

function describe({ pid, command }: PortHolder): string {
  const mark = markOf(pid);
  if (mark)
    return `${mark.service || command} of the local stack in ${dirname(mark.stateDir)} (process ${pid})`;
  if (command === "docker-proxy") return `a container's published port (docker-proxy, process ${pid})`;
  return `${command} (process ${pid})`;
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}

function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(":")).replace(/^\[|\]$/g, "");
}

/** Resolves to undefined when the port could be bound, else to the error's code. The port is free again at once. */
function tryToBind({ address, protocol }: PortClaim): Promise<string | undefined> {
  const host = hostOf(address);
  const port = portOf(address);
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message);
    if (protocol === "udp") {
      const socket = createSocket({ type: host.includes(":") ? "udp6" : "udp4" });
      socket.once("error", (error) => {
        socket.close();
        failed(error);
      });
      socket.bind({ port, address: host, exclusive: true }, () => socket.close(() => resolve(undefined)));
    } else {
      const server = createServer();
      server.once("error", failed);
      server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
    }
  });
}

/** Processes that listen on the port of a claim. Linux: as far as the process table may be read; elsewhere by `lsof`, if there. */
export async function holdersOf({ address, protocol }: PortClaim): Promise<PortHolder[]> {
  const port = portOf(address);
  return process.platform === "linux"
    ? holdersByInode(listeningInodes(port, protocol))
    : holdersByLsof(port, protocol);
}

/** Inodes of the sockets that listen on a port, read from text like that of /proc/net/tcp. */
export function parseListeningInodes(table: string, port: number, protocol: "tcp" | "udp"): string[] {
  // See proc_net_tcp: state 0A is LISTEN; a UDP socket that is bound but not connected is in state 07.
  const listening = protocol === "tcp" ? "0A" : "07";
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((cells) => cells[1]?.endsWith(`:${hex}`) && cells[3] === listening)
    .flatMap((cells) => cells[9] ?? []);
}

function listeningInodes(port: number, protocol: "tcp" | "udp"): Set<string> {
  const tables = [`/proc/net/${protocol}`, `/proc/net/${protocol}6`].map((file) =>
    attempt(() => readFileSync(file, "utf8")),
  );
  return new Set(tables.flatMap((table) => parseListeningInodes(table ?? "", port, protocol)));
}

function holdersByInode(inodes: ReadonlySet<string>): PortHolder[] {
  if (inodes.size === 0) return [];
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids
    .filter((pid) => holdsSocket(pid, inodes))
    .map((pid) => ({ pid: Number(pid), command: commandOf(pid) }));
}

function holdsSocket(pid: string, inodes: ReadonlySet<string>): boolean {
  const descriptors = attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
  return descriptors.some((descriptor) => {
    const target = attempt(() => readlinkSync(`/proc/${pid}/fd/${descriptor}`)) ?? "";
    return target.startsWith("socket:[") && inodes.has(target.slice(8, -1));
  });
}

function commandOf(pid: string): string {
  // The kernel's short name is cut at 15 letters; the command line has all of it.
  const command = attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"))?.split("\0")[0] ?? "";
  const name = attempt(() => readFileSync(`/proc/${pid}/comm`, "utf8"))?.trim() ?? "?";
  return command.slice(command.lastIndexOf("/") + 1) || name;
}

async function holdersByLsof(port: number, protocol: "tcp" | "udp"): Promise<PortHolder[]> {
  const which = protocol === "tcp" ? [`-iTCP:${port}`, "-sTCP:LISTEN"] : [`-iUDP:${port}`];
  try {
    const { stdout } = await promisify(execFile)("lsof", ["-nP", ...which, "-Fpc"], { timeout: 5_000 });
    return parseLsof(stdout);
  } catch {
    return [];
  }
}

/** Reads what `lsof -Fpc` prints: a line `p<pid>`, then a line `c<command>`. */
export function parseLsof(text: string): PortHolder[] {
  const holders: PortHolder[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("p")) holders.push({ pid: Number(line.slice(1)), command: "?" });
    else if (line.startsWith("c") && holders.length > 0) holders.at(-1)!.command = line.slice(1);
  }
  return holders;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
