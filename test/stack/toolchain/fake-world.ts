import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheDir, pinnedPath } from "../../../stack/toolchain/cache.js";
import { type ProgramName, programs } from "../../../stack/toolchain/programs.js";

/** A machine of its own for one test: empty home and cache, and a PATH with nothing but what the test puts there. */
export interface FakeWorld {
  root: string;
  bin: string;
  env: NodeJS.ProcessEnv;
  /** Puts a shell script on PATH, or at another place below the root. */
  put(name: string, script: string, folder?: string): Promise<string>;
  /** Puts a `go` on PATH whose `go build` runs the given lines; `$out` is where the binary is to go. */
  putGo(build: string, version?: string): Promise<string>;
  /** Puts a program into the cache as if it had been built. */
  putInCache(name: ProgramName): Promise<string>;
  cacheDir: string;
  remove(): Promise<void>;
}

export async function fakeWorld(): Promise<FakeWorld> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "obs-toolchain-")));
  const bin = join(root, "bin");
  await mkdir(bin);
  const env = { PATH: bin, HOME: root, XDG_CACHE_HOME: join(root, "cache") };
  const put = async (name: string, script: string, folder = bin) => {
    await mkdir(folder, { recursive: true });
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  };
  return {
    root,
    bin,
    env,
    put,
    putGo: (build, version = "1.99.0") =>
      put(
        "go",
        `case "$1" in
env) echo '{"GOVERSION":"go${version}","GOCACHE":"${root}/go-build","GOMODCACHE":"${root}/go-mod"}'; exit ;;
version) exit 1 ;;
esac
while [ "$1" != -o ]; do shift; done
out=$2
${build}`,
      ),
    putInCache: async (name) => {
      const path = pinnedPath(name, env);
      return put(name, "exit 1", join(path, ".."));
    },
    cacheDir: cacheDir(env),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Shell lines that write a program which prints a version, for a fake `go build`. */
export function writesProgram(name: ProgramName, version: string = programs[name].version): string {
  return `{ echo '#!/bin/sh'; echo 'echo "${name}, version ${version} (branch: HEAD)"'; } > "$out"`;
}
