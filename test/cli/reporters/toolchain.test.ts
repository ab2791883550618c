import { describeProgress } from "../../../cli/reporters/toolchain-progress.js";
import { formatToolchainStatus } from "../../../cli/reporters/toolchain-status.js";
import type { ProgramStatus } from "../../../stack/toolchain/status.js";

const program = (given: Partial<ProgramStatus>): ProgramStatus => ({
  name: "loki",
  version: "3.7.8",
  purpose: "run",
  from: "missing",
  buildable: true,
  otherVersions: [],
  ...given,
});

const format = (programs: ProgramStatus[], otherBuilds = { folders: 0, bytes: 0 }) =>
  formatToolchainStatus(
    { cacheDir: "/home/me/.cache/obs/toolchain", programs, otherBuilds },
    { color: false, home: "/home/me" },
  );

test("lists where each program comes from, what was passed by, and what to do", () => {
  expect(
    format(
      [
        program({ from: "cache", path: "/home/me/.cache/obs/toolchain/loki-3.7.8-0/loki", bytes: 157e6 }),
        program({
          name: "promtool",
          version: "3.15.0",
          purpose: "validate",
          from: "path",
          path: "/usr/bin/promtool",
          bytes: 56e6,
        }),
        program({
          name: "amtool",
          version: "0.28.1",
          purpose: "validate",
          otherVersions: [{ path: "/usr/bin/amtool", version: "0.25.0" }],
        }),
        program({ name: "telemetrygen", version: "0.155.0", purpose: "test" }),
        program({
          name: "tempo",
          version: "3.0.3",
          buildable: false,
          otherVersions: [{ path: "/usr/bin/tempo", version: undefined }],
        }),
      ],

      { folders: 2, bytes: 201e6 },
    ),
  ).toMatchInlineSnapshot(`
"program       version  for        from         size  where
loki          3.7.8    the stack  built      157 MB  ~/.cache/obs/toolchain/loki-3.7.8-0/loki
promtool      3.15.0   checks     PATH        56 MB  /usr/bin/promtool
amtool        0.28.1   checks     to build           /usr/bin/amtool is 0.25.0
telemetrygen  0.155.0  tests      to build
tempo         3.0.3    the stack  not found          /usr/bin/tempo is of unknown version; only used from PATH, in this version

1 to build: run \`obs toolchain install\`.

Builds of other versions: 2 in ~/.cache/obs/toolchain, 201 MB.
They can be deleted when no stack runs from them."
`);
});

test("says nothing more where nothing is missing", () => {
  expect(format([program({ from: "path", path: "/usr/bin/loki", bytes: 157e6 })]).split("\n")).toHaveLength(
    2,
  );
});

test("writes colours only when asked to", () => {
  expect(format([program({})])).not.toContain("\u001b");
});

test.each([
  [{ phase: "waiting", elapsedMs: 0 }, "loki 3.7.8: waiting for its turn"],
  [{ phase: "waiting", elapsedMs: 9 }, "loki 3.7.8: waiting for another obs that builds it"],
  [{ phase: "downloading", elapsedMs: 2_400, count: 12 }, "loki 3.7.8: downloading sources, 12 modules, 2 s"],
  [{ phase: "building", elapsedMs: 41_000, count: 312 }, "loki 3.7.8: compiling, 312 packages, 41 s"],
  [{ phase: "done", elapsedMs: 121_000 }, "loki 3.7.8: built in 121 s"],
] as const)("tells what a program is at: %j", (progress, text) => {
  expect(describeProgress({ program: "loki", ...progress })).toBe(text);
});
