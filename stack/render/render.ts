import type { Stack } from "../define.js";
import { ports } from "../ports.js";
import { type Project, shownPath } from "../project.js";
import { services } from "../services/index.js";
import type { AddressBook, Facts, RenderContext, Service } from "../services/service.js";
import { composeAddresses, localAddress, nativeAddresses, offeredAddress } from "./address.js";
import type { Artefact, ServicePlan } from "./artefact.js";
import { renderCompose } from "./compose.js";
import type { Rendered } from "./rendered.js";
import { banner, fileText } from "./text.js";
import { toYaml } from "./yaml.js";

/** What `render` needs; nothing else influences its result. */
export interface RenderInput {
  project: Project;
  stack: Stack;
  ruleFiles: RenderContext["ruleFiles"];
  /** Default: none. */
  templates?: RenderContext["templates"];
  /** Default: none. */
  runbooks?: RenderContext["runbooks"];
  facts: Facts;
  runtime: "compose" | "native";
}

/**
 * Renders a definition for a runtime: every configuration file, and how each program is to be started.
 * Pure: the same input gives the same bytes, and nothing is read or written.
 */
export function render({
  project,
  stack,
  ruleFiles,
  templates = [],
  runbooks = [],
  facts,
  runtime,
}: RenderInput): Rendered {
  const at: AddressBook =
    runtime === "compose" ? composeAddresses(stack) : nativeAddresses(stack, project.root, project.stateDir);
  const members = Object.values(services).filter((service) => service.wanted(stack, facts));
  const definitionFile = shownPath(project, project.configFile);
  const context: RenderContext = {
    stack,
    facts,
    definitionFile,
    at,
    members,
    ruleFiles,
    templates,
    runbooks,
  };
  const plans = members.map((service) => plan(service, context, runtime));
  const artefacts = plans.flatMap(({ files }) => files).sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    facts,
    artefacts,
    plans,
    ...(runtime === "compose" && {
      composeFile: toYaml(renderCompose(context, members, { artefacts }), {
        banner: banner([
          "name",
          "bind",
          "ports",
          "images",
          ...(stack.overrides.compose ? ["overrides.compose"] : []),
        ]),
      }),
    }),
  };
}

function plan(service: Service, context: RenderContext, runtime: RenderInput["runtime"]): ServicePlan {
  const { stack, facts } = context;
  const metrics = service.metrics?.(context);
  const page = runtime === "native" && service.page?.imageOnly ? undefined : service.page;
  return {
    name: service.name,
    title: service.title,
    program:
      service.name === "grafana" && facts.grafana.home
        ? `${facts.grafana.home}/bin/grafana`
        : service.program,
    ...(service.script && { script: `${context.at.configDir(service.name)}/${service.script.file}` }),
    args: service.args(context),
    env: service.env?.(context) ?? {},
    secrets: [...new Set(service.secrets?.(stack) ?? [])].sort(),
    ready: { url: readyUrl(service, stack) },
    reload: service.reload,
    ...(service.reloadMetrics &&
      metrics && {
        reloadMetrics: {
          ...service.reloadMetrics,
          url: `http://${localAddress(stack, metrics.port)}${metrics.path}`,
        },
      }),
    stopSeconds: service.stopSeconds ?? 10,
    ports: service
      .ports(context)
      .map((name) => ({ name, address: offeredAddress(stack, name), protocol: ports[name].protocol })),
    ...(page && { page: { url: `http://${localAddress(stack, page.port)}`, title: page.title } }),
    files: service.files(context).map((file): Artefact => {
      const override = stack.overrides[service.name as keyof Stack["overrides"]];
      return {
        path: `${service.name}/${file.path}`,
        text: fileText(file, service.name, override),
        owner: service.name,
        keys: file.keys,
        ...(file.copyOf !== undefined && { copyOf: file.copyOf }),
      };
    }),
  };
}

/** Where a service is asked, from this machine, whether it is ready. */
export function readyUrl(service: Service, stack: Stack): string {
  const { port, path } = service.readiness();
  const address = localAddress(stack, port);
  return path === undefined ? `postgres://${address}` : `http://${address}${path}`;
}
