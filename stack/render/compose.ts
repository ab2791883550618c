import { dirname, isAbsolute, normalize } from "node:path/posix";
import type { Stack } from "../define.js";
import { hostPort, type PortName, portNumber, ports } from "../ports.js";
import type { RenderContext, Service, ServiceName } from "../services/service.js";
import { ProblemError } from "../validate/problem.js";
import { images } from "../versions.js";
import { bundleFolder, offeredHost } from "./address.js";
import type { Artefact } from "./artefact.js";
import { configHash } from "./config-hash.js";
import { mergeOverride } from "./merge.js";

/** What the Compose file says about the configuration without having rendered it. */
export interface ComposeBookkeeping {
  /** All rendered configuration: a service with none gets no folder mounted, and a hash of it stands in a label. */
  artefacts: readonly Artefact[];
}

/** Labels by which the containers of a stack and what they were made from are known again. */
export const composeLabels = { service: "obs.service", configHash: "obs.config-hash" } as const;

/** The normal network: what is published and what must reach the outside. Its gateway is this machine. */
export const ingressNetwork = "ingress";

/** Folder of the project, in which `up` lays what containers run of obs itself; a folder a service. */
export const programsFolder = ".obs/programs";

/** Name of the network that applications join to send to `otel-collector:4317`. */
export function telemetryNetwork(stack: Stack): string {
  return `${stack.name}-telemetry`;
}

/**
 * The whole of docker-compose.yml, with paths relative to it and keys in the order in which people read them.
 * `services` are those wanted, in order. Throws a ProblemError for files of the project that can't be mounted.
 */
export function renderCompose(
  context: RenderContext,
  services: readonly Service[],
  { artefacts }: ComposeBookkeeping,
): object {
  const { stack } = context;
  const entries = services.flatMap((service) => {
    const own = artefacts.filter((artefact) => artefact.owner === service.name);
    const rendered: [string, object][] = [[service.name, renderService(context, service, own)]];
    if (service.prepareVolumeWith) rendered.unshift([preparer(service.name), renderPreparer(stack, service)]);
    return rendered;
  });
  const kept = services.filter((service) => service.imageDataDir).map((service) => [service.name, {}]);
  const document = {
    name: stack.name,
    services: Object.fromEntries(entries),
    networks: {
      // No way out of it and none in: the programs among themselves.
      stack: { internal: true },
      // A port published from an internal network is dead, and alerts must reach people.
      [ingressNetwork]: {},
      // For applications: `docker network connect`, or `external: true` in their own Compose file.
      telemetry: { name: telemetryNetwork(stack) },
    },
    ...(kept.length > 0 ? { volumes: Object.fromEntries(kept) } : {}),
  };
  return mergeOverride(document, stack.overrides.compose) as object;
}

/** Where a service's image comes from, the mirror in front. */
export function imageOf(stack: Stack, name: ServiceName): string {
  const { registry } = stack.images;
  return registry === undefined ? images[name] : `${registry}/${images[name]}`;
}

function renderService(context: RenderContext, service: Service, own: readonly Artefact[]): object {
  const { stack } = context;
  const published = service.published(context);
  const secrets = service.secrets?.(stack) ?? [];
  const env = service.env?.(context) ?? {};
  const { volumes: ownVolumes = [], ...ownSettings } = service.compose ?? {};
  const volumes = [
    ...(own.length > 0
      ? [bind(`./stack/generated/${service.name}`, context.at.configDir(service.name))]
      : []),
    ...(secrets.length > 0 ? [bind(`./.obs/secrets/${service.name}`, "/run/secrets")] : []),
    ...projectMounts(service.projectFiles?.(stack) ?? []).map((path) =>
      bind(`./${path}`, context.at.projectFile(path)),
    ),
    ...(service.bundle ? [bind(`./${programsFolder}/${service.name}`, bundleFolder)] : []),
    ...(service.imageDataDir ? [`${service.name}:${service.imageDataDir}`] : []),
    ...(ownVolumes as unknown[]),
  ];
  const rendered = {
    image: imageOf(stack, service.name),
    ...(service.prepareVolumeWith
      ? { depends_on: { [preparer(service.name)]: { condition: "service_completed_successfully" } } }
      : {}),
    user: service.user,
    ...(service.script
      ? {
          entrypoint: [
            "/bin/sh",
            `${context.at.configDir(service.name)}/${service.script.file}`,
            service.script.programInImage,
          ],
        }
      : {}),
    command: service.args(context).map(literal),
    ...(Object.keys(env).length > 0
      ? { environment: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, literal(value)])) }
      : {}),
    restart: "unless-stopped",
    stop_grace_period: `${service.stopSeconds ?? 10}s`,
    mem_limit: `${service.memoryMiB(stack)}m`,
    ...hardening,
    // A volume at /tmp is the service's own; all others get a small one that is forgotten.
    ...(service.imageDataDir === "/tmp" ? {} : { tmpfs: ["/tmp:mode=1777,size=64m"] }),
    ...(volumes.length > 0 ? { volumes } : {}),
    ...(published.length > 0 ? { ports: published.map((name) => publish(stack, name)) } : {}),
    networks: networksOf(service.name, published.length > 0),
    logging,
    labels: {
      [composeLabels.service]: service.name,
      // Compose makes a container anew when a label changes. Where a signal does, it must not.
      ...(service.reload === "restart" && own.length > 0
        ? { [composeLabels.configHash]: configHash(own) }
        : {}),
    },
  };
  return mergeOverride(rendered, ownSettings) as object;
}

