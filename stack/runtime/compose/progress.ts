import type { Phase } from "../runtime.js";

/** What one line of Compose's progress tells. */
export interface Progress {
  /** Name of a container or, while images are pulled, of a service. */
  of: string;
  kind: "container" | "image";
  phase: Phase;
  detail?: string;
}

const phases: Record<string, Phase> = {
  Creating: "starting",
  Created: "starting",
  Recreate: "restarting",
  Recreated: "restarting",
  Starting: "starting",
  Started: "waiting",
  Restarting: "restarting",
  Stopping: "stopping",
  Stopped: "stopped",
  Removing: "stopping",
  Removed: "stopped",
  Killing: "stopping",
};

/**
 * Understands a line of Compose's plain progress (` Container shop-loki-1  Started`, ` loki Pulling`);
 * undefined for every other.
 */
export function readProgress(line: string): Progress | undefined {
  const container = /^\s*Container\s+(\S+)\s+(\w+)\s*$/.exec(line);
  if (container) {
    const phase = phases[container[2]!];
    return phase && { of: container[1]!, kind: "container", phase };
  }
  const image = /^\s*(?:Image\s+)?(\S+)\s+Pull(ing|ed)\s*$/.exec(line);
  if (image) {
    return {
      of: image[1]!,
      kind: "image",
      phase: "preparing",
      detail: image[2] === "ing" ? "pulling its image" : "image pulled",
    };
  }
  return undefined;
}
