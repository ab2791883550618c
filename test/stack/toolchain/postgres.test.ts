import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectAt } from "../../../stack/project.js";
import { locateAll } from "../../../stack/runtime/native/locate.js";
import { findPostgres, packagedPostgres } from "../../../stack/toolchain/postgres.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "obs-find-postgres-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A folder with a server that says it is this version; with an initdb unless told otherwise. */
async function server(place: string, version: string, names = ["postgres", "initdb"]): Promise<string> {
  const bin = join(folder, place);
  await mkdir(bin, { recursive: true });
  for (const name of names) {
    await writeFile(join(bin, name), `#!/bin/sh\necho "${name} (PostgreSQL) ${version}"\n`);
    await chmod(join(bin, name), 0o755);
  }
  return bin;
}

/** As on a machine for which no package brings a server. */
const found = (...path: string[]) =>
  findPostgres({
    packaged: undefined,
    env: { PATH: path.join(":") },
    debian: join(folder, "debian"),
  });

test("the server that was installed with obs comes before all others", async () => {
  const onPath = await server("path", "18.4");
  const packaged = await server("package", "18.4");
  expect(await findPostgres({ packaged, env: { PATH: onPath } })).toBe(join(packaged, "postgres"));
  // It is there on the machines that run these tests.
  expect(packagedPostgres()).toBeDefined();
});

test("else it is the first on PATH that is complete and new enough, then Debian's newest", async () => {
  const old = await server("old", "13.22");
  const alone = await server("alone", "17.1", ["postgres"]);
  const good = await server("good", "16.2 (Debian 16.2-1)");
  await server("debian/9/bin", "9.6.24");
  const debian = await server("debian/15/bin", "15.18");
  await server("debian/14/bin", "14.2");
  expect(await found(old, alone, good)).toBe(join(good, "postgres"));
  expect(await found(old, alone)).toBe(join(debian, "postgres"));
});

test("a machine without a server is told of before anything starts, with all the ways out", async () => {
  const old = await server("old", "13.22");
  expect(await found(old)).toBeUndefined();
  const plan = { name: "postgres", program: "postgres" } as Parameters<typeof locateAll>[1][number];
  await expect(
    locateAll(projectAt(join(folder, "obs.config.ts")), [plan], () => found(old)),
  ).rejects.toMatchObject({
    exitCode: 2,
    problems: [
      {
        id: "program-missing",
        what: "The program postgres, which runs postgres, is not on this machine.",
        next: expect.stringMatching(/apt-get install postgresql.*Docker.*databaseUrl.*enabled: false/s),
      },
    ],
  });
});
