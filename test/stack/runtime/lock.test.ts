import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectAt } from "../../../stack/project.js";
import { releaseLock, takeLock, withProjectLock } from "../../../stack/runtime/lock.js";
import { identify } from "../../../stack/runtime/process.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "obs-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a lock is taken once, says who has it, and can be taken again after its release", () => {
  const file = join(folder, "lock");
  expect(takeLock(file, "up")).toBeUndefined();
  expect(takeLock(file, "down")).toMatchObject({ ...identify(process.pid), what: "up" });
  releaseLock(file);
  expect(takeLock(file, "down")).toBeUndefined();
});

test("the lock of a process that has ended is taken over", async () => {
  const file = join(folder, "lock");
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const holder = { ...identify(child.pid!)!, what: "up", since: "now" };
  await writeFile(file, JSON.stringify(holder));
  expect(takeLock(file, "down")).toEqual(holder);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(takeLock(file, "down")).toBeUndefined();
});

test("the lock of a process whose number was used again is taken over", async () => {
  const file = join(folder, "lock");
  await writeFile(file, JSON.stringify({ pid: process.pid, startTime: "another", what: "up", since: "" }));
  expect(takeLock(file, "down")).toBeUndefined();
});

test("a damaged lock file is nobody's", async () => {
  const file = join(folder, "lock");
  await writeFile(file, "");
  expect(takeLock(file, "up")).toBeUndefined();
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ pid: process.pid });
});

test("nothing but the lock itself is left in its folder", async () => {
  const file = join(folder, "lock");
  await writeFile(file, "stale");
  takeLock(file, "up");
  takeLock(file, "up");
  expect(await readdir(folder)).toEqual(["lock"]);
  releaseLock(file);
  expect(await readdir(folder)).toEqual([]);
});

test("the project's lock is let go when the work fails, and refused meanwhile with the process that has it", async () => {
  const project = projectAt(join(folder, "obs.config.ts"));
  const work = withProjectLock(project, "up", async () => {
    await expect(withProjectLock(project, "down", async () => {})).rejects.toMatchObject({
      exitCode: 1,
      problems: [
        {
          id: "busy",
          severity: "error",
          what: expect.stringMatching(
            `^Another \`obs up\` is at work on this stack \\(process ${process.pid}, since `,
          ),
          next: "Wait until it is done, or end it with Ctrl-C, then run this again.",
        },
      ],
    });
    throw new Error("disk full");
  });
  await expect(work).rejects.toThrow("disk full");
  await expect(withProjectLock(project, "down", async () => "done")).resolves.toBe("done");
});
