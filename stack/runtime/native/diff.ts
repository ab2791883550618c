import type { ServiceName } from "../../services/service.js";
import type { ProcessHash } from "./state.js";

/** A service as it runs now. */
export interface Running {
  name: ServiceName;
  /** Whether its process is there and not crash-looping. */
  alive: boolean;
  processHash: ProcessHash;
  filesHash: string;
}

/** A service as it should be. */
export interface Wanted {
  name: ServiceName;
  processHash: ProcessHash;
  filesHash: string;
  /** Whether the files on disk are already the wanted ones: somebody may have changed them by hand. */
  filesInPlace: boolean;
  reload: "SIGHUP" | "restart";
}

/** What has to be done with one service, and why in a few words. */
export interface Change {
  name: ServiceName;
  action: "unchanged" | "start" | "reload" | "restart" | "remove";
  why?: string;
}

/** Compares what runs with what should run: the least that has to be done with each service. Pure. */
export function diffServices(running: readonly Running[], wanted: readonly Wanted[]): Change[] {
  const now = new Map(running.map((service) => [service.name, service]));
  const names = new Set(wanted.map(({ name }) => name));
  return [
    ...wanted.map((service) => changeOf(now.get(service.name), service)),
    ...running
      .filter(({ name }) => !names.has(name))
      .map(({ name }): Change => ({ name, action: "remove", why: "no longer part of the stack" })),
  ];
}

function changeOf(now: Running | undefined, wanted: Wanted): Change {
  const { name } = wanted;
  if (!now) return { name, action: "start" };
  if (!now.alive) return { name, action: "start", why: "was not running" };
  const parts = (Object.keys(wanted.processHash) as (keyof ProcessHash)[]).filter(
    (part) => wanted.processHash[part] !== now.processHash[part],
  );
  if (parts.length > 0) return { name, action: "restart", why: `${parts.join(", ")} changed` };
  if (wanted.filesHash === now.filesHash && wanted.filesInPlace) return { name, action: "unchanged" };
  return { name, action: wanted.reload === "SIGHUP" ? "reload" : "restart", why: "configuration changed" };
}

/**
 * Services whose old process must be gone before the others are started, because one of those takes over a port of it
 * (two services that swap ports, or a removed one whose port is given to another). Pure.
 */
export function mustStopFirst(
  changes: readonly Change[],
  portsNow: (name: ServiceName) => readonly string[],
  portsWanted: (name: ServiceName) => readonly string[],
): ServiceName[] {
  const going = changes.filter(({ action }) => action === "restart" || action === "remove");
  const coming = changes.filter(({ action }) => action === "restart" || action === "start");
  return going
    .filter(({ name }) =>
      coming.some(
        (other) =>
          other.name !== name && portsWanted(other.name).some((port) => portsNow(name).includes(port)),
      ),
    )
    .map(({ name }) => name);
}
