import { ownRecordings } from "../../stack/catalog/files.js";
import { machineDependent } from "../../stack/catalog/own-programs.js";
import { recordCatalog } from "../../stack/catalog/record-files.js";
import type { Recording } from "../../stack/catalog/recording.js";
import { projectAt } from "../../stack/project.js";
import { makeRunningCatalog, type RunningCatalog } from "../support/running-catalog.js";
import { waitFor } from "../support/wait-for.js";

/*
 * Holds the committed catalogue to the real programs. `npm run catalog:record` (UPDATE_CATALOG=1) writes it instead; run
 * that after a version changed, and more than once: what appears only sometimes is then marked as occasional.
 * UPDATE_CATALOG=fresh forgets what was recorded before.
 */
const update = process.env.UPDATE_CATALOG !== undefined;
const fresh = process.env.UPDATE_CATALOG === "fresh";
const howTo = "Run `npm run catalog:record`, and read the difference.";

let running: RunningCatalog;
beforeAll(async () => {
  running = await makeRunningCatalog();
  if (update) await recordAnew();
}, 600_000);
afterAll(() => running?.remove(), 120_000);

test("every metric of the committed catalogue is there in the running stack, with its type", async () => {
  let missing: string[] = [];
  await waitFor(
    "all metrics of the catalogue",
    async () => {
      missing = lackingIn(await running.recordNow());
      return missing.length === 0;
    },
    { timeoutMs: 180_000, everyMs: 1_000 },
  ).catch(() => {});
  expect({ vanished: missing, howTo }).toEqual({ vanished: [], howTo });
}, 300_000);

test("the running stack exposes no metric and no label that the committed catalogue lacks", async () => {
  const now = await running.recordNow();
  const committed = committedRecordings();
  const unknown = [...now.values()]
    .filter(({ program }) => !machineDependent.has(program))
    .flatMap((recording) => additions(recording, committed.get(recording.program)));
  expect({ unknown, howTo }).toEqual({ unknown: [], howTo });
}, 120_000);

test("a user's program is recorded into the project, and its metrics are known from then on", async () => {
  const { stack } = running;
  await running.recordNow();
  const recorded = await stack.json<{ files: { path: string; program: string }[] }>([
    "catalog",
    "record",
    "--job",
    "obs/obs-catalog",
  ]);
  expect(recorded.files).toEqual([
    expect.objectContaining({ path: "catalog/obs-obs-catalog.json", program: "obs/obs-catalog" }),
  ]);
  const shown = await stack.json<{ producers: { program: string }[] }>([
    "catalog",
    "show",
    "gen_ai_client_token_usage_bucket",
  ]);
  expect(shown.producers.map(({ program }) => program)).toContain("obs/obs-catalog");
  const wrong = await stack.obs(["catalog", "record", "--job", "obs/obs-catalogue"]);
  expect(wrong.exitCode).toBe(1);
  expect(wrong.stderr).toContain("Did you mean obs/obs-catalog?");
}, 120_000);

/** Writes stack/catalog/recorded once three rounds in a row found nothing new. */
async function recordAnew(): Promise<void> {
  let before = "";
  let same = 0;
  await waitFor(
    "nothing new for three rounds",
    async () => {
      const names = JSON.stringify(
        [...(await running.recordNow())].map(([, each]) => Object.keys(each.metrics)),
      );
      same = names === before ? same + 1 : 0;
      before = names;
      return same >= 3 && before.includes("traces_span_metrics_calls_total");
    },
    { timeoutMs: 300_000, everyMs: 4_000 },
  );
  const project = projectAt(`${running.stack.folder}/obs.config.ts`);
  await recordCatalog(project, { signal: new AbortController().signal, own: true, fresh });
}

function committedRecordings(): Map<string, Recording> {
  return new Map(
    ownRecordings()
      .filter(({ state }) => state === "recorded")
      .map((recording) => [recording.program, recording]),
  );
}

function lackingIn(now: ReadonlyMap<string, Recording>): string[] {
  const found = new Map([...now.values()].map((recording) => [recording.program, recording]));
  return [...committedRecordings().values()].flatMap(({ program, metrics }) =>
    Object.entries(metrics)
      .filter(([, { occasional }]) => !occasional && !machineDependent.has(program))
      .filter(([name, { type }]) => found.get(program)?.metrics[name]?.type !== type)
      .map(([name]) => `${program}: ${name}`),
  );
}

/** What counts mishaps comes into being with the first of them: on a slow machine, say. */
const mishap = /fail|error|retr|drop|discard|reject|corrupt|evict|timeout|exceeded|missed|late/;

function additions(now: Recording, committed: Recording | undefined): string[] {
  return Object.entries(now.metrics).flatMap(([name, { labels }]) => {
    const known = committed?.metrics[name];
    if (!committed || !known) return mishap.test(name) ? [] : [`${now.program}: ${name}`];
    const all = new Set([...committed.labels, ...known.labels]);
    return [...now.labels, ...labels]
      .filter((label) => !all.has(label))
      .map((label) => `${now.program}: ${name}{${label}}`);
  });
}
