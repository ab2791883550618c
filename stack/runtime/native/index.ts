import type { Project } from "../../project.js";
import type { Runtime, RuntimeFactory } from "../runtime.js";
import { nativeDown } from "./down.js";
import { type Locate, locateProgram } from "./locate.js";
import { nativeLogs } from "./logs.js";
import { nativeSecondPrometheus } from "./second-prometheus.js";
import { nativeStatus } from "./status.js";
import { nativeUp } from "./up.js";

/** Runs the stack as supervised processes of this machine, without Docker. */
export const nativeRuntime: RuntimeFactory = (project) => makeNativeRuntime(project, locateProgram);

/** The native runtime with another way to find programs. */
export function makeNativeRuntime(project: Project, locate: Locate): Runtime {
  return {
    name: "native",
    up: (request) => nativeUp(project, locate, request),
    down: (options) => nativeDown(project, options),
    status: () => nativeStatus(project),
    logs: (options) => nativeLogs(project, options),
    // All programs share this machine's loopback with us.
    webhookAddress: async () => ({ listen: "127.0.0.1", reach: "127.0.0.1" }),
    secondPrometheus: nativeSecondPrometheus,
  };
}
