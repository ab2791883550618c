import { access } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { Stack } from "./define.js";
import type { Project } from "./project.js";
import type { Facts } from "./services/service.js";
import { findOnPath } from "./toolchain/find.js";
import { versions } from "./versions.js";

/** Where a package manager or a person unpacks Grafana. */
const usualGrafanaHomes = [
  "/usr/share/grafana",
  "/opt/grafana",
  "/usr/local/share/grafana",
  "/opt/homebrew/opt/grafana/share/grafana",
];

/** Decides what only the machine can tell: the trace store that `auto` means here, and whether there is a Grafana. */
export async function decideFacts(
  stack: Stack,
  project: Project,
  runtime: "compose" | "native",
): Promise<Facts> {
  const [traces, grafana] = await Promise.all([
    decideTraces(stack, runtime),
    decideGrafana(stack, project, runtime),
  ]);
  return { traces, grafana };
}

async function decideTraces(stack: Stack, runtime: "compose" | "native"): Promise<Facts["traces"]> {
  const { backend } = stack.traces;
  if (backend !== "auto") return { backend, why: "as traces.backend says" };
  if (runtime === "compose") return { backend: "tempo", why: "the default under Compose" };
  return (await findOnPath("tempo", versions.tempo))
    ? { backend: "tempo", why: `tempo ${versions.tempo} is on PATH` }
    : { backend: "jaeger", why: `no tempo ${versions.tempo} on PATH` };
}

async function decideGrafana(
  stack: Stack,
  project: Project,
  runtime: "compose" | "native",
): Promise<Facts["grafana"]> {
  if (!stack.grafana.enabled) return { present: false, why: "grafana.enabled is false" };
  if (runtime === "compose") return { present: true, why: "part of the Compose project" };
  const { home } = stack.grafana;
  if (home !== undefined) {
    // A home that the user named but that isn't one is found by the check of project files; here it is believed.
    const folder = isAbsolute(home) ? home : join(project.root, home);
    return { present: true, why: "as grafana.home says", home: folder };
  }
  for (const folder of usualGrafanaHomes) {
    const found = await access(join(folder, "bin", "grafana")).then(
      () => true,
      () => false,
    );
    if (found) return { present: true, why: `found in ${folder}`, home: folder };
  }
  return {
    present: false,
    why: "no Grafana on this machine; set grafana.home to the folder of an unpacked one, or use Compose",
  };
}
