import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.js";
import type { Project } from "../project.js";
import { type Problem, ProblemError } from "../validate/problem.js";
import type { Recording } from "./recording.js";

/** Where the recordings of the stack's own programs lie, in the package. */
export const recordedFolder = join(packageRoot, "stack", "catalog", "recorded");

/** Where what is written after documentation lies: programs that this project can't run by itself. */
export const declaredFolder = join(packageRoot, "stack", "catalog", "declared");

/** Name of a project's folder of recordings, beside obs.config.ts. */
export const projectFolderName = "catalog";

/** The package's own recordings. They are trusted: a test holds them to the schema. */
export function ownRecordings(): Recording[] {
  return [declaredFolder, recordedFolder].flatMap((folder) =>
    jsonFiles(folder).map((name) => complete(JSON.parse(readFileSync(join(folder, name), "utf8")))),
  );
}

/**
 * The recordings beside a project's obs.config.ts, and what is wrong with those that can't be used.
 * Never throws for what they hold.
 */
export async function projectRecordings(
  project: Project,
): Promise<{ recordings: Recording[]; problems: Problem[] }> {
  const folder = join(project.root, projectFolderName);
  const names = jsonFiles(folder);
  if (names.length === 0) return { recordings: [], problems: [] };
  const { recordingSchema } = await import("./recording.js");
  const recordings: Recording[] = [];
  const problems: Problem[] = [];
  for (const name of names) {
    const file = `${projectFolderName}/${name}`;
    try {
      const parsed = recordingSchema.safeParse(JSON.parse(readFileSync(join(folder, name), "utf8")));
      if (parsed.success) recordings.push(parsed.data);
      else {
        const { keyPath } = await import("../validate/key-path.js");
        for (const issue of parsed.error.issues)
          problems.push(faulty(file, `${keyPath(issue.path) || "the whole"}: ${issue.message}`));
      }
    } catch (error) {
      problems.push(faulty(file, (error as Error).message));
    }
  }
  return { recordings, problems };
}

/** Writes a recording, temporary and renamed. Throws a ProblemError where that fails. */
export async function writeRecording(file: string, text: string): Promise<void> {
  const [{ mkdir }, { dirname }, { default: writeFileAtomic }] = await Promise.all([
    import("node:fs/promises"),
    import("node:path"),
    import("write-file-atomic"),
  ]);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFileAtomic(file, text, { fsync: false });
  } catch (error) {
    throw new ProblemError(
      [
        {
          id: "catalog-write",
          severity: "error",
          what: `${file} can't be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}.`,
        },
      ],
      2,
    );
  }
}

function jsonFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort();
  } catch {
    // A file of that name: nothing is recorded there.
    return [];
  }
}

/** Adds what the files leave out, without the cost of loading and running a schema over a thousand metrics. */
function complete(raw: Partial<Recording> & Pick<Recording, "program" | "state" | "metrics">): Recording {
  for (const metric of Object.values(raw.metrics)) metric.labels ??= [];
  return { ...raw, labels: raw.labels ?? [], openLabels: raw.openLabels ?? false };
}

function faulty(file: string, why: string): Problem {
  return {
    id: "catalog-file",
    severity: "error",
    what: `${file} is not a recording: ${why}.`,
    next: "Record it again with `obs catalog record`, or mend it as docs/catalog.md shows.",
    place: { file },
  };
}
