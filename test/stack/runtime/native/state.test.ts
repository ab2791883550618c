import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  describeExit,
  type NativeState,
  parseState,
  readState,
  writeState,
} from "../../../../stack/runtime/native/state.js";

const state: NativeState = {
  format: 1,
  supervisor: { pid: 1, startTime: "x", socket: "/s", version: "1" },
  programs: {},
};

test("what was written is read again, and nobody else may read it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "obs-state-"));
  try {
    const file = join(folder, "run", "state.json");
    expect(readState(file)).toBeUndefined();
    writeState(file, state);
    expect(readState(file)).toEqual(state);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, "run"))).toEqual(["state.json"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  "",
  "{",
  "null",
  "[]",
  '{"format":2}',
  '{"format":1,"supervisor":{"pid":1},"programs":{"loki":{}}}',
])("a damaged or foreign state counts as none: %s", (text) => {
  expect(parseState(text)).toBeUndefined();
});

test("how a process ended is told in words", () => {
  expect(describeExit({ at: 0, code: 3 })).toBe("ended with exit code 3");
  expect(describeExit({ at: 0, signal: "SIGSEGV" })).toBe("was ended by SIGSEGV");
  expect(describeExit({ at: 0, error: "EACCES" })).toBe("could not be started (EACCES)");
  expect(describeExit({ at: 0 })).toContain("exit code is not known");
});
