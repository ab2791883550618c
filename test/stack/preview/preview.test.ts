import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { State } from "../../../dashboards/preview/api.js";
import { Preview } from "../../../stack/preview/preview.js";
import type { Reader, WatchedReading } from "../../../stack/preview/reader.js";
import { generatedOf } from "../../support/previewed.js";
import { config, withProject } from "../../support/temporary-project.js";
import { waitFor } from "../../support/wait-for.js";

/** A preview whose reader gives what the test says, one answer a reading. */
async function withPreview(
  use: (given: {
    preview: Preview;
    /** Answers the reading that waits. */
    answer(reading: Omit<WatchedReading, "files">): Promise<void>;
    save(): Promise<void>;
    /** What listeners were told, oldest first. */
    told: State[];
    readings: (readonly string[])[];
    closed(): number;
  }) => Promise<void>,
  idleMs = 60_000,
): Promise<void> {
  await withProject({ "obs.config.ts": config("{}") }, async ({ project, folder }) => {
    const readings: (readonly string[])[] = [];
    const waiting: ((reading: WatchedReading) => void)[] = [];
    let closed = 0;
    const reader: Reader = {
      read: (changed) => {
        readings.push(changed);
        return new Promise((resolve) => waiting.push(resolve));
      },
      close: () => closed++,
    };
    const preview = new Preview({ project, reader, idleMs });
    const told: State[] = [];
    try {
      await use({
        preview,
        async answer(reading) {
          const resolve = await waitFor("a reading", () => waiting.shift());
          resolve({ ...reading, files: [project.configFile] });
        },
        save: () => writeFile(join(folder, "obs.config.ts"), config("{}")),
        told,
        readings,
        closed: () => closed,
      });
    } finally {
      preview.close();
    }
  });
}

const problem = {
  id: "config-throws",
  severity: "error",
  what: "obs.config.ts threw an error: no.",
} as const;

test("nothing is read before somebody looks, and then once for all", () =>
  withPreview(async ({ preview, answer, readings }) => {
    expect(readings).toEqual([]);
    const both = Promise.all([preview.state(), preview.dashboard("one")]);
    await answer({ generated: generatedOf(["one"]), problems: [] });
    const [state, dashboard] = await both;
    expect(state).toMatchObject({ stack: "shop", revision: 1, home: "one", dashboards: [{ uid: "one" }] });
    expect(dashboard).toMatchObject({ revision: 1, dashboard: { uid: "one" }, problems: [] });
    expect(readings).toHaveLength(1);
  }));

test("a save that can't be read keeps the dashboards of before, beside what is wrong", () =>
  withPreview(async ({ preview, answer, save, told }) => {
    preview.subscribe((state) => told.push(state));
    await answer({ generated: generatedOf(["one"]), problems: [] });
    await waitFor("the first state", () => told.length > 0);
    await save();
    await answer({ problems: [problem] });
    await waitFor("the problem", () => told.at(-1)!.problems.length > 0);
    expect(told.at(-1)).toMatchObject({ revision: 1, dashboards: [{ uid: "one" }], problems: [problem] });
    await save();
    await answer({ generated: generatedOf(["one", "two"]), problems: [] });
    await waitFor("the dashboards", () => told.at(-1)!.problems.length === 0);
    expect(told.at(-1)).toMatchObject({ revision: 2, dashboards: [{ uid: "one" }, { uid: "two" }] });
  }));

test("a save that changes no dashboard changes no revision", () =>
  withPreview(async ({ preview, answer, save, readings }) => {
    preview.subscribe(() => {});
    await answer({ generated: generatedOf(["one"]), problems: [] });
    await waitFor("the first reading", async () => (await preview.state()).revision === 1);
    await save();
    await answer({ generated: generatedOf(["one"]), problems: [] });
    await waitFor("the second reading", () => readings.length === 2);
    expect(await preview.state()).toMatchObject({ revision: 1 });
  }));

test("what is saved while a definition is read is read once more", () =>
  withPreview(async ({ preview, answer, save, readings, told }) => {
    preview.subscribe((state) => told.push(state));
    await answer({ generated: generatedOf(["one"]), problems: [] });
    await waitFor("the first state", () => told.length > 0);
    await save();
    await waitFor("the second reading", () => readings.length === 2);
    await save();
    await answer({ generated: generatedOf(["two"]), problems: [] });
    await answer({ generated: generatedOf(["three"]), problems: [] });
    await waitFor("the third reading", () => told.at(-1)!.home === "three");
    expect(readings).toHaveLength(3);
  }));

test("problems of a dashboard come with it, those of others don't", () =>
  withPreview(async ({ preview, answer }) => {
    const ofOne = { ...problem, id: "dashboard-query", dashboard: "one", panelId: 4 };
    const ofTwo = { ...ofOne, dashboard: "two" };
    const dashboard = preview.dashboard("one");
    await answer({ generated: generatedOf(["one", "two"]), problems: [ofOne, ofTwo, problem] });
    expect((await dashboard)?.problems).toEqual([ofOne]);
    expect((await preview.state()).problems).toHaveLength(3);
  }));

test("a store is down when it says so, and up again when it answers", () =>
  withPreview(async ({ preview, answer, told }) => {
    preview.subscribe((state) => told.push(state));
    await answer({ generated: generatedOf(["one"]), problems: [] });
    await waitFor("the first look", () => told.at(-1)?.dataSources[0]?.state === "down");
    preview.noteStore("prometheus", undefined);
    expect(told.at(-1)!.dataSources).toEqual([
      { uid: "prometheus", type: "prometheus", name: "Prometheus", interval: "10s", state: "up" },
    ]);
    preview.noteStore("prometheus", "is gone");
    expect(told.at(-1)!.dataSources[0]).toMatchObject({ state: "down", why: "is gone" });
  }));

test("what was read is let go when nobody looks any more, and read again for the next who does", () =>
  withPreview(async ({ preview, answer, readings, closed, told }) => {
    const leave = preview.subscribe((state) => told.push(state));
    await answer({ generated: generatedOf(["one"]), problems: [] });
    await waitFor("the first state", () => told.length > 0);
    leave();
    await waitFor("the reader to be closed", () => closed() > 0);
    const state = preview.state();
    await answer({ generated: generatedOf(["two"]), problems: [] });
    expect(await state).toMatchObject({ revision: 2, home: "two" });
    expect(readings).toHaveLength(2);
  }, 20));
