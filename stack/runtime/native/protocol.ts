import type { ServiceName } from "../../services/service.js";
import type { NativeState, ProgramState } from "./state.js";

/**
 * What the command line and the supervisor say to each other: HTTP over a Unix socket, JSON both ways.
 *
 *   GET    /state                      → NativeState
 *   GET    /events                     → a ProgramEvent a line, from now on
 *   PUT    /programs/<service>         ProgramSpec → ProgramState, once started; replaces one that runs
 *   PATCH  /programs/<service>         ProgramSpec → ProgramState; the process is left alone
 *   POST   /programs/<service>/hangup  → 204; sends SIGHUP (409: it isn't running)
 *   DELETE /programs/<service>         → 204, once it and all it started have ended
 *   POST   /shutdown                   → 204, once all have ended; the supervisor ends too
 *   POST   /detach                     → 204; the supervisor ends, the programs go on
 */
export const protocolVersion = 1;

/** News of a program; without a state: it is no longer supervised. */
export interface ProgramEvent {
  service: ServiceName;
  state?: ProgramState;
}

export type { NativeState, ProgramState };
