import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder with nothing in it but a `docker` that does as told, to be all of PATH. */
export interface FakeDocker {
  folder: string;
  /** Environment in which nothing else is found, neither a real Docker nor the toolchain's programs. */
  env: NodeJS.ProcessEnv;
  /** Every call so far: its arguments, joined by spaces. */
  calls(): Promise<string[]>;
  /** Adds another program. */
  add(name: string, script: string): Promise<void>;
  remove(): Promise<void>;
}

/** Answers of a Docker that works, as cases of a shell's `case "$*" in`. Put others before them to make it fail. */
export const workingDocker = `
  "version --format"*) echo '{"Client":{"Version":"28.0.0"},"Server":{"Version":"27.5.1"}}' ;;
  "compose version --short") echo 2.40.3 ;;
  "image inspect"*) echo sha256:0 ;;
`;

/** Makes a `docker` from cases of a shell's `case "$*" in`; undefined makes none. Calls of no case succeed in silence. */
export async function fakeDocker(cases: string | undefined): Promise<FakeDocker> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "obs-fake-docker-")));
  const bin = join(folder, "bin");
  await mkdir(bin);
  const add = async (name: string, script: string) => {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  };
  const log = join(folder, "calls");
  if (cases !== undefined) await add("docker", `echo "$*" >> "${log}"\ncase "$*" in\n${cases}\nesac`);
  return {
    folder,
    env: {
      PATH: bin,
      HOME: folder,
      XDG_CACHE_HOME: join(folder, "cache"),
      DOCKER_CONFIG: join(folder, "config"),
    },
    calls: async () =>
      (await readFile(log, "utf8").catch(() => "")).split("\n").filter((line) => line !== ""),
    add,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
