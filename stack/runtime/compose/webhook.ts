import { networkInterfaces } from "node:os";
import { ingressNetwork } from "../../render/compose.js";
import type { Docker } from "./docker.js";

/**
 * Where a webhook of this process listens so that containers reach it, and only they and this machine: the gateway of
 * the published services' network. With Docker Desktop that address is in a virtual machine; it leads its own name
 * `host.docker.internal` to this machine's loopback.
 */
export async function composeWebhookAddress(
  docker: Docker,
  project: string,
): Promise<{ listen: string; reach: string }> {
  const json = await docker.docker(["network", "inspect", `${project}_${ingressNetwork}`]);
  const [network] = JSON.parse(json) as { IPAM?: { Config?: { Gateway?: string }[] | null } }[];
  const gateways = (network?.IPAM?.Config ?? []).flatMap(({ Gateway }) => (Gateway ? [Gateway] : []));
  const own = new Set(
    Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address)),
  );
  const gateway = gateways.find((address) => own.has(address));
  return gateway === undefined
    ? { listen: "127.0.0.1", reach: "host.docker.internal" }
    : { listen: gateway, reach: gateway };
}
