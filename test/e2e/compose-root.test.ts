import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { postgresScript } from "../../stack/services/postgres-script.js";
import { images } from "../../stack/versions.js";
import { freePorts } from "../support/free-ports.js";
import { buildTestImages, testRegistry } from "../support/images.js";
import { query } from "../support/stack-postgres.js";
import { waitFor } from "../support/wait-for.js";

// A stack without Docker inside somebody's container: there obs is root, and may make no user name space.

let folder: string;
let name: string;
beforeAll(async () => {
  await buildTestImages();
  folder = await mkdtemp(join(tmpdir(), "obs-root-"));
  name = folder.slice(folder.lastIndexOf("/") + 1).toLowerCase();
}, 1_800_000);
afterAll(async () => {
  await execa("docker", ["rm", "--force", "--volumes", name], { reject: false });
  await rm(folder, { recursive: true, force: true });
});

test("PostgreSQL runs for root in a container, as nobody, and again on the same data", async () => {
  await writeFile(join(folder, "run.sh"), postgresScript);
  await writeFile(join(folder, "password"), "secret\n", { mode: 0o600 });
  await writeFile(join(folder, "pg_hba.conf"), "host all all all scram-sha-256\n");
  const [port] = await freePorts(1);
  await execa("docker", [
    ...["run", "--detach", "--name", name, "--user", "0", "--volume", `${folder}:/obs`],
    ...["--publish", `127.0.0.1:${port}:5432`, "--entrypoint", "/bin/sh"],
    ...[`${testRegistry}/${images.postgres}`, "/obs/run.sh", "/usr/lib/postgresql/18/bin/postgres"],
    ...["/obs", "/obs/password", "-c", "listen_addresses=0.0.0.0", "-c", "unix_socket_directories="],
    ...["-c", "hba_file=/obs/pg_hba.conf"],
  ]);
  const connection = {
    host: "127.0.0.1",
    port: port!,
    database: "postgres",
    user: "obs",
    password: "secret",
  };
  const answers = () => waitFor("PostgreSQL to answer", () => query(connection, "SELECT 1"));
  await answers();
  const { stdout } = await execa("docker", ["top", name, "-eo", "pid,uid,comm"]);
  expect(stdout).toMatch(/ 65534 +postgres$/m);
  expect(stdout).not.toMatch(/ 0 +postgres$/m);
  await execa("docker", ["restart", name]);
  await answers();
}, 300_000);
