import { access, readFile } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
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

/**
 * Decides what only the machine can tell: the trace store that `auto` means here, whether there is a Grafana, and when the
 * certificate ends.
 */
export async function decideFacts(
  stack: Stack,
  project: Project,
  runtime: "compose" | "native",
): Promise<Facts> {
  const [traces, grafana, certificate] = await Promise.all([
    decideTraces(stack, runtime),
    decideGrafana(stack, project, runtime),
    readCertificate(stack, project),
  ]);
  return {
    traces,
    grafana,
    // Under Docker nothing of the project is in reach of a container.
    ...(runtime === "native" && !grafana.present && { preview: true }),
    ...(certificate && { certificate }),
  };
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

/** Undefined also for what is no certificate: the check tls-certificate says so. */
async function readCertificate(
  { otlp: { tls } }: Stack,
  project: Project,
): Promise<Facts["certificate"] | undefined> {
  if (!tls) return undefined;
  try {
    const pem = await readFile(resolve(project.root, tls.certificate), "utf8");
    const { X509Certificate } = await import("node:crypto");
    return { notAfterSeconds: Date.parse(new X509Certificate(pem).validTo) / 1000 };
  } catch {
    return undefined;
  }
}
