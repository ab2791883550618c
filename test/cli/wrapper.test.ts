import { copyFile, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { packageRoot } from "../../stack/package-root.js";
import { isRunning } from "../support/processes.js";
import { withFolder } from "../support/temporary-folder.js";
import { waitFor } from "../support/wait-for.js";

/** A clone in small: the real wrapper and build script, a bundler that copies, an npm that installs it. */
interface Clone {
  root: string;
  /** Runs a program of the clone (default: its `obs`) from elsewhere. */
  run(
    args?: string[],
    options?: { command?: string; env?: Record<string, string> },
  ): ReturnType<typeof execa>;
  write(path: string, text: string): Promise<void>;
  /** How often the bundler, or npm, has run. */
  builds(): Promise<number>;
  installs(): Promise<number>;
}

// Takes the text of cli/main.ts for JavaScript; its chunk is called as the text says.
const bundler = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
export async function build({ absWorkingDir, outdir }) {
  appendFileSync(join(absWorkingDir, "builds.log"), "x");
  const text = readFileSync(join(absWorkingDir, "cli/main.ts"), "utf8");
  for (const folder of ["cli", "chunks"]) mkdirSync(join(outdir, folder), { recursive: true });
  writeFileSync(join(outdir, "cli", "main.js"), text);
  writeFileSync(join(outdir, "chunks", (/"(one|two)"/.exec(text)?.[1] ?? "other") + ".js"), "");
  return { metafile: { inputs: { "cli/main.ts": {}, "node_modules/typescript/bin/tsc": {} } } };
}
`;

// Anything called "broken" doesn't compile.
const compiler = `
const { readFileSync } = require("node:fs");
if (readFileSync("cli/main.ts", "utf8").includes("broken")) {
  console.log("cli/main.ts(1,1): error TS1005: ';' expected.");
  process.exit(2);
}
`;

const npm = `#!/bin/sh
printf x >> installs.log
[ -e offline ] && { echo "npm error network" >&2; exit 1; }
rm -rf node_modules
mkdir -p node_modules/typescript/bin node_modules/esbuild
cp compiler.cjs node_modules/typescript/bin/tsc
echo '{ "name": "typescript", "version": "7.0.0", "license": "Apache-2.0" }' > node_modules/typescript/package.json
echo "The terms" > node_modules/typescript/LICENSE.txt
cp bundler.mjs node_modules/esbuild/index.mjs
echo '{ "name": "esbuild", "exports": "./index.mjs" }' > node_modules/esbuild/package.json
echo "{}" > node_modules/.package-lock.json
`;

async function withClone(use: (clone: Clone) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const root = join(folder, "a clone");
    const clone: Clone = {
      root,
      run: (args = [], { command = join(root, "obs"), env = {} } = {}) =>
        execa(command, args, {
          cwd: folder,
          reject: false,
          env: { PATH: `${join(folder, "bin")}:${process.env.PATH}`, ...env },
        }),
      async write(path, text) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), text);
      },
      builds: () => countOf(join(root, "builds.log")),
      installs: () => countOf(join(root, "installs.log")),
    };
    await clone.write("cli/main.ts", 'console.log("one", ...process.argv.slice(2));');
    await clone.write("package.json", '{ "type": "module", "bin": { "obs": "./dist/cli/main.js" } }');
    await clone.write("package-lock.json", "{}");
    await clone.write("tsconfig.json", "{}");
    await clone.write("tsconfig.build.json", "{}");
    await clone.write("compiler.cjs", compiler);
    await clone.write("bundler.mjs", bundler);
    await mkdir(join(root, "scripts"));
    for (const file of ["obs", "scripts/build.mjs", "scripts/build-page.mjs"])
      await copyFile(join(packageRoot, file), join(root, file));
    await mkdir(join(folder, "bin"));
    await writeFile(join(folder, "bin", "npm"), npm, { mode: 0o755 });
    await use(clone);
  });
}

async function countOf(file: string): Promise<number> {
  return (await readFile(file, "utf8").catch(() => "")).length;
}

/** Lets an hour pass for all files, so that whatever is written next is newer, however coarse the file system's clock is. */
async function letTimePass(root: string): Promise<void> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isSymbolicLink())
    .map(({ parentPath, name }) => join(parentPath, name));
  for (const path of [root, ...paths]) {
    const earlier = new Date((await stat(path)).mtimeMs - 3_600_000);
    await utimes(path, earlier, earlier);
  }
}

async function touch(file: string): Promise<void> {
  await utimes(file, new Date(), new Date());
}

test("the first run installs, builds, and passes arguments on; the second does neither", async () => {
  await withClone(async ({ run, builds, installs }) => {
    const first = await run(["a b", "c"]);
    expect(first).toMatchObject({ exitCode: 0, stdout: "one a b c" });
    expect(first.stderr).toBe("obs: installing dependencies (npm ci) ...\nobs: building obs ...");
    const second = await run(["d"]);
    expect(second).toMatchObject({ exitCode: 0, stdout: "one d", stderr: "" });
    expect([await installs(), await builds()]).toEqual([1, 1]);
  });
});

test("its exit code is that of the command line", async () => {
  await withClone(async ({ run, write }) => {
    await write("cli/main.ts", "process.exit(7);");
    expect((await run()).exitCode).toBe(7);
  });
});

test("a signal reaches the command line itself: there is no process in between", async () => {
  await withClone(async ({ run, write }) => {
    await write(
      "cli/main.ts",
      'setInterval(() => {}, 1000); process.on("SIGTERM", () => process.exit(9)); console.log(process.pid);',
    );
    const child = run();
    let out = "";
    child.stdout?.on("data", (chunk) => {
      out += chunk;
    });
    await waitFor("the command line runs", () => out.includes("\n"));
    expect(Number(out)).toBe(child.pid);
    child.kill("SIGTERM");
    expect((await child).exitCode).toBe(9);
    expect(isRunning(child.pid!)).toBe(false);
  });
});

test("an edited, an added and a removed source each mean one new build, and nothing old stays in dist", async () => {
  await withClone(async ({ run, write, root, builds }) => {
    const buildsOf = async (edit: () => Promise<void>) => {
      await letTimePass(root);
      const before = await builds();
      await edit();
      await run();
      await run();
      return (await builds()) - before;
    };
    await run();
    expect(await buildsOf(async () => {})).toBe(0);
    expect(await buildsOf(() => write("cli/main.ts", 'console.log("two");'))).toBe(1);
    expect((await run()).stdout).toBe("two");
    const [gone, old] = [join(root, "dist", "gone.js"), join(root, "dist", "chunks", "old.js")];
    for (const file of [gone, old]) await writeFile(file, "");
    await utimes(old, 0, 0);
    expect(await buildsOf(() => write("stack/new/file.ts", ""))).toBe(1);
    expect((await readdir(join(root, "dist"), { recursive: true })).sort()).toEqual([
      ".built",
      // What a command that began with the build before may still import.
      "chunks",
      "chunks/one.js",
      "chunks/two.js",
      "cli",
      "cli/main.js",
      "third-party-licenses.txt",
    ]);
    expect(await buildsOf(() => rm(join(root, "stack", "new", "file.ts")))).toBe(1);
    expect(await buildsOf(() => touch(join(root, "tsconfig.json")))).toBe(1);
  });
});

test("generated configuration and files that aren't sources mean no build", async () => {
  await withClone(async ({ run, write, root, builds }) => {
    await write("stack/generated/prometheus.yml", "");
    await write("stack/notes.md", "");
    await run();
    await letTimePass(root);
    await write("stack/generated/other.json", "");
    await write("stack/notes.md", "edited");
    await run();
    expect(await builds()).toBe(1);
  });
});

test("a changed lock file installs anew; a touched one doesn't", async () => {
  await withClone(async ({ run, write, root, installs }) => {
    await run();
    await letTimePass(root);
    await touch(join(root, "package-lock.json"));
    await run();
    expect(await installs()).toBe(1);
    await letTimePass(root);
    await write("package-lock.json", '{ "other": true }');
    await run();
    await run();
    expect(await installs()).toBe(2);
  });
});

test("what doesn't compile is shown, and the former build stays whole", async () => {
  await withClone(async ({ run, write, root }) => {
    await run();
    await letTimePass(root);
    await write("cli/main.ts", "broken");
    const failed = await run();
    expect(failed.exitCode).toBe(2);
    expect(failed.stderr).toContain("error TS1005");
    expect(await readFile(join(root, "dist", "cli", "main.js"), "utf8")).toContain("one");
    expect(await readdir(join(root, ".build"))).toEqual([]);
  });
});

test("an installation that fails says so with npm's words, and the next run tries again", async () => {
  await withClone(async ({ run, write, root }) => {
    await write("offline", "");
    const failed = await run();
    expect(failed.exitCode).toBe(2);
    expect(failed.stderr).toContain("npm error network");
    await rm(join(root, "offline"));
    expect((await run()).stdout).toBe("one");
  });
});

test("many at once build once, and all of them run", async () => {
  await withClone(async ({ run, builds, installs }) => {
    const runs = await Promise.all(Array.from({ length: 6 }, (_, at) => run([String(at)])));
    expect(runs.map(({ stdout }) => stdout)).toEqual([0, 1, 2, 3, 4, 5].map((at) => `one ${at}`));
    expect([await installs(), await builds()]).toEqual([1, 1]);
  });
});

test("what a killed build left behind is in nobody's way", async () => {
  await withClone(async ({ run, root, write }) => {
    const gone = await execa("node", ["-p", "process.pid"]);
    await write(".build/lock", gone.stdout);
    await write(".build/out-1/cli/main.js", "half");
    expect((await run()).stdout).toBe("one");
    expect(await readdir(join(root, ".build"))).toEqual([]);
  });
});

test("it works through symbolic links, relative ones too, and from its own folder", async () => {
  await withClone(async ({ run, root }) => {
    const folder = dirname(root);
    await symlink(join(root, "obs"), join(folder, "absolute"));
    await symlink("a clone/obs", join(folder, "relative"));
    await symlink("relative", join(folder, "twice"));
    for (const command of ["absolute", "relative", "twice"])
      expect((await run([], { command: join(folder, command) })).stdout).toBe("one");
    const inside = await execa("./obs", [], {
      cwd: root,
      env: { PATH: `${join(folder, "bin")}:${process.env.PATH}` },
    });
    expect(inside.stdout).toBe("one");
    const onPath = await run([], { command: "absolute", env: { PATH: `${folder}:${process.env.PATH}` } });
    expect(onPath.stdout).toBe("one");
  });
});

describe("where Node.js doesn't fit", () => {
  /** A PATH with what the wrapper itself needs, and maybe a node that only tells its version. */
  async function pathWith(folder: string, version?: string): Promise<string> {
    const bin = join(folder, "other-bin");
    await mkdir(bin);
    for (const name of ["find", "readlink"]) await symlink(await which(name), join(bin, name));
    if (version) await writeFile(join(bin, "node"), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
    return bin;
  }

  async function which(name: string): Promise<string> {
    return (await execa("sh", ["-c", `command -v ${name}`])).stdout;
  }

  test("its absence is told with where to get it", async () => {
    await withClone(async ({ run, root }) => {
      const { exitCode, stderr } = await run([], { env: { PATH: await pathWith(dirname(root)) } });
      expect(exitCode).toBe(2);
      expect(stderr).toContain("Node.js is not installed");
    });
  });

  test.each(["v18.20.4", "v20.11.1", "v8.17.0"])("%s is too old, and that is told", async (version) => {
    await withClone(async ({ run, root }) => {
      const { exitCode, stderr } = await run([], { env: { PATH: await pathWith(dirname(root), version) } });
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`this is Node.js ${version.slice(1)}; 20.12 or newer is needed`);
    });
  });
});
