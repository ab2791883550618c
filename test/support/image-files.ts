import { existsSync, readdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { packageRoot } from "../../stack/package-root.js";
import { packagedPostgres } from "../../stack/toolchain/postgres.js";

/** What is in Node's image, of what this machine has: path there, file here. */
export async function nodeFiles(): Promise<Map<string, string>> {
  return withLibraries(
    new Map([
      ["/usr/local/bin/node", process.execPath],
      ["/usr/local/bin/docker-entrypoint.sh", join(packageRoot, "test/support/node-entrypoint.sh")],
      ...shell(),
    ]),
  );
}

/** The same for PostgreSQL's image: the server that is installed with obs, where Debian's package puts its own. */
export async function postgresFiles(): Promise<Map<string, string>> {
  const bin = packagedPostgres();
  if (bin === undefined) throw new Error("no PostgreSQL is installed with obs for this platform");
  const home = "/usr/lib/postgresql/18";
  const lib = join(dirname(bin), "lib");
  const files = new Map<string, string>([
    ...shell(),
    ...["cat", "chown", "cksum", "id", "ln", "mv", "rm", "sed", "setpriv", "true", "unshare"].map(
      (name) => [`/usr/bin/${name}`, onPath(name)] as const,
    ),
    ...["initdb", "postgres"].map((name) => [`${home}/bin/${name}`, join(bin, name)] as const),
    [`${home}/share`, join(dirname(bin), "share")],
    [`${home}/lib/postgresql`, join(lib, "postgresql")],
  ]);
  for (const name of readdirSync(lib).filter((each) => /\.so\.\d/.test(each))) {
    files.set(`${home}/lib/${name}`, join(lib, name));
    // Programs ask for `libx.so.1`; the link to `libx.so.1.2` may not have been made.
    const short = /^(.+\.so\.\d+)\.\d+$/.exec(name)?.[1];
    if (short) files.set(`${home}/lib/${short}`, join(lib, name));
  }
  return withLibraries(files);
}

function shell(): [string, string][] {
  return [["/bin/sh", realpathSync("/bin/sh")]];
}

function onPath(name: string): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`no ${name} on PATH`);
  return realpathSync(found);
}

/** With the shared libraries of the machine that the programs among these files load. */
async function withLibraries(files: Map<string, string>): Promise<Map<string, string>> {
  const programs = [...files].filter(([path]) => /\/bin\/[^.]+$/.test(path)).map(([, source]) => source);
  const { stdout } = await execa("ldd", programs);
  // Those that lie beside a program of a package are brought by whoever wants it.
  const libraries = [...stdout.matchAll(/(\/\S+) \(0x/g)]
    .map(([, path]) => path!)
    .filter((path) => !path.includes("/node_modules/"));
  return new Map([...files, ...libraries.map((path) => [path, path] as const)]);
}
