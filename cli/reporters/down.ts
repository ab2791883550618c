import pc from "picocolors";
import type { ServiceName } from "../../stack/services/service.js";

/** The last line of `obs down`. */
export function formatDown(
  stopped: readonly ServiceName[],
  { volumes, color }: { volumes: boolean; color: boolean },
): string {
  const tick = pc.createColors(color).green("✔");
  const data = volumes ? "; what it had stored is removed" : "";
  if (stopped.length === 0) return `${tick} Nothing of this stack was running${data}.`;
  const services = `${stopped.length} service${stopped.length === 1 ? "" : "s"}`;
  return `${tick} Stopped ${services}${data || "; the data is kept for the next obs up"}.`;
}
