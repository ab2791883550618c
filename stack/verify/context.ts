import type { Stack } from "../define.js";
import type { PortName } from "../ports.js";
import type { Project } from "../project.js";
import { localAddress } from "../render/address.js";
import type { Rendered } from "../render/rendered.js";
import type { Runtime } from "../runtime/runtime.js";
import type { VerifyIds } from "./ids.js";
import { poll } from "./poll.js";

/** All that a hop needs. */
export interface VerifyContext {
  project: Project;
  stack: Stack;
  rendered: Rendered;
  runtime: Runtime;
  ids: VerifyIds;
  /** When the data was made, in ms since 1970. */
  sentAt: number;
  signal: AbortSignal;
  /** How long one hop may take, in ms. */
  limitMs: number;
}

/** URL of a path at one of the stack's ports, as this machine reaches it. */
export function urlOf({ stack }: VerifyContext, port: PortName, path: string): string {
  return `http://${localAddress(stack, port)}${path}`;
}

/** {@link poll} with the run's signal and the limit of a hop. */
export function seek<T>(
  { signal, limitMs }: VerifyContext,
  probe: (signal: AbortSignal) => Promise<T | undefined>,
): ReturnType<typeof poll<T>> {
  return poll(probe, { signal, limitMs });
}
