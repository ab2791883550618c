import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { packageRoot } from "../../stack/package-root.js";

/** An application of the telemetry tests, ready to be run. */
export interface ClientProgram {
  /** Runs it until it has handed over everything; returns the ids of its traces. Fails when it complains of anything. */
  run(orders: number, env: Record<string, string>): Promise<string[]>;
}

const sources = fileURLToPath(new URL("../e2e/", import.meta.url));

/** The Python application, with the packages that its requirements.txt pins in a virtual environment of its own. */
export async function pythonProgram(): Promise<ClientProgram> {
  const python = await pythonWith("requirements.txt");
  return program(python, join(sources, "python", "app.py"));
}

/** A Python program of test/e2e/python, with the packages of a list of pins: hands it arguments, returns what it prints. */
export async function pythonScript(
  script: string,
  requirements: string,
): Promise<(args: readonly string[], env: Record<string, string>) => Promise<string>> {
  const python = await pythonWith(requirements);
  return (args, env) => ran(python, [join(sources, "python", script), ...args], env);
}

/** The interpreter of a virtual environment with the packages that a list pins. */
async function pythonWith(list: string): Promise<string> {
  const requirements = join(sources, "python", list);
  const home = await installed("python", requirements, async (target) => {
    await execa("python3", ["-m", "venv", target]);
    // `-m pip` instead of its script, which has the folder's first name in it; this folder is about to be renamed.
    await execa(join(target, "bin/python"), [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--no-deps",
      "-r",
      requirements,
    ]);
  });
  return join(home, "bin/python");
}

/** The Node application, with the packages that its lock file pins. */
export async function nodeProgram(): Promise<ClientProgram> {
  const folder = join(sources, "node");
  const home = await installed("node", join(folder, "package-lock.json"), async (target) => {
    for (const name of ["package.json", "package-lock.json"])
      await cp(join(folder, name), join(target, name));
    await execa("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: target });
  });
  // It finds its packages beside itself.
  await cp(join(folder, "app.mjs"), join(home, "app.mjs"));
  return program(process.execPath, join(home, "app.mjs"));
}

function program(command: string, file: string): ClientProgram {
  return {
    async run(orders, env) {
      const stdout = await ran(command, [file, String(orders)], env);
      return stdout.split("\n").filter((line) => /^[0-9a-f]{32}$/.test(line));
    },
  };
}

/** What a program prints that is told nothing but `env` of telemetry. Throws when it complains of anything. */
async function ran(command: string, args: readonly string[], env: Record<string, string>): Promise<string> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(OTEL_|NODE_OPTIONS$|NODE_ENV$|JEST_)/.test(name)),
  );
  const { stdout, stderr } = await execa(command, args, {
    env: { ...inherited, ...env } as Record<string, string>,
    extendEnv: false,
    timeout: 120_000,
  });
  if (/error|exception|traceback/i.test(stderr)) throw new Error(`${args[0]} complained:\n${stderr}`);
  return stdout;
}

/** A folder that `fill` fills once for a list of pins; a half-filled one is never used. */
async function installed(
  name: string,
  pins: string,
  fill: (target: string) => Promise<void>,
): Promise<string> {
  const digest = createHash("sha256")
    .update(await readFile(pins))
    .digest("hex")
    .slice(0, 12);
  const home = join(packageRoot, "node_modules/.cache/obs-test-programs", `${name}-${digest}`);
  if (existsSync(home)) return home;
  await mkdir(dirname(home), { recursive: true });
  const target = await mkdtemp(`${home}.`);
  try {
    await fill(target);
    await rename(target, home);
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
  return home;
}
