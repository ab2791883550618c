import { withDeadline } from "../deadline.js";
import type { Runtime } from "../runtime/runtime.js";
import type { ServiceName } from "../services/service.js";

/** Lines of the past that are looked through, per service. */
const tail = 200;
/** Lines shown, the newest; more would bury the next step. */
const shown = 5;

const complaint =
  /"level":"(?:warn|error|fatal|panic)"|\blevel=(?:warn|error|fatal)\b|\b(?:WARN|ERROR|FATAL|panic:)/i;

/** The newest warnings and errors in the logs of these services, each with its service in front; none is none. */
export async function complaintsOf(
  runtime: Pick<Runtime, "logs">,
  services: ServiceName[],
  signal: AbortSignal,
): Promise<string[]> {
  if (services.length === 0) return [];
  const lines: string[] = [];
  try {
    await withDeadline(5_000, signal, (within) =>
      runtime.logs({
        services,
        follow: false,
        tail,
        signal: within,
        onLine: (service, line) => {
          if (complaint.test(line)) lines.push(`${service}: ${line}`);
        },
      }),
    );
  } catch {
    // Logs are a help for the finding, not the finding: without them it stands as it is.
  }
  return lines.slice(-shown);
}
