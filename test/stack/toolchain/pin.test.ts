import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostPlatform, modulesDir, pinHash } from "../../../stack/toolchain/pin.js";
import { type Program, programNames, programs } from "../../../stack/toolchain/programs.js";
import { versions } from "../../../stack/versions.js";

const copies: string[] = [];

async function copyOfModules(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "obs-pins-"));
  copies.push(folder);
  await cp(modulesDir, folder, { recursive: true });
  return folder;
}

afterAll(() => Promise.all(copies.map((folder) => rm(folder, { recursive: true }))));

test("the pin is the same wherever the sources lie", async () => {
  expect(pinHash("otelcol", hostPlatform, await copyOfModules())).toBe(pinHash("otelcol"));
});

test.each(["go.mod", "go.sum", "components.go"])("the pin changes when %s changes", async (file) => {
  const modules = await copyOfModules();
  await appendFile(join(modules, "otelcol", file), "\n");
  expect(pinHash("otelcol", hostPlatform, modules)).not.toBe(pinHash("otelcol"));
});

test("the pin changes when a source file is added", async () => {
  const modules = await copyOfModules();
  await writeFile(join(modules, "otelcol", "more.go"), "package main\n");
  expect(pinHash("otelcol", hostPlatform, modules)).not.toBe(pinHash("otelcol"));
});

test("the pin doesn't change with a file that the build doesn't read", async () => {
  const modules = await copyOfModules();
  await appendFile(join(modules, "otelcol", "builder.yaml"), "# a remark\n");
  expect(pinHash("otelcol", hostPlatform, modules)).toBe(pinHash("otelcol"));
});

test("the pin tells platforms apart", () => {
  const pins = ["amd64", "arm64"].map((arch) => pinHash("amtool", { os: "linux", arch }));
  expect(new Set(pins).size).toBe(2);
});

test("two programs of one module have pins of their own", () => {
  expect(pinHash("prometheus")).not.toBe(pinHash("promtool"));
});

test.each(programNames)("go.mod pins %s to the version in versions.ts", async (name) => {
  const program: Program = programs[name];
  const goMod = await readFile(join(modulesDir, program.folder, "go.mod"), "utf8");
  expect(goMod).toContain(`${program.module} ${program.moduleVersion}`);
});

test("every component of the collector is of the collector's version, or of the stable version beside it", async () => {
  const [builder, goMod] = await Promise.all(
    ["builder.yaml", "go.mod"].map((file) => readFile(join(modulesDir, "otelcol", file), "utf8")),
  );
  expect(builder).toContain(`version: ${versions.otelcol}`);
  for (const [, module, version] of builder!.matchAll(/gomod: (\S+) (\S+)/g)) {
    expect(goMod).toContain(`${module} ${version}`);
    if (!module!.includes("/confmap/provider/")) expect(version).toBe(`v${versions.otelcol}`);
  }
});
