import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LogFollower } from "../../../../stack/runtime/native/follow.js";
import { rotateLog } from "../../../../stack/runtime/native/rotate.js";
import { lastLines, lastLinesOfLog } from "../../../../stack/runtime/native/tail.js";

let folder: string;
let log: string;
const limits = { maxBytes: 10, keep: 2 };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "obs-logs-"));
  log = join(folder, "loki.log");
});
afterEach(() => rm(folder, { recursive: true }));

test("a log that is rotated in the middle of a look gives each line once", () => {
  writeFileSync(log, "");
  let rotates = false;
  const follower = new LogFollower(log, (file) => {
    // Between the look for rotated files and that at the log itself.
    if (rotates) rotateLog(log, limits);
    rotates = false;
    return statSync(file).size;
  });
  appendFileSync(log, "first line\n");
  expect(follower.read()).toEqual(["first line"]);
  appendFileSync(log, "second line\n");
  rotates = true;
  expect(follower.read()).toEqual(["second line"]);
  appendFileSync(log, "third line\n");
  expect(follower.read()).toEqual(["third line"]);
});

describe("rotation", () => {
  test("leaves a small log alone, and one that isn't there", () => {
    expect(rotateLog(log, limits)).toBe(false);
    writeFileSync(log, "small");
    expect(rotateLog(log, limits)).toBe(false);
    expect(readFileSync(log, "utf8")).toBe("small");
  });

  test("empties the log in place and keeps a bounded number of old ones", () => {
    writeFileSync(log, "");
    const inode = statSync(log).ino;
    for (const text of ["first log\n", "second log\n", "third log\n"]) {
      appendFileSync(log, text);
      expect(rotateLog(log, limits)).toBe(true);
    }
    expect(statSync(log)).toMatchObject({ size: 0, ino: inode });
    expect(readFileSync(`${log}.1`, "utf8")).toBe("third log\n");
    expect(readFileSync(`${log}.2`, "utf8")).toBe("second log\n");
    expect(existsSync(`${log}.3`)).toBe(false);
    expect(existsSync(`${log}.rotating`)).toBe(false);
  });
});

describe("the last lines", () => {
  test("are given oldest first, with one that isn't finished", () => {
    writeFileSync(log, "a\nb\nc\nd");
    expect(lastLines(log, 2)).toEqual(["c", "d"]);
    expect(lastLines(log, 9)).toEqual(["a", "b", "c", "d"]);
    expect(lastLines(log, 0)).toEqual([]);
    expect(lastLines(join(folder, "none.log"), 2)).toEqual([]);
  });

  test("come from after a given byte, unless the log was emptied since", () => {
    writeFileSync(log, "old\nnew\n");
    expect(lastLines(log, 5, { from: 4 })).toEqual(["new"]);
    expect(lastLines(log, 5, { from: 400 })).toEqual(["old", "new"]);
    expect(lastLines(log, 5, { to: 4 })).toEqual(["old"]);
  });

  test("are whole even when they are long", () => {
    const long = "ä".repeat(100_000);
    writeFileSync(log, `first\n${long}\nlast\n`);
    expect(lastLines(log, 2)).toEqual([long, "last"]);
  });

  test("go back into rotated files", () => {
    writeFileSync(`${log}.2`, "1\n2\n");
    writeFileSync(`${log}.1`, "3\n4\n");
    writeFileSync(log, "5\n");
    expect(lastLinesOfLog(log, 4)).toEqual(["2", "3", "4", "5"]);
  });
});

describe("following", () => {
  test("hands over each line once and whole", () => {
    appendFileSync(log, "past\nbegun ");
    const follower = new LogFollower(log);
    appendFileSync(log, "earlier\nhalf");
    expect(follower.read()).toEqual(["begun earlier"]);
    expect(follower.read()).toEqual([]);
    appendFileSync(log, " done\n\nnext\n");
    expect(follower.read()).toEqual(["half done", "", "next"]);
  });

  test("keeps letters whole that arrive in two parts", () => {
    const follower = new LogFollower(log);
    const bytes = Buffer.from("grün\n");
    appendFileSync(log, bytes.subarray(0, 3));
    expect(follower.read()).toEqual([]);
    appendFileSync(log, bytes.subarray(3));
    expect(follower.read()).toEqual(["grün"]);
  });

  test("begins with a log that doesn't exist yet", () => {
    const follower = new LogFollower(log);
    expect(follower.read()).toEqual([]);
    appendFileSync(log, "hello\n");
    expect(follower.read()).toEqual(["hello"]);
  });

  test("reads on in the rotated file, then in the emptied one", () => {
    const follower = new LogFollower(log);
    appendFileSync(log, "seen, long enough\n");
    expect(follower.read()).toEqual(["seen, long enough"]);
    appendFileSync(log, "just before\n");
    rotateLog(log, limits);
    appendFileSync(log, "just after, and longer than all that was there before\n");
    expect(follower.read()).toEqual(["just before", "just after, and longer than all that was there before"]);
  });

  test("catches up with several rotations", () => {
    writeFileSync(log, "");
    const follower = new LogFollower(log);
    for (const text of ["one one one\n", "two two two\n"]) {
      appendFileSync(log, text);
      rotateLog(log, limits);
    }
    appendFileSync(log, "three\n");
    expect(follower.read()).toEqual(["one one one", "two two two", "three"]);
  });

  test("waits for the copy's name when it looks in the middle of a rotation", () => {
    appendFileSync(log, "one\n");
    const follower = new LogFollower(log);
    appendFileSync(log, "two\n");
    writeFileSync(`${log}.rotating`, "one\ntwo\n");
    truncateSync(log, 0);
    expect(follower.read()).toEqual([]);
    renameSync(`${log}.rotating`, `${log}.1`);
    appendFileSync(log, "three\n");
    expect(follower.read()).toEqual(["two", "three"]);
  });

  test("starts over when somebody emptied the log by hand", () => {
    appendFileSync(log, "a long line that goes\n");
    const follower = new LogFollower(log);
    truncateSync(log, 0);
    appendFileSync(log, "new\n");
    expect(follower.read()).toEqual(["new"]);
  });
});
