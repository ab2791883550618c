import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { findProgram } from "../../toolchain/find.js";
import { ProblemError } from "../../validate/problem.js";
import { readJunit } from "./junit.js";
import { type Observed, type Probe, testFile } from "./probe.js";

export interface ObserveOptions {
  signal: AbortSignal;
  /** Called as probes are done with. */
  onDone?: (done: number, of: number) => void;
  /** promtool; looked up unless given. */
  promtool?: string;
}

/**
 * Runs probes through `promtool test rules`, on all cores, and gives what was seen, by id. Leaves nothing behind.
 * Throws a ProblemError where there is no promtool, or it dies; rejects when aborted, with no process left.
 */
export async function observe(
  probes: readonly Probe[],
  { signal, onDone, promtool }: ObserveOptions,
): Promise<Map<string, Observed>> {
  const program = promtool ?? (await findPromtool());
  const found = new Map<string, Observed>();
  if (probes.length === 0) return found;
  await inTemporaryFolder(async (folder) => {
    const ruleFiles = new Map<string, string>();
    for (const { rules } of probes)
      if (!ruleFiles.has(rules)) ruleFiles.set(rules, `rules-${ruleFiles.size}.yml`);
    await Promise.all([...ruleFiles].map(([text, name]) => writeFile(join(folder, name), text)));
    await Promise.all(
      probes.map((probe) =>
        writeFile(join(folder, `${probe.id}.json`), testFile(probe, ruleFiles.get(probe.rules)!)),
      ),
    );
    const queue = batches(probes, availableParallelism());
    const work = async () => {
      for (let batch = queue.shift(); batch; batch = queue.shift()) {
        for (const [id, observed] of await runBatch(program, folder, batch, signal)) found.set(id, observed);
        onDone?.(found.size, probes.length);
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work));
  });
  return found;
}

/** Path of promtool. Throws a ProblemError where there is none. */
export async function findPromtool(): Promise<string> {
  const program = await findProgram("promtool");
  if (program) return program.path;
  throw new ProblemError(
    [
      {
        id: "program-missing",
        severity: "error",
        what: "promtool, which runs the cases of rules, is not installed.",
        next: "`obs toolchain install prometheus` builds it.",
      },
    ],
    2,
  );
}

/** Hands a folder to `use` and removes it with whatever promtool left in it. */
export async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "obs-test-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * What a probe costs, in evaluations of groups. Measured: making and loading its database takes as long as about 200.
 */
function costOf({ alerts, samples, interval, evaluation = interval, groups }: Probe): number {
  const end = Math.max(0, ...alerts.map(({ at }) => at), ...samples.map(({ at }) => at));
  return 200 + (end / evaluation) * groups.length;
}

/**
 * Probes in the portions that one process each is given: small enough that all cores end at about the same time, large
 * enough that starting promtool (some 50 ms) doesn't count.
 */
function batches(probes: readonly Probe[], cores: number): Probe[][] {
  const total = probes.reduce((sum, probe) => sum + costOf(probe), 0);
  const portion = Math.max(200 * 10, total / (cores * 6));
  const made: Probe[][] = [];
  let cost = Number.POSITIVE_INFINITY;
  for (const probe of [...probes].sort((a, b) => costOf(b) - costOf(a))) {
    if (cost + costOf(probe) > portion) {
      made.push([]);
      cost = 0;
    }
    made.at(-1)!.push(probe);
    cost += costOf(probe);
  }
  return made;
}

async function runBatch(
  program: string,
  folder: string,
  batch: readonly Probe[],
  signal: AbortSignal,
): Promise<Map<string, Observed>> {
  signal.throwIfAborted();
  const name = `batch-${batch[0]!.id}`;
  // Its databases: where a killed promtool leaves them, they are removed with the folder.
  const temporary = join(folder, name);
  await mkdir(temporary);
  const result = await runPromtool(program, {
    args: ["test", "rules", `--junit=${name}.xml`, ...batch.map(({ id }) => `${id}.json`)],
    cwd: folder,
    temporary,
    log: join(folder, `${name}.log`),
    signal,
  });
  const seen = readJunit(await readFile(join(folder, `${name}.xml`), "utf8").catch(() => ""));
  const missing = batch.filter(({ id }) => !seen.has(id));
  if (missing.length > 0) throw died(result, await readFile(join(folder, `${name}.log`), "utf8"));
  return seen;
}

interface PromtoolRun {
  args: string[];
  cwd: string;
  /** Folder for its databases. */
  temporary: string;
  /** File for what it complains about. */
  log: string;
  signal: AbortSignal;
}

/** How a run ended. Rejects when aborted. */
export async function runPromtool(
  program: string,
  { args, cwd, temporary, log, signal }: PromtoolRun,
): Promise<{ exitCode?: number; signal?: string }> {
  const result = await execa(program, args, {
    cwd,
    // One core each, since there is one process a core; memory is given up later for less work.
    env: { PATH: process.env.PATH, TMPDIR: temporary, GOMAXPROCS: "1", GOGC: "400" },
    extendEnv: false,
    stdin: "ignore",
    stdout: "ignore",
    stderr: { file: log },
    reject: false,
    cancelSignal: signal,
    killSignal: "SIGKILL",
  });
  signal.throwIfAborted();
  return { exitCode: result.exitCode, signal: result.signal };
}

function died({ exitCode, signal }: { exitCode?: number; signal?: string }, log: string): ProblemError {
  return new ProblemError(
    [
      {
        id: "promtool-died",
        severity: "error",
        what: `promtool ended ${signal ? `by ${signal}` : `with ${exitCode}`} before it had run all cases.`,
        next: "Run it again; with less at the same time where memory is short.",
        output: log.split("\n").filter(Boolean).slice(-10),
      },
    ],
    2,
  );
}
