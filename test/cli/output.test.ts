import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { execa } from "execa";
import { wantsColor } from "../../cli/color.js";
import { packageRoot } from "../../stack/package-root.js";
import { obsCommand, runObs } from "../support/run-obs.js";
import { withFolder } from "../support/temporary-folder.js";

const colour = "\u001b[";

describe("colours", () => {
  const terminal = { isTTY: true };
  const pipe = { isTTY: false };

  test.each([
    ["a terminal gets them", terminal, {}, [], true],
    ["a pipe doesn't", pipe, {}, [], false],
    ["a terminal that can't show them doesn't", terminal, { TERM: "dumb" }, [], false],
    ["NO_COLOR takes them away", terminal, { NO_COLOR: "1" }, [], false],
    ["an empty NO_COLOR doesn't", terminal, { NO_COLOR: "" }, [], true],
    ["--no-color takes them away", terminal, {}, ["up", "--no-color"], false],
    ["FORCE_COLOR gives them to a pipe", pipe, { FORCE_COLOR: "1" }, [], true],
    ["FORCE_COLOR=0 takes them away", terminal, { FORCE_COLOR: "0" }, [], false],
    ["NO_COLOR beats FORCE_COLOR", pipe, { FORCE_COLOR: "1", NO_COLOR: "1" }, [], false],
  ])("%s", (_name, stream, env, args, expected) => {
    expect(wantsColor(stream, env, args)).toBe(expected);
  });

  test("help, result and findings have none in a pipe, and all of them with FORCE_COLOR", async () => {
    await withFolder(async (folder) => {
      for (const args of [["--help"], ["status", "--config", "nowhere.ts"], ["init", "plain"]]) {
        const plain = await runObs(args, { cwd: folder, env: { NO_COLOR: "" } });
        expect(plain.all).not.toContain(colour);
      }
      for (const args of [["--help"], ["status", "--config", "nowhere.ts"], ["init", "coloured"]]) {
        const coloured = await runObs(args, { cwd: folder, env: { NO_COLOR: "", FORCE_COLOR: "1" } });
        expect(coloured.all).toContain(colour);
      }
    });
  });
});

test("a reader that goes away early ends it without a word", async () => {
  const child = spawn(obsCommand, ["completion", "bash"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  await once(child, "close");
  expect(stderr.replaceAll(/^obs: .*\n/gm, "")).toBe("");
});

test("a mistake of obs itself is told in a line, with a log in the project and details on demand", async () => {
  await withFolder(async (folder) => {
    await runObs(["init"], { cwd: folder });
    // Nobody foresees a folder where the Compose file belongs.
    const { mkdir, readdir, readFile } = await import("node:fs/promises");
    await mkdir(`${folder}/docker-compose.yml`);
    const run = await runObs(["generate"], { cwd: folder });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("This is a bug in obs: EISDIR");
    expect(run.stderr).not.toMatch(/^\s+at /m);
    const [log] = await readdir(`${folder}/.obs/logs`);
    expect(run.stderr.replaceAll(/\s+/g, " ")).toContain(`.obs/logs/${log}`);
    expect(await readFile(`${folder}/.obs/logs/${log}`, "utf8")).toMatch(/^\s+at /m);
    const debugged = await runObs(["generate"], { cwd: folder, env: { OBS_DEBUG: "1" } });
    expect(debugged.stderr).toMatch(/^\s+│\s+at /m);
  });
});

test("in a folder that was deleted meanwhile it says so and ends", async () => {
  await withFolder(async (folder) => {
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"';
    const command = [process.execPath, join(packageRoot, "dist/cli/main.js"), "validate"];
    const run = await execa("sh", ["-c", script, "sh", ...command], {
      cwd: folder,
      reject: false,
      timeout: 300_000,
    });
    expect(run.stderr).toBe("obs: The folder this runs in no longer exists. Change into another one.");
    expect(run.exitCode).toBe(2);
  });
});
