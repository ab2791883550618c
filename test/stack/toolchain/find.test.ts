import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { candidatesOnPath, findOnPath, findProgram } from "../../../stack/toolchain/find.js";
import { versions } from "../../../stack/versions.js";
import { type FakeWorld, fakeWorld } from "./fake-world.js";

let world: FakeWorld;
beforeEach(async () => {
  world = await fakeWorld();
});
afterEach(() => world.remove());

const prints = (version: string) => `echo "program, version ${version} (branch: HEAD)"`;

test("finds nothing on a bare machine", async () => {
  expect(await findProgram("promtool", world.env)).toBeUndefined();
});

test("takes the built program without starting anything", async () => {
  const path = await world.putInCache("promtool");
  await world.put("promtool", `: > ${world.root}/started`);
  expect(await findProgram("promtool", world.env)).toEqual({
    name: "promtool",
    version: versions.prometheus,
    path,
    from: "cache",
  });
  expect(existsSync(join(world.root, "started"))).toBe(false);
});

test("takes a program on PATH that is of the pinned version", async () => {
  const path = await world.put("promtool", prints(versions.prometheus));
  expect(await findProgram("promtool", world.env)).toEqual({
    name: "promtool",
    version: versions.prometheus,
    path,
    from: "path",
  });
});

test("leaves a program on PATH that is of another version", async () => {
  const path = await world.put("promtool", prints("2.42.0"));
  expect(await findProgram("promtool", world.env)).toBeUndefined();
  expect(await candidatesOnPath("promtool", world.env)).toEqual([{ path, version: "2.42.0" }]);
});

test("passes by a wrong version to a right one further on", async () => {
  const further = join(world.root, "further");
  await world.put("promtool", prints("2.42.0"));
  const path = await world.put("promtool", prints(versions.prometheus), further);
  const env = { ...world.env, PATH: `${world.bin}:${further}` };
  expect((await findProgram("promtool", env))?.path).toBe(path);
});

test("knows the collector under the name of the contributors' distribution", async () => {
  const path = await world.put("otelcol-contrib", `echo "otelcol-contrib version ${versions.otelcol}"`);
  expect((await findProgram("otelcol", world.env))?.path).toBe(path);
});

test("finds Compose among Docker's plugins", async () => {
  const folder = join(world.root, ".docker", "cli-plugins");
  const path = await world.put(
    "docker-compose",
    `echo "Docker Compose version v${versions.compose}"`,
    folder,
  );
  expect((await findProgram("docker-compose", world.env))?.path).toBe(path);
});

test("asks Go about a program that doesn't know its own version", async () => {
  const path = await world.put("amtool", prints(""));
  expect(await findProgram("amtool", world.env)).toBeUndefined();
  await world.put(
    "go",
    `printf '\\tmod\\tgithub.com/prometheus/alertmanager\\tv${versions.alertmanager}\\th1:x=\\n'`,
  );
  expect((await findProgram("amtool", world.env))?.path).toBe(path);
});

test("finds programs that can only come from PATH", async () => {
  expect(await findOnPath("tempo", undefined, world.env)).toBeUndefined();
  const path = await world.put("tempo", prints(versions.tempo));
  expect(await findOnPath("tempo", undefined, world.env)).toEqual({
    name: "tempo",
    version: versions.tempo,
    path,
    from: "path",
  });
});

test("is not held up by a program that fails or can't be started", async () => {
  await world.put("promtool", "exit 3");
  expect(await candidatesOnPath("promtool", world.env)).toMatchObject([{ version: undefined }]);
  await writeFile(join(world.bin, "promtool"), "\0 not for this machine");
  expect(await candidatesOnPath("promtool", world.env)).toMatchObject([{ version: undefined }]);
});
