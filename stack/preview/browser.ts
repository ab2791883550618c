import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";
import { findExecutables } from "../toolchain/executables.js";
import { type Problem, ProblemError } from "../validate/problem.js";

/** Browsers on Chromium, as they are called on PATH. */
const names = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
  "microsoft-edge-stable",
  "msedge",
  "chrome",
];

/** Where macOS has them. */
const applications = ["Google Chrome", "Chromium", "Microsoft Edge"].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

/**
 * A browser that draws pages for programs: the one named, else that of $CHROME_PATH, else one that is installed. Undefined
 * where there is none.
 */
export function findBrowser(named?: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const chosen = named ?? env.CHROME_PATH;
  if (chosen !== undefined && chosen !== "") return existsSync(chosen) ? chosen : undefined;
  return findExecutables(names, env)[0] ?? applications.find((file) => existsSync(file));
}

/** Starts a browser without a window and without a way to anybody but the pages it opens. Throws a ProblemError (exit code 2). */
export async function startBrowser(named: string | undefined): Promise<Browser> {
  const executablePath = findBrowser(named);
  if (executablePath === undefined) throw new ProblemError([noBrowser(named)], 2);
  const { chromium } = await import("playwright-core");
  try {
    return await chromium.launch({
      executablePath,
      // Chromium refuses to shut root in.
      chromiumSandbox: process.getuid?.() !== 0,
      args: ["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      // obs ends it itself.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } catch (error) {
    throw new ProblemError([notStarted(executablePath, error as Error)], 2);
  }
}

function noBrowser(named: string | undefined): Problem {
  const chosen = named ?? process.env.CHROME_PATH;
  return {
    id: "no-browser",
    severity: "error",
    what: chosen ? `There is no browser at ${chosen}.` : "No Chromium, Chrome or Edge is on this machine.",
    next: "Install one (on Debian: apt-get install chromium), or name its program with --browser.",
  };
}

function notStarted(executable: string, { message }: Error): Problem {
  return {
    id: "browser-failed",
    severity: "error",
    what: `${executable} could not be started.`,
    next: "Try it with --version, or name another browser with --browser.",
    output: message.split("\n").slice(0, 12),
  };
}
