import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pinnedPath } from "../../../stack/toolchain/cache.js";
import { missingPrograms } from "../../../stack/toolchain/missing.js";
import type { ProgramName } from "../../../stack/toolchain/programs.js";
import { withFolder } from "../../support/temporary-folder.js";

/** The world of a user who has built these programs and nothing else. */
async function withBuilt<T>(built: ProgramName[], use: (env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    const env = { XDG_CACHE_HOME: folder, HOME: folder, PATH: "" };
    for (const name of built) {
      await mkdir(dirname(pinnedPath(name, env)), { recursive: true });
      await writeFile(pinnedPath(name, env), "");
    }
    return use(env);
  });
}

test("where all that is to run is built, nothing is missing, whatever checkers are", async () => {
  await withBuilt(["loki", "prometheus"], async (env) => {
    expect(await missingPrograms(["loki", "prometheus"], env)).toEqual([]);
  });
});

test("with a program to build, its checkers are built along, longest builds first", async () => {
  await withBuilt(["prometheus", "promtool"], async (env) => {
    expect(await missingPrograms(["prometheus", "loki"], env)).toEqual(["loki", "lokitool", "amtool"]);
  });
});

test("what obs can't build is somebody else's to find", async () => {
  await withBuilt([], async (env) => {
    expect(await missingPrograms(["tempo", "/opt/grafana/bin/grafana"], env)).toEqual([]);
  });
});
