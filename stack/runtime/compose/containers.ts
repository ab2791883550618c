import { realpath } from "node:fs/promises";
import type { Project } from "../../project.js";
import type { Docker } from "./docker.js";

/** One container of the stack. */
export interface Container {
  id: string;
  name: string;
  /** Name of its Compose service: one of the stack's, one that prepares a volume, or one of the user's own. */
  service: string;
  /** Folder of the Compose file that it was made from. */
  folder: string;
  state: "running" | "restarting" | "exited" | "created" | "other";
  exitCode: number;
  /** Ended because it hit its memory limit. */
  outOfMemory: boolean;
  /** When its program was last started, in ms since 1970; 0 when never. */
  startedAt: number;
  /** Starts by Docker itself, after its program ended. */
  restarts: number;
  /** Published addresses, `127.0.0.1:9090/tcp`. */
  published: string[];
}

/** What `docker container inspect` says, as far as it is used. */
interface Inspected {
  Id: string;
  Name: string;
  RestartCount: number;
  State: { Status: string; ExitCode: number; OOMKilled: boolean; StartedAt: string };
  Config: { Labels: Record<string, string> | null };
  HostConfig: { PortBindings: Record<string, { HostIp: string; HostPort: string }[] | null> | null };
}

/**
 * All containers of a Compose project, running or not, by the labels that Compose gives them: true even when the
 * Compose file has changed or gone since.
 */
export async function containersOf(
  docker: Docker,
  project: string,
  options: { signal?: AbortSignal; unbreakable?: boolean } = {},
): Promise<Container[]> {
  const ids = await docker.docker(
    ["ps", "--all", "--quiet", "--no-trunc", "--filter", `label=com.docker.compose.project=${project}`],
    options,
  );
  const found = ids.split("\n").filter((id) => id !== "");
  if (found.length === 0) return [];
  const json = await docker.docker(["container", "inspect", ...found], options);
  return (JSON.parse(json) as Inspected[])
    .map(understand)
    .filter((container): container is Container => container !== undefined);
}

/** Whether containers were made from this project's Compose file, not from that of another clone of the same name. */
export async function belongsTo(project: Project, containers: readonly Container[]): Promise<boolean> {
  const real = (path: string) => realpath(path).catch(() => path);
  const own = await real(project.root);
  const folders = new Set(containers.map(({ folder }) => folder));
  return (await Promise.all([...folders].map(real))).every((folder) => folder === own);
}

function understand(inspected: Inspected): Container | undefined {
  const labels = inspected.Config.Labels ?? {};
  const service = labels["com.docker.compose.service"];
  if (service === undefined || labels["com.docker.compose.oneoff"] === "True") return undefined;
  const { Status, ExitCode, OOMKilled, StartedAt } = inspected.State;
  return {
    id: inspected.Id,
    name: inspected.Name.replace(/^\//, ""),
    service,
    folder: labels["com.docker.compose.project.working_dir"] ?? "",
    state:
      (["running", "restarting", "exited", "created"] as const).find((known) => known === Status) ?? "other",
    exitCode: ExitCode,
    outOfMemory: OOMKilled,
    // A container that was never started says year 1.
    startedAt: Math.max(0, Date.parse(StartedAt) || 0),
    restarts: inspected.RestartCount,
    published: Object.entries(inspected.HostConfig.PortBindings ?? {}).flatMap(([inside, bindings]) =>
      (bindings ?? []).map(
        ({ HostIp, HostPort }) =>
          `${HostIp.includes(":") ? `[${HostIp}]` : HostIp}:${HostPort}/${inside.split("/")[1]}`,
      ),
    ),
  };
}

/**
 * The last lines of a container's log, oldest first; empty when Docker can't tell. `since`: only what was written from
 * then on (ms since 1970), by default since its program was last started.
 */
export async function lastLog(
  docker: Docker,
  container: Container,
  { lines = 20, since = container.startedAt }: { lines?: number; since?: number } = {},
): Promise<string[]> {
  try {
    // Programs log to both streams; Docker keeps them apart, so both are read in the order of their time stamps.
    const stamped: string[] = [];
    const from = ["--since", String(since / 1000), "--tail", String(lines)];
    await docker.docker(["logs", "--timestamps", ...from, container.id], {
      onLine: (line) => stamped.push(line),
      onProgress: (line) => stamped.push(line),
    });
    return stamped
      .sort((a, b) => (a.slice(0, 30) < b.slice(0, 30) ? -1 : 1))
      .slice(-lines)
      .map((line) => line.replace(/^\S+ /, ""));
  } catch {
    return [];
  }
}
