import { chmod, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { socketPath } from "../../../../stack/runtime/native/socket-path.js";

let runtimeDir: string;
beforeEach(async () => {
  runtimeDir = await mkdtemp(join(tmpdir(), "obs-sock-"));
});
afterEach(() => rm(runtimeDir, { recursive: true }));

test("the socket lies in the state folder where its path is short enough", () => {
  expect(socketPath("/home/me/shop/.obs/run")).toBe("/home/me/shop/.obs/run/supervisor.sock");
});

test("for a deep folder it lies in a closed folder of the user, at a name of its own", async () => {
  const deep = (name: string) => `/home/me/${"deep/".repeat(20)}${name}/.obs/run`;
  const env = { XDG_RUNTIME_DIR: runtimeDir };
  const path = socketPath(deep("a"), env);
  expect(Buffer.byteLength(path)).toBeLessThanOrEqual(103);
  expect(dirname(path)).toBe(join(runtimeDir, `obs-${userInfo().uid}`));
  expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
  expect(socketPath(deep("a"), env)).toBe(path);
  expect(socketPath(deep("b"), env)).not.toBe(path);
});

test("a folder that others can enter is refused", async () => {
  const env = { XDG_RUNTIME_DIR: runtimeDir };
  const deep = `/${"deep/".repeat(30)}run`;
  await chmod(dirname(socketPath(deep, env)), 0o755);
  expect(() => socketPath(deep, env)).toThrow("must be a folder of yours with mode 0700");
});
