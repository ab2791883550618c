import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { packageRoot, packageVersion } from "../../stack/package-root.js";
import { withFolder } from "../support/temporary-folder.js";

const npmQuietly = ["--no-audit", "--no-fund", "--loglevel=error"];

/** The package as it would be published, and what is in it. */
async function pack(into: string): Promise<{ file: string; paths: string[] }> {
  const { stdout } = await execa("npm", ["pack", "--json", "--pack-destination", into], { cwd: packageRoot });
  // What prepack prints comes before the JSON.
  const [packed] = JSON.parse(stdout.slice(stdout.search(/^\[/m))) as [
    { filename: string; files: { path: string }[] },
  ];
  return { file: join(into, packed.filename), paths: packed.files.map(({ path }) => path) };
}

test("the package holds what a user needs, and neither tests nor our own sources", async () => {
  await withFolder(async (folder) => {
    const { paths } = await pack(folder);
    expect(paths).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        "CHANGELOG.md",
        "docs/cli.md",
        "dist/cli/main.js",
        "dist/stack/index.js",
        "dist/stack/index.d.ts",
        "dist/alerts/index.js",
        "dist/alerts/index.d.ts",
        "dist/dashboards/index.js",
        "dist/dashboards/index.d.ts",
        "dist/llm/sdk/index.js",
        "dist/llm/sdk/index.cjs",
        "dist/llm/sdk/index.d.ts",
        "dist/stack/runtime/native/supervisor.js",
        "dist/third-party-licenses.txt",
        "stack/init/template/env",
        "stack/init/template/gitignore",
        "stack/toolchain/otelcol/go.mod",
        "stack/toolchain/otelcol/main.go",
        "stack/toolchain/prometheus/go.sum",
      ]),
    );
    const unwanted =
      /^test\/|\.test\.|^cli\/|^stack\/(?!init\/template\/).*\.ts$|^dist\/(?!cli|stack|alerts|dashboards|chunks|llm\/|third-party)|\.map$|\.built$/;
    expect(paths.filter((path) => unwanted.test(path))).toEqual([]);
  });
}, 120_000);

test("installed from the package into an empty folder, obs makes a project and finds it valid", async () => {
  await withFolder(async (folder) => {
    const { file } = await pack(folder);
    const home = join(folder, "home");
    const project = join(home, "project");
    const run = (command: string, args: string[], cwd: string) => execa(command, args, { cwd, all: true });
    await run("mkdir", ["-p", project], folder);
    await run("npm", ["install", ...npmQuietly, file], project);

    expect((await run("npx", ["obs", "--version"], project)).stdout).toBe(packageVersion);
    expect((await run("npx", ["obs", "init"], project)).stdout).toContain("Made the stack project");
    expect((await run("npx", ["obs", "validate"], project)).stdout).toContain("Valid");
    await run("npx", ["obs", "generate"], project);
    await access(join(project, "docker-compose.yml"));
    expect((await run("npx", ["obs", "generate", "--check"], project)).exitCode).toBe(0);

    // An editor finds the types in node_modules; our own compiler stands in for it.
    expect(await readFile(join(project, "tsconfig.json"), "utf8")).not.toContain("paths");
    const tsc = join(packageRoot, "node_modules", "typescript", "bin", "tsc");
    await run(process.execPath, [tsc, "-p", project], project);
  });
}, 300_000);

test("an application that imports the SDK from the package loads nothing else of it", async () => {
  await withFolder(async (folder) => {
    const { file } = await pack(folder);
    const app = join(folder, "app");
    const run = (command: string, args: string[]) => execa(command, args, { cwd: app, all: true });
    await execa("mkdir", ["-p", app]);
    await writeFile(join(app, "package.json"), '{ "type": "module" }');
    await run("npm", ["install", ...npmQuietly, file]);
    const program = `
      import { init, traced } from "obs-stack/sdk";
      import { createRequire } from "node:module";
      const required = createRequire(import.meta.url)("obs-stack/sdk");
      if (init() !== required.init()) throw new Error("two of them");
      traced("work", () => {});
      const loaded = Object.keys(createRequire(import.meta.url).cache);
      console.log(JSON.stringify(loaded));
    `;
    await writeFile(join(app, "app.mjs"), program);
    const { stdout } = await execa(process.execPath, ["app.mjs"], {
      cwd: app,
      env: { OTEL_TRACES_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none" },
    });
    const packages = (JSON.parse(stdout) as string[]).map(
      (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path.slice(app.length))?.[1],
    );
    expect(new Set(packages)).toEqual(new Set(["obs-stack", "@opentelemetry/api"]));

    await writeFile(
      join(app, "typed.ts"),
      'import { init, withContext } from "obs-stack/sdk";\nconst n: number = withContext({ team: "a" }, () => 1);\nvoid init().flush().then(() => n);\n',
    );
    const tsc = join(packageRoot, "node_modules", "typescript", "bin", "tsc");
    await run(process.execPath, [
      tsc,
      "--noEmit",
      "--strict",
      "--module",
      "nodenext",
      "--types",
      "",
      "typed.ts",
    ]);
  });
}, 300_000);

test("from a clone, an editor finds the types of a new project outside it as well", async () => {
  await withFolder(async (folder) => {
    await execa(join(packageRoot, "obs"), ["init", "shop"], { cwd: folder });
    const tsc = join(packageRoot, "node_modules", "typescript", "bin", "tsc");
    await execa(process.execPath, [tsc, "-p", join(folder, "shop")], { cwd: folder, all: true });
  });
}, 120_000);
