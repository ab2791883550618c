import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { findBrowser, startBrowser } from "../../../stack/preview/browser.js";
import { withProject } from "../../support/temporary-project.js";

test("a browser is the one named, else that of CHROME_PATH, else one on PATH", () =>
  withProject({ chromium: "", mine: "", theirs: "" }, async ({ folder }) => {
    const file = (name: string) => join(folder, name);
    await chmod(file("chromium"), 0o755);
    const env = { PATH: folder };
    expect(findBrowser(undefined, env)).toBe(file("chromium"));
    expect(findBrowser(undefined, { ...env, CHROME_PATH: file("theirs") })).toBe(file("theirs"));
    expect(findBrowser(file("mine"), { ...env, CHROME_PATH: file("theirs") })).toBe(file("mine"));
  }));

test("one that is named but not there is not replaced by another", () =>
  withProject({ chromium: "" }, async ({ folder }) => {
    await chmod(join(folder, "chromium"), 0o755);
    expect(findBrowser("/nowhere/chromium", { PATH: folder })).toBeUndefined();
  }));

test("a program that is no browser is told, with what came of it", () =>
  withProject({ chromium: "#!/bin/sh\necho no >&2\nexit 3\n" }, async ({ folder }) => {
    const file = join(folder, "chromium");
    await chmod(file, 0o755);
    await expect(startBrowser(file)).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ id: "browser-failed", what: `${file} could not be started.` }],
    });
  }));
