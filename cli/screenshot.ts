import { mkdir } from "node:fs/promises";
import { relative, resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { State } from "../dashboards/preview/api.js";
import { startBrowser } from "../stack/preview/browser.js";
import { type ScreenshotOptions, screenshotFile, takeScreenshots } from "../stack/preview/screenshot.js";
import { hasErrors, type Problem, ProblemError } from "../stack/validate/problem.js";
import { didYouMean } from "../stack/validate/suggest.js";
import type { Context, ExitCode } from "./context.js";
import { startPreview } from "./preview.js";

/** `obs dashboards screenshot`: serves the preview for as long as a browser takes pictures of it. */
export async function screenshot(
  context: Context,
  { out, browser: named, ...options }: ScreenshotOptions & { out: string; browser?: string },
  wanted: readonly string[],
): Promise<ExitCode> {
  const server = await startPreview(await context.project(), [0]);
  try {
    const state = (await (await fetch(`${server.url}api/state`)).json()) as State;
    if (state.revision === 0) throw new ProblemError(state.problems);
    const uids = wanted.length > 0 ? wanted : state.dashboards.map(({ uid }) => uid);
    const unknown = uids.filter((uid) => !state.dashboards.some((each) => each.uid === uid));
    if (unknown.length > 0)
      throw new ProblemError(
        unknown.map((uid) => unknownDashboard(uid, state)),
        2,
      );
    await context.report([...state.problems, ...downStores(state)]);
    const browser = await startBrowser(named);
    const cut = () => void browser.close();
    context.signal.addEventListener("abort", cut, { once: true });
    try {
      context.signal.throwIfAborted();
      await mkdir(out, { recursive: true });
      await takeScreenshots(browser, server.url, uids, options, async (uid, png) => {
        const file = screenshotFile(resolve(out), uid, options.theme);
        await writeFileAtomic(file, png);
        context.print(relative(process.cwd(), file));
      });
    } finally {
      context.signal.removeEventListener("abort", cut);
      await browser.close();
    }
    return hasErrors(state.problems) ? 1 : 0;
  } finally {
    await server.close();
  }
}

function unknownDashboard(uid: string, { dashboards }: State): Problem {
  const known = dashboards.map((each) => each.uid);
  const meant = didYouMean(uid, known);
  return {
    id: "unknown-dashboard",
    severity: "error",
    what: `The definition has no dashboard with the UID "${uid}".`,
    next: meant ? `Did you mean "${meant}"?` : `It has: ${known.join(", ") || "none"}.`,
  };
}

function downStores({ dataSources }: State): Problem[] {
  const down = dataSources.filter(({ state }) => state === "down").map(({ name }) => name);
  if (down.length === 0) return [];
  return [
    {
      id: "stores-down",
      severity: "warning",
      what: `${down.join(", ")} can't be asked: panels that need ${down.length === 1 ? "it" : "them"} say so in the pictures.`,
      next: "Start the stack: `obs up`.",
    },
  ];
}
