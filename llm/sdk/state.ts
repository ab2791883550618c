import type { CalledModel } from "./called-models.js";
import type { Redact } from "./content.js";
import type { Telemetry } from "./init.js";

/** What all copies of the SDK in a process share: an application may load it as an ES module and by `require`. */
export interface State {
  telemetry?: Telemetry;
  /** Masks and cuts content; undefined while content isn't recorded. */
  content?: Redact;
  generation: "default" | "latest";
  /** Calls that have not ended; ended with what was seen when the process does. */
  readonly open: Set<{ abandon(): void }>;
  /** By provider and model: two copies that each told their own would overwrite each other's series. */
  readonly calledModels: Map<string, CalledModel>;
}

const key = Symbol.for("obs-stack.sdk.state.v1");
const holder = globalThis as { [key]?: State };

/** The state of this process. */
export const state: State = holder[key] ?? {
  generation: "default",
  open: new Set(),
  calledModels: new Map(),
};
holder[key] = state;

/** Name of the tracer, meter and logger of everything here. */
export const scope = "obs-stack/sdk";
