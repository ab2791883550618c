import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { composeAddresses, nativeAddresses } from "../../render/address.js";
import type { RenderInput } from "../../render/render.js";
import type { Rendered } from "../../render/rendered.js";
import type { AddressBook, ServiceName } from "../../services/service.js";

/** What was rendered, written to a temporary folder the way the programs will find it: for checkers that read files. */
export interface Layout {
  /** Folder of a service's configuration. */
  configDir(service: ServiceName): string;
  /** Path of docker-compose.yml, where there is one. */
  composeFile: string | undefined;
  /** The user's project folder. */
  projectRoot: string;
  /** A program's line with the paths of the temporary folder replaced by those the user knows. */
  shown(line: string): string;
  /** Where to put what a checker is given or prints. */
  outputFile(name: string): string;
  /** The user's own file that a file in the temporary folder is a copy of, relative to the project folder. */
  sourceOf(path: string): string | undefined;
  /** Copies of the user's files among a service's configuration: their paths. */
  sources(service: ServiceName): string[];
  /** Text of such a file of the user. */
  textOf(source: string): string | undefined;
  remove(): Promise<void>;
}

/**
 * Writes the configuration of some services (and the Compose file) to a new temporary folder. Paths that only exist in
 * a container, or only once the stack runs, become paths in that folder: `otelcol validate` refuses folders that don't
 * exist, promtool looks for the files of secrets. Secrets are placeholders; no value is ever written.
 */
export async function layOut(
  input: RenderInput,
  rendered: Rendered,
  services: readonly ServiceName[],
): Promise<Layout> {
  const root = join(tmpdir(), `obs-validate-${randomBytes(6).toString("hex")}`);
  const at =
    input.runtime === "compose"
      ? composeAddresses(input.stack)
      : nativeAddresses(input.stack, input.project.root, input.project.stateDir);
  const configDir = (service: ServiceName) => join(root, "config", service);
  const composeFile = rendered.composeFile === undefined ? undefined : join(root, "docker-compose.yml");
  const files: { path: string; text: string; source: string | undefined }[] = rendered.plans
    .filter(({ name }) => services.includes(name))
    .flatMap((plan) => [
      ...plan.files.map(({ path, text, copyOf }) => ({
        path: join(root, "config", path),
        text: copyOf === undefined ? remapped(text, pathMap(at, plan.name, root, input.project.root)) : text,
        source: copyOf,
      })),
      ...plan.secrets.map((name) => ({
        path: join(root, "secrets", plan.name, name),
        text: "placeholder",
        source: undefined,
      })),
    ]);
  // A second Ctrl-C ends the process at once: then there is no time for anything but this.
  const removeAtExit = () => rmSync(root, { recursive: true, force: true });
  process.once("exit", removeAtExit);
  const remove = async () => {
    await rm(root, { recursive: true, force: true });
    process.off("exit", removeAtExit);
  };
  const folders = [
    ...files.map(({ path }) => dirname(path)),
    ...services.map((service) => join(root, "data", service)),
  ];
  try {
    // First of all, so that the folder is this user's alone before anything lies in it.
    await mkdir(root, { mode: 0o700 });
    await Promise.all([...new Set(folders)].map((folder) => mkdir(folder, { recursive: true })));
    await Promise.all([
      ...files.map(({ path, text }) => writeFile(path, text)),
      composeFile && writeFile(composeFile, rendered.composeFile!),
    ]);
  } catch (error) {
    await remove();
    throw error;
  }
  const generated = input.runtime === "compose" ? "stack/generated" : ".obs/config";
  return {
    configDir,
    composeFile,
    projectRoot: input.project.root,
    outputFile: (name) => join(root, `${name}.output`),
    sources: (service) =>
      files
        .filter(({ path, source }) => source !== undefined && path.startsWith(`${configDir(service)}/`))
        .map(({ path }) => path),
    textOf: (source) => files.find((file) => file.source === source)?.text,
    sourceOf: (path) => files.find((file) => file.path === path)?.source,
    shown(line) {
      const known = files.reduce(
        (text, { path, source }) => (source === undefined ? text : text.replaceAll(path, source)),
        line,
      );
      return known
        .replaceAll(`${root}/config`, generated)
        .replaceAll(`${root}/`, "")
        .replaceAll(`${input.project.root}/`, "");
    },
    remove,
  };
}

/** Folders as a service's program sees them, and what stands for each in the temporary folder. */
function pathMap(
  at: AddressBook,
  service: ServiceName,
  root: string,
  projectRoot: string,
): { from: string; to: string }[] {
  return [
    { from: at.configDir(service), to: join(root, "config", service) },
    { from: dirname(at.secretFile(service, "any")), to: join(root, "secrets", service) },
    { from: dirname(at.projectFile("any")), to: projectRoot },
    { from: at.dataDir(service), to: join(root, "data", service) },
  ].filter(({ from, to }) => from !== to);
}

/** Replaces whole paths only: `/loki` in `/loki/wal`, not in `http://loki:3100/loki` nor in `/lokitool`. */
function remapped(text: string, map: readonly { from: string; to: string }[]): string {
  return map.reduce(
    (changed, { from, to }) =>
      changed.replaceAll(new RegExp(`(?<![\\w./-])${escaped(from)}(?![\\w.-])`, "g"), () => to),
    text,
  );
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
