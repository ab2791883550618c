import pc from "picocolors";
import type { Endpoints } from "../../stack/endpoints.js";
import type { Plan } from "../../stack/plan.js";
import type { UpResult } from "../../stack/runtime/runtime.js";
import { columns } from "./table.js";
import { tookText } from "./time-text.js";
import { wrap } from "./wrap.js";

const places = { compose: "under Docker Compose", native: "as local processes" } as const;

type Colors = ReturnType<typeof pc.createColors>;

/** What is about to be started and where, and what was decided on the way, each with its reason. */
export function formatUpHead(
  { input: { stack, facts } }: Plan,
  {
    runtime,
    why,
    color,
    width,
  }: { runtime: "compose" | "native"; why: string; color: boolean; width: number },
): string {
  const colors = pc.createColors(color);
  const decided = (what: string, reason: string) =>
    wrap(`${what} (${reason})`, width - 4).map((line, at) =>
      colors.dim(`${at === 0 ? "  " : "    "}${line}`),
    );
  const traces = { tempo: "Tempo", jaeger: "Jaeger" }[facts.traces.backend];
  return [
    `${colors.bold(stack.name)} ${places[runtime]} ${colors.dim(`(${why})`)}`,
    ...decided(`traces in ${traces}`, facts.traces.why),
    ...(facts.grafana.present ? [] : decided("without Grafana", facts.grafana.why)),
    "",
  ].join("\n");
}

/** The end of `obs up`: what was done, where to look, how to send data, and what to do next. */
export function formatUp(up: {
  name: string;
  services: UpResult["services"];
  endpoints: Endpoints;
  detached: boolean;
  ms: number;
  color: boolean;
}): string {
  const colors = pc.createColors(up.color);
  const { pages, apis, otlp } = up.endpoints;
  return [
    "",
    `${colors.green("✔")} ${colors.bold(up.name)} ${up.detached ? "is started" : "is up"}: ${summary(up.services)} ${colors.dim(`(${tookText(up.ms)})`)}`,
    "",
    colors.bold("Look"),
    columns([
      ...pages.map(({ name, title, url }) => [name, colors.cyan(url), colors.dim(title)]),
      ...apis.map(({ name, url }) => [name, url, colors.dim("API, no pages")]),
    ]),
    "",
    colors.bold("Send data"),
    ...sending(otlp, colors),
    "",
    up.detached
      ? `Next: ${colors.bold("obs status")} says when everything is ready.`
      : `Next: ${colors.bold("obs verify")} proves with live data that it works.`,
  ].join("\n");
}

function summary(services: UpResult["services"]): string {
  const actions = ["started", "reloaded", "restarted", "removed", "unchanged"] as const;
  const counts = actions
    .map((action) => ({
      action,
      names: services.filter((each) => each.action === action).map(({ name }) => name),
    }))
    .filter(({ names }) => names.length > 0);
  if (counts.length === 1 && counts[0]!.action === "unchanged") return "nothing had changed";
  return counts
    .map(({ action, names }) =>
      names.length <= 2 ? `${names.join(" and ")} ${action}` : `${names.length} ${action}`,
    )
    .join(", ");
}

function sending({ http, grpc, containers, token, tls }: Endpoints["otlp"], colors: Colors): string[] {
  const variable = (name: string, value: string) => `export ${name}=${colors.cyan(value)}`;
  return [
    `  ${variable("OTEL_EXPORTER_OTLP_ENDPOINT", http)}`,
    ...(token ? [`  ${variable("OTEL_EXPORTER_OTLP_HEADERS", `"authorization=Bearer $${token}"`)}`] : []),
    ...(tls ? [`  ${variable("OTEL_EXPORTER_OTLP_CERTIFICATE", "<the CA of otlp.tls.certificate>")}`] : []),
    colors.dim(`  over gRPC: ${grpc}, with OTEL_EXPORTER_OTLP_PROTOCOL=grpc`),
    ...(containers
      ? [colors.dim(`  from containers: join the network ${containers.network}, send to ${containers.http}`)]
      : []),
  ];
}
