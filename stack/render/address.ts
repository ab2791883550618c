import { join } from "node:path";
import type { Stack } from "../define.js";
import { packageRoot } from "../package-root.js";
import { hostPort, type PortName, portNumber, ports } from "../ports.js";
import { services } from "../services/index.js";
import type { AddressBook, ServiceName } from "../services/service.js";

/** Ports that applications send to from elsewhere when `bind` says so; all others never leave loopback. */
const bindable: ReadonlySet<PortName> = new Set(["otlpGrpc", "otlpHttp"]);

/** Where a container finds the program of obs that it runs. */
export const bundleFolder = "/opt/obs";

/** The address on this machine at which a port is offered, in either runtime. */
export function offeredHost(stack: Pick<Stack, "bind">, name: PortName): string {
  return bindable.has(name) ? stack.bind : "127.0.0.1";
}

/** Address and port at which a port is offered on this machine, in either runtime. */
export function offeredAddress(stack: Stack, name: PortName): string {
  return hostPort(offeredHost(stack, name), portNumber(stack, name));
}

/** The address by which a person or program on this machine reaches a port. */
export function localAddress(stack: Pick<Stack, "bind" | "ports">, name: PortName): string {
  const host = offeredHost(stack, name);
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return hostPort(reachable, portNumber(stack, name));
}

/** Addresses inside the Compose project: each service is a host of its own. */
export function composeAddresses(stack: Stack): AddressBook {
  return {
    // Inside a container every interface is the container's own; Docker publishes on the host's loopback only.
    listen: (name) => hostPort("0.0.0.0", portNumber(stack, name)),
    listenHost: () => "0.0.0.0",
    reach: (name) => hostPort(ports[name].service, portNumber(stack, name)),
    configDir: () => "/etc/obs",
    dataDir: (service) => services[service].imageDataDir ?? "/tmp",
    secretFile: (_service, name) => `/run/secrets/${name}`,
    projectFile: (path) => `/etc/obs-project/${path}`,
    // A container's own loopback is never what the user means.
    external: (address) =>
      address.replace(/^([a-z]+:\/\/)?(localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$)/, "$1host.docker.internal"),
    bundle: () => `${bundleFolder}/main.js`,
    hostRoot: "/host",
  };
}

/** Addresses of local processes, which share this machine's loopback; paths lie under the project's state folder. */
export function nativeAddresses(stack: Stack, root: string, stateDir: string): AddressBook {
  const of = (folder: string) => (service: ServiceName) => join(stateDir, folder, service);
  return {
    listen: (name) => offeredAddress(stack, name),
    listenHost: (name) => offeredHost(stack, name),
    reach: (name) => localAddress(stack, name),
    configDir: of("config"),
    dataDir: of("data"),
    secretFile: (service, name) => join(stateDir, "secrets", service, name),
    projectFile: (path) => join(root, path),
    external: (address) => address,
    bundle: (service) => join(packageRoot, "dist", services[service].bundle ?? ""),
    hostRoot: "/",
  };
}