/** Name of the one-shot service that prepares a service's volume. */
function preparer(name: ServiceName): string {
  return `${name}-volume`;
}

// Docker gives a new volume the owner of the image's folder that it is first mounted at. An image without such a
// folder leaves it to root; so another image, which has one and the same user, mounts it first and does nothing else.
function renderPreparer(stack: Stack, service: Service): object {
  const { image, mountAt } = service.prepareVolumeWith!;
  return {
    image: imageOf(stack, image),
    user: service.user,
    command: ["--version"],
    restart: "no",
    mem_limit: "64m",
    ...hardening,
    volumes: [`${service.name}:${mountAt}`],
    network_mode: "none",
    logging,
  };
}

const hardening = { read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] };

const logging = { driver: "json-file", options: { "max-size": "10m", "max-file": "3" } };

/** A folder (or file) of this project, read-only. The short form would make a missing one, as root, and go on. */
function bind(source: string, target: string): object {
  return {
    type: "bind",
    source: literal(source),
    target: literal(target),
    read_only: true,
    bind: { create_host_path: false },
  };
}

function publish(stack: Stack, name: PortName): string {
  const number = portNumber(stack, name);
  const protocol = ports[name].protocol === "udp" ? "/udp" : "";
  return `${hostPort(offeredHost(stack, name), number)}:${number}${protocol}`;
}

function networksOf(name: ServiceName, published: boolean): string[] | object {
  if (name !== "otel-collector") return published ? ["stack", ingressNetwork] : ["stack"];
  return {
    stack: {},
    ...(published ? { [ingressNetwork]: {} } : {}),
    telemetry: { aliases: ["otel-collector"] },
  };
}

/**
 * What to mount so that a program sees these files of the project: their folders, for a mount of a single file keeps
 * showing the old one after an editor has replaced it. Only files beside the definition are mounted one by one:
 * their folder holds the secrets. Sorted, without those that lie in another.
 */
function projectMounts(paths: readonly string[]): string[] {
  const wanted = new Set(
    paths.map((path) => {
      const clean = normalize(path);
      if (isAbsolute(clean) || clean.startsWith(".."))
        throw unmountable(path, "lies outside of the project folder");
      // The fixed part of a pattern: what comes before the first folder or file name with a wildcard.
      const fixed = clean.replace(/(^|\/)[^/]*[*?[{].*$/, "");
      if (fixed === "") throw unmountable(path, "is a pattern for files beside the definition");
      const folder = fixed === clean ? dirname(clean) : fixed;
      return folder === "." ? clean : folder;
    }),
  );
  return [...wanted].sort().filter((path) => ![...wanted].some((other) => path.startsWith(`${other}/`)));
}

function unmountable(path: string, why: string): ProblemError {
  return new ProblemError([
    {
      id: "project-file-unreachable",
      severity: "error",
      what: `${path} can't be given to a container: it ${why}.`,
      why: "Containers see only folders inside the project, and never the project folder itself, which holds secrets.",
      next: "Move it into a folder of the project, and name it from there.",
    },
  ]);
}

/** Compose replaces `$NAME` by a variable; doubled, a dollar sign stands for itself. */
function literal(text: string): string {
  return text.replaceAll("$", "$$$$");
}
