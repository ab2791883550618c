import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { readFailures } from "./junit.js";
import { findPromtool, inTemporaryFolder, type ObserveOptions, runPromtool } from "./observe.js";

/** How a test file of the user's own went. */
export interface FileResult {
  /** Absolute. */
  path: string;
  /** How many tests it has; 0 where it could not be read. */
  tests: number;
  /** promtool's words, by the name of the test. */
  failures: { test: string; lines: string[] }[];
}

/** Test files of promtool that people write beside their rule files: `*.test.yml`, `*_test.yml`. */
export async function findTestFiles(root: string): Promise<string[]> {
  const { glob } = await import("tinyglobby");
  const found = await glob(["alerts/**/*{.,_}test.{yml,yaml}"], {
    cwd: root,
    absolute: true,
    ignore: ["**/node_modules/**"],
  });
  return found.sort();
}

/**
 * Runs test files as they are through `promtool test rules`. Throws a ProblemError where promtool is missing; rejects when
 * aborted, with no process left.
 */
export async function testPromtoolFiles(
  paths: readonly string[],
  { signal, promtool }: Omit<ObserveOptions, "onDone">,
): Promise<FileResult[]> {
  if (paths.length === 0) return [];
  const program = promtool ?? (await findPromtool());
  return inTemporaryFolder(async (folder) => {
    const results: FileResult[] = [];
    const queue = [...paths.entries()];
    const work = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [at, path] = next;
        const report = join(folder, `${at}.xml`);
        const log = join(folder, `${at}.log`);
        await runPromtool(program, {
          args: ["test", "rules", `--junit=${report}`, basename(path)],
          cwd: dirname(path),
          temporary: folder,
          log,
          signal,
        });
        const read = readFailures(await readFile(report, "utf8").catch(() => ""));
        const said = (await readFile(log, "utf8")).split("\n").filter((line) => line.trim() !== "");
        // Without a report it died.
        results[at] = { path, ...(read ?? { tests: 0, failures: [{ test: basename(path), lines: said }] }) };
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work));
    return results;
  });
}
