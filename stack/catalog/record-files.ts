import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadDefinition } from "../load.js";
import { packageRoot } from "../package-root.js";
import { type Project, shownPath } from "../project.js";
import { localAddress } from "../render/address.js";
import { serviceNames } from "../services/names.js";
import { type Problem, ProblemError } from "../validate/problem.js";
import { didYouMean } from "../validate/suggest.js";
import { verifyService } from "../verify/payload.js";
import {
  ownRecordings,
  projectFolderName,
  projectRecordings,
  recordedFolder,
  writeRecording,
} from "./files.js";
import { isSpanMetric, playedJob, recordOwnPrograms } from "./own-programs.js";
import { type PrometheusApi, prometheusApi } from "./prometheus-api.js";
import { record, withOccasional } from "./record.js";
import { type Recording, recordingText } from "./recording.js";

/** What to record. */
export interface RecordOptions {
  signal: AbortSignal;
  /** Only these jobs; default: every job that isn't the stack's own. */
  jobs?: readonly string[] | undefined;
  /** Forget what only earlier recordings had. */
  fresh?: boolean;
  /** The stack's own programs, into the package. */
  own?: boolean;
}

/** A file that was written. */
export interface RecordedFile {
  /** As the user knows it. */
  path: string;
  program: string;
  metrics: number;
  /** Names that the file did not have before, and those it had and has no more (only with `fresh`). */
  added: string[];
  removed: string[];
}

/**
 * Records from the project's running stack and writes the files.
 * Throws a ProblemError where Prometheus doesn't answer, a job has no series, or nothing can be written.
 */
export async function recordCatalog(
  project: Project,
  options: RecordOptions,
): Promise<{ files: RecordedFile[]; problems: Problem[] }> {
  const { stack } = await loadDefinition(project);
  const api = prometheusApi(`http://${localAddress(stack, "prometheus")}`, options.signal);
  if (options.own) return { files: await recordOwn(project, api, options.fresh ?? false), problems: [] };
  return recordUsers(project, api, options);
}

async function recordOwn(project: Project, api: PrometheusApi, fresh: boolean): Promise<RecordedFile[]> {
  if (!existsSync(join(packageRoot, "stack", "catalog", "catalog.ts"))) {
    throw new ProblemError(
      [
        {
          id: "catalog-not-a-clone",
          severity: "error",
          what: "The stack's own programs can be recorded only in a clone of obs.",
          next: "Leave --stack out to record your own programs.",
        },
      ],
      2,
    );
  }
  const before = ownRecordings();
  const files: RecordedFile[] = [];
  for (const [name, recording] of await recordOwnPrograms(api)) {
    const old = before.find(({ program, state }) => program === recording.program && state === "recorded");
    files.push(await write(project, join(recordedFolder, `${name}.json`), recording, old, fresh));
  }
  return files;
}

async function recordUsers(
  project: Project,
  api: PrometheusApi,
  { jobs: asked, fresh = false }: RecordOptions,
): Promise<{ files: RecordedFile[]; problems: Problem[] }> {
  const own = new Set<string>([...serviceNames, playedJob, verifyService]);
  const running = await api.jobs();
  const users = running.filter((job) => !own.has(job));
  const missing = (asked ?? []).filter((job) => !running.includes(job));
  if (missing.length > 0) throw new ProblemError(missing.map((job) => noSuchJob(job, running)));
  const { recordings, problems } = await projectRecordings(project);
  const files: RecordedFile[] = [];
  for (const job of asked ?? users) {
    const recording = await record({
      api,
      program: job,
      jobs: [job],
      // These are known for every application.
      wanted: (name) => !isSpanMetric(name) && name !== "target_info",
    });
    if (Object.keys(recording.metrics).length === 0) continue;
    const old = recordings.find((each) => each.jobs?.includes(job));
    const file = join(project.root, projectFolderName, `${job.replaceAll(/[^\w.-]+/g, "-")}.json`);
    files.push(await write(project, file, recording, old, fresh));
  }
  return { files, problems: [...problems, ...(files.length === 0 ? [nothingRecorded(running, own)] : [])] };
}

async function write(
  project: Project,
  file: string,
  recording: Recording,
  old: Recording | undefined,
  fresh: boolean,
): Promise<RecordedFile> {
  const whole = fresh ? recording : withOccasional(recording, old);
  await writeRecording(file, recordingText(whole));
  const names = Object.keys(whole.metrics);
  const before = Object.keys(old?.metrics ?? {});
  return {
    path: shownPath(project, file),
    program: recording.program,
    metrics: names.length,
    added: names.filter((name) => !before.includes(name)).sort(),
    removed: before.filter((name) => !names.includes(name)).sort(),
  };
}

function noSuchJob(job: string, running: readonly string[]): Problem {
  const meant = didYouMean(job, running);
  return {
    id: "catalog-unknown-job",
    severity: "error",
    what: `No series of the last minutes has job="${job}".`,
    next: meant
      ? `Did you mean ${meant}?`
      : `There are ${running.join(", ")}. Start the program, wait for one scrape, and record again.`,
  };
}

function nothingRecorded(running: readonly string[], own: ReadonlySet<string>): Problem {
  const others = running.filter((job) => !own.has(job));
  return {
    id: "catalog-nothing-recorded",
    severity: "warning",
    what:
      others.length === 0
        ? "Only the stack's own programs have series now; there is nothing to record."
        : "No program has metrics beside those that the collector makes of its spans; there is nothing to record.",
    next: "Start your programs, wait until `obs status` is ready and one scrape interval has passed, and record again.",
  };
}
