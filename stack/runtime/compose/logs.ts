import { serviceNames } from "../../services/names.js";
import type { ServiceName } from "../../services/service.js";
import type { Docker } from "./docker.js";

/** One line as Compose prints it with time stamps. */
interface LogLine {
  service: ServiceName;
  time: string;
  text: string;
}

/** The past comes service by service; lines are held back this long (in ms) without a new one, then sorted by time. */
const pastEnds = 250;

/** Hands over log lines, oldest first; with `follow` until aborted. */
export async function composeLogs(
  docker: Docker,
  project: string,
  options: {
    services: ServiceName[];
    follow: boolean;
    tail: number;
    signal: AbortSignal;
    onLine: (service: ServiceName, line: string) => void;
  },
): Promise<void> {
  const past: LogLine[] = [];
  let live = false;
  let timer: NodeJS.Timeout | undefined;
  const release = () => {
    clearTimeout(timer);
    live = true;
    past.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
    for (const { service, text } of past.splice(0)) options.onLine(service, text);
  };
  const args = ["logs", "--no-color", "--timestamps", "--tail", String(options.tail)];
  try {
    await docker.compose(
      { name: project, file: false },
      [...args, ...(options.follow ? ["--follow"] : []), ...options.services],
      {
        signal: options.signal,
        onLine: (raw) => {
          const line = readLogLine(raw);
          if (!line) return;
          if (live) return options.onLine(line.service, line.text);
          past.push(line);
          if (!options.follow) return;
          clearTimeout(timer);
          timer = setTimeout(release, pastEnds);
        },
      },
    );
  } catch (error) {
    if (!options.signal.aborted) throw error;
  } finally {
    release();
  }
}

/** Takes `loki-1  | 2026-11-21T09:29:02.620541844Z level=info ...` apart; undefined for what isn't a service's line. */
export function readLogLine(raw: string): LogLine | undefined {
  const match = /^(\S+)\s+\| (\S+) ?(.*)$/.exec(raw);
  const service = serviceNames.find((name) => match?.[1] === `${name}-1`);
  return service === undefined || !match ? undefined : { service, time: match[2]!, text: match[3]! };
}
