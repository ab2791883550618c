import type { StackStatus } from "../../stack/runtime/runtime.js";
import type { ServiceName } from "../../stack/services/service.js";
import type { Hop } from "../../stack/verify/hop.js";
import { parsedOutput } from "./run-obs.js";
import type { TestStack } from "./with-stack.js";

/** Process ids of the stack's programs by service, as `obs status --json` tells. */
export async function pidsOf(stack: TestStack): Promise<Partial<Record<ServiceName, number>>> {
  // It exits with 1 while anything isn't ready, and tells all the same.
  const { services } = parsedOutput<StackStatus>(await stack.obs(["status", "--json"]));
  return Object.fromEntries(services.map(({ name, pid }) => [name, pid]));
}

/** What `obs up --json` did with each service. */
export async function upAgain(stack: TestStack): Promise<Partial<Record<ServiceName, string>>> {
  const { services } = await stack.json<{ services: { name: ServiceName; action: string }[] }>(["up"]);
  return Object.fromEntries(services.map(({ name, action }) => [name, action]));
}

/** Runs `obs verify --json`, whose exit code must tell the same as its hops, and returns `id: state` of each hop. */
export async function verified(stack: TestStack): Promise<Record<string, Hop["state"]>> {
  const run = await stack.obs(["verify", "--json"]);
  const { hops } = JSON.parse(run.stdout) as { hops: Hop[] };
  const passed = hops.every(({ state }) => state === "passed");
  if (passed !== (run.exitCode === 0)) throw new Error(`exit code ${run.exitCode} does not fit:\n${run.all}`);
  return Object.fromEntries(
    hops.map(({ id, state, detail }) => [id, passed ? state : `${state} ${detail ?? ""}`]),
  ) as Record<string, Hop["state"]>;
}
