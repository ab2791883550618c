import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { installPrograms } from "../../stack/toolchain/install.js";
import type { ProgramName } from "../../stack/toolchain/programs.js";
import { images, versions } from "../../stack/versions.js";

/** Registry of the test images, for `images.registry` of a definition. No such host can exist: `.invalid` is reserved. */
export const testRegistry = "obs-test.invalid";

/** Image with which a test plays an application: the trace generator. */
export const applicationImage = `${testRegistry}/telemetrygen:${versions.telemetrygen}`;

/** How the upstream image of a program is made, as far as it matters to whoever runs it. */
interface Recipe {
  image: string;
  program: ProgramName;
  /** Path of the program, its entry point. */
  path: string;
  user: string;
  /** The folder its user may write to, if any. */
  writable?: { path: string; owner: number; mode: number };
  /** Whether the image declares that folder a volume. */
  volume?: boolean;
}

const nobody = 65534;

const recipes: readonly Recipe[] = [
  { image: images["otel-collector"], program: "otelcol", path: "/otelcol-contrib", user: "10001:10001" },
  {
    image: images.prometheus,
    program: "prometheus",
    path: "/bin/prometheus",
    user: "nobody",
    writable: { path: "/prometheus", owner: nobody, mode: 0o755 },
    volume: true,
  },
  {
    image: images.alertmanager,
    program: "alertmanager",
    path: "/bin/alertmanager",
    user: "nobody",
    writable: { path: "/alertmanager", owner: nobody, mode: 0o755 },
    volume: true,
  },
  {
    image: images.loki,
    program: "loki",
    path: "/usr/bin/loki",
    user: "10001",
    writable: { path: "/loki", owner: 10001, mode: 0o755 },
  },
  {
    image: images.jaeger,
    program: "jaeger",
    path: "/go/bin/all-in-one-linux",
    user: "10001",
    writable: { path: "/tmp", owner: 0, mode: 0o1777 },
    volume: true,
  },
  { image: images["node-exporter"], program: "node_exporter", path: "/bin/node_exporter", user: "nobody" },
  {
    image: applicationImage.slice(testRegistry.length + 1),
    program: "telemetrygen",
    path: "/telemetrygen",
    user: "10001:10001",
  },
];

/**
 * Makes images from the toolchain's programs that behave like the upstream ones which can't be pulled everywhere: same
 * user, entry point and writable folder, nothing else inside. Grafana and Tempo can't be built; tests leave them out.
 * Does nothing for an image whose program has not changed. Builds the programs first where they are missing.
 */
export async function buildTestImages(): Promise<void> {
  const { programs, problems } = await installPrograms(recipes.map(({ program }) => program));
  const paths = new Map(programs.map(({ name, path }) => [name, path]));
  for (const recipe of recipes) {
    const path = paths.get(recipe.program);
    if (path === undefined)
      throw new Error(`no ${recipe.program}: ${problems.map(({ what }) => what).join("; ")}`);
    await build(recipe, path);
  }
}

async function build(recipe: Recipe, program: string): Promise<void> {
  const tag = `${testRegistry}/${recipe.image}`;
  const content = await contentHash(recipe, program);
  const label = '{{index .Config.Labels "obs.test.content"}}';
  const present = await execa("docker", ["image", "inspect", "--format", label, tag], { reject: false });
  if (present.stdout === content) return;

  const folder = await mkdtemp(join(tmpdir(), "obs-image-"));
  try {
    const archive = join(folder, "image.tar");
    await packRoot(recipe, program, join(folder, "root"), archive);
    await packWritable(recipe, join(folder, "writable"), archive);
    const changes = [
      `ENTRYPOINT ["${recipe.path}"]`,
      `USER ${recipe.user}`,
      `LABEL obs.test.content=${content}`,
      ...(recipe.volume && recipe.writable ? [`VOLUME ["${recipe.writable.path}"]`] : []),
    ];
    await execa("docker", ["import", ...changes.flatMap((change) => ["--change", change]), archive, tag]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Everything that belongs to root: the program, who nobody is, whom to trust. */
async function packRoot(recipe: Recipe, program: string, root: string, archive: string): Promise<void> {
  await mkdir(join(root, dirname(recipe.path)), { recursive: true });
  await symlink(program, join(root, recipe.path));
  await mkdir(join(root, "etc"), { recursive: true });
  await writeFile(
    join(root, "etc", "passwd"),
    `root:x:0:0::/root:/none\nnobody:x:${nobody}:${nobody}::/:/none\n`,
  );
  await writeFile(join(root, "etc", "group"), `root:x:0:\nnobody:x:${nobody}:\n`);
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

async function contentHash(recipe: Recipe, program: string): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(recipe));
  for await (const chunk of createReadStream(program)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
