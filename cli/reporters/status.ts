import pc from "picocolors";
import type { ServiceStatus, StackStatus } from "../../stack/runtime/runtime.js";
import { columns } from "./table.js";
import { durationText } from "./time-text.js";

type Colors = ReturnType<typeof pc.createColors>;

export const runtimeTitles = { compose: "Docker Compose", native: "local processes" } as const;

/**
 * How a stack is: a line for all, a table of the services, then what is to be known of those that aren't ready. `logs`: the
 * command that shows what a service writes.
 */
export function formatStatus(
  status: StackStatus | undefined,
  { color, logs = "obs logs" }: { color: boolean; logs?: string },
): string {
  const colors = pc.createColors(color);
  if (!status || (!status.running && status.services.every(({ state }) => state === "stopped")))
    return `Nothing runs. Start the stack with ${colors.bold("obs up")}.`;
  const { services } = status;
  const unready = services.filter(({ state }) => state !== "ready");
  const head = ["service", "state", "up for", "restarts", "page"].map((title) => colors.dim(title));
  return [
    headline(status, unready, colors),
    "",
    columns([head, ...services.map((service) => row(service, colors))]),
    ...unready.flatMap((service) => ["", ...details(service, logs, colors)]),
  ].join("\n");
}

function headline({ runtime, services }: StackStatus, unready: readonly unknown[], colors: Colors): string {
  const where = colors.dim(`(${runtimeTitles[runtime]})`);
  if (unready.length === 0) return `${colors.green("✔")} All ${services.length} services are ready ${where}`;
  return `${colors.red("✖")} ${unready.length} of ${services.length} services ${unready.length === 1 ? "is" : "are"} not ready ${where}`;
}

function row({ name, state, uptimeSeconds, restarts, url }: ServiceStatus, colors: Colors): string[] {
  return [
    name,
    stateText(state, colors),
    uptimeSeconds === undefined ? colors.dim("–") : durationText(uptimeSeconds),
    restarts === 0 ? colors.dim("0") : colors.yellow(String(restarts)),
    url ? colors.cyan(url) : "",
  ];
}

function stateText(state: ServiceStatus["state"], colors: Colors): string {
  const texts = {
    ready: colors.green("● ready"),
    starting: colors.yellow("◐ starting"),
    "not-ready": colors.red("● not ready"),
    crashed: colors.red("✖ crashed"),
    stopped: colors.red("○ stopped"),
  };
  return texts[state];
}

function details({ name, reason, lastLog = [] }: ServiceStatus, logs: string, colors: Colors): string[] {
  return [
    `  ${colors.bold(name)}${reason ? `: ${reason}` : ""}`,
    ...lastLog.map((line) => `    ${colors.dim("│")} ${line}`.trimEnd()),
    `    ${colors.green("→")} ${logs} ${name}`,
  ];
}
