import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { installPrograms } from "../../stack/toolchain/install.js";
import type { ProgramName } from "../../stack/toolchain/programs.js";
import { images, versions } from "../../stack/versions.js";
import { nodeFiles, postgresFiles } from "./image-files.js";

/** Registry of the test images, for `images.registry` of a definition. No such host can exist: `.invalid` is reserved. */
export const testRegistry = "obs-test.invalid";

/** Image with which a test plays an application: the trace generator. */
export const applicationImage = `${testRegistry}/telemetrygen:${versions.telemetrygen}`;

/** How the upstream image of a program is made, as far as it matters to whoever runs it. */
interface Recipe {
  image: string;
  /** A static program, which lies at `path`, or all that there is in the image: its paths, and the files of this machine. */
  content: ProgramName | (() => Promise<ReadonlyMap<string, string>>);
  /** The entry point. */
  path: string;
  /** As Docker knows it. By name it must be among {@link users}. */
  user: string;
  /** Where its shell finds programs. */
  searchPath?: string;
  /** The folder its user may write to, if any. */
  writable?: { path: string; owner: number; mode: number };
  /** Whether the image declares that folder a volume. */
  volume?: boolean;
}

const nobody = 65534;
/** Who is known by name in all of them. */
const users = { root: 0, nobody, postgres: 999, node: 1000 };

const recipes: readonly Recipe[] = [
  { image: images["otel-collector"], content: "otelcol", path: "/otelcol-contrib", user: "10001:10001" },
  {
    image: images.prometheus,
    content: "prometheus",
    path: "/bin/prometheus",
    user: "nobody",
    writable: { path: "/prometheus", owner: nobody, mode: 0o755 },
    volume: true,
  },
  {
    image: images.alertmanager,
    content: "alertmanager",
    path: "/bin/alertmanager",
    user: "nobody",
    writable: { path: "/alertmanager", owner: nobody, mode: 0o755 },
    volume: true,
  },
  {
    image: images.loki,
    content: "loki",
    path: "/usr/bin/loki",
    user: "10001",
    writable: { path: "/loki", owner: 10001, mode: 0o755 },
  },
  {
    image: images.jaeger,
    content: "jaeger",
    path: "/go/bin/all-in-one-linux",
    user: "10001",
    writable: { path: "/tmp", owner: 0, mode: 0o1777 },
    volume: true,
  },
  { image: images["node-exporter"], content: "node_exporter", path: "/bin/node_exporter", user: "nobody" },
  {
    image: images["llm-ledger"],
    content: nodeFiles,
    path: "/usr/local/bin/docker-entrypoint.sh",
    user: "root",
  },
  {
    image: images.postgres,
    content: postgresFiles,
    path: "/usr/lib/postgresql/18/bin/postgres",
    user: "root",
    searchPath: "/usr/bin:/bin:/usr/lib/postgresql/18/bin",
    writable: { path: "/var/lib/postgresql", owner: users.postgres, mode: 0o1777 },
    volume: true,
  },
  {
    image: applicationImage.slice(testRegistry.length + 1),
    content: "telemetrygen",
    path: "/telemetrygen",
    user: "10001:10001",
  },
];

/**
 * Makes images from the toolchain's programs, and from what this machine has of Debian, Node and PostgreSQL, that behave like
 * the upstream ones which can't be pulled everywhere: same user, entry point and writable folder, little else inside.
 * Grafana and Tempo can't be built; tests leave them out. Does nothing for an image whose content has not changed. Builds
 * the programs first where they are missing.
 */
export async function buildTestImages(): Promise<void> {
  const { programs, problems } = await installPrograms(
    recipes.flatMap(({ content }) => (typeof content === "string" ? [content] : [])),
  );
  const paths = new Map<string, string>(programs.map(({ name, path }) => [name, path]));
  for (const recipe of recipes) {
    const { content } = recipe;
    if (typeof content === "function") {
      await build(recipe, await content());
      continue;
    }
    const path = paths.get(content);
    if (path === undefined) throw new Error(`no ${content}: ${problems.map(({ what }) => what).join("; ")}`);
    await build(recipe, new Map([[recipe.path, path]]));
  }
}

async function build(recipe: Recipe, files: ReadonlyMap<string, string>): Promise<void> {
  const tag = `${testRegistry}/${recipe.image}`;
  const content = await contentHash(recipe, files);
  const label = '{{index .Config.Labels "obs.test.content"}}';
  const present = await execa("docker", ["image", "inspect", "--format", label, tag], { reject: false });
  if (present.stdout === content) return;

  const folder = await mkdtemp(join(tmpdir(), "obs-image-"));
  try {
    const archive = join(folder, "image.tar");
    await packRoot(files, join(folder, "root"), archive);
    await packWritable(recipe, join(folder, "writable"), archive);
    const changes = [
      `ENTRYPOINT ["${recipe.path}"]`,
      `USER ${recipe.user}`,
      `LABEL obs.test.content=${content}`,
      ...(recipe.searchPath ? [`ENV PATH=${recipe.searchPath}`] : []),
      ...(recipe.volume && recipe.writable ? [`VOLUME ["${recipe.writable.path}"]`] : []),
    ];
    await execa("docker", ["import", ...changes.flatMap((change) => ["--change", change]), archive, tag]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Everything that belongs to root: the files, who is who, whom to trust. */
async function packRoot(files: ReadonlyMap<string, string>, root: string, archive: string): Promise<void> {
  for (const [path, source] of files) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await symlink(source, join(root, path));
  }
  await mkdir(join(root, "etc"), { recursive: true });
  const known = Object.entries(users);
  await writeFile(
    join(root, "etc", "passwd"),
    known.map(([name, id]) => `${name}:x:${id}:${id}::/:/none\n`).join(""),
  );
  await writeFile(join(root, "etc", "group"), known.map(([name, id]) => `${name}:x:${id}:\n`).join(""));
  const authorities = "etc/ssl/certs/ca-certificates.crt";
  if (existsSync(`/${authorities}`)) {
    await mkdir(join(root, dirname(authorities)), { recursive: true });
    await symlink(`/${authorities}`, join(root, authorities));
  }
  await tar(["--create", "--dereference", "--owner=0", "--group=0"], archive, root);
}

async function packWritable({ writable }: Recipe, root: string, archive: string): Promise<void> {
  if (!writable) return;
  const folder = join(root, writable.path);
  await mkdir(folder, { recursive: true });
  await chmod(folder, writable.mode);
  await tar(["--append", `--owner=${writable.owner}`, `--group=${writable.owner}`], archive, root);
}

async function tar(args: string[], archive: string, folder: string): Promise<void> {
  // By name rather than ".", which would bring the owner of the root folder along.
  await execa("tar", [...args, "--file", archive, "--directory", folder, ...(await readdir(folder))]);
}

async function contentHash(recipe: Recipe, files: ReadonlyMap<string, string>): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify({ ...recipe, users }));
  for (const [path, source] of [...files].sort()) {
    hash.update(path);
    // A folder holds what belongs to programs that are hashed.
    if ((await stat(source)).isDirectory()) continue;
    for await (const chunk of createReadStream(source)) hash.update(chunk as Buffer);
  }
  return hash.digest("hex");
}
