import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { type Problem, ProblemError } from "../validate/problem.js";

/** How pictures of dashboards are taken. */
export interface ScreenshotOptions {
  theme: "dark" | "light";
  /** In pixels. */
  width: number;
  /** In Grafana's words, `now-1h`, or milliseconds since 1970. */
  from: string;
  to: string;
}

/** Runs in the page: what was changed is on the screen. */
const twoFrames = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))";

/** How long all panels of a page may take. Stores give up after half of it. Seconds. */
const patienceSeconds = 60;

/** Takes pictures of whole dashboards, as the preview at `url` draws them once every panel shows what it has to. */
export async function takeScreenshots(
  browser: Browser,
  url: string,
  uids: readonly string[],
  { theme, width, from, to }: ScreenshotOptions,
  onTaken: (uid: string, png: Buffer) => Promise<void>,
): Promise<void> {
  for (const uid of uids) {
    // Lower than any dashboard: a page is as high as its window at least.
    const page = await browser.newPage({ viewport: { width, height: 200 } });
    // Without a refresh, which would begin anew while the picture is taken.
    const asked = new URLSearchParams({ from, to, theme, refresh: "", kiosk: "", all: "1" });
    await page.goto(`${url}d/${encodeURIComponent(uid)}?${asked}`);
    await untilDrawn(page, uid);
    // Panels follow the size of the window, so it is made to fit before the picture, not for it.
    const height = Number(await page.evaluate("document.documentElement.scrollHeight"));
    await page.setViewportSize({ width, height });
    await page.evaluate(twoFrames);
    await untilDrawn(page, uid);
    await onTaken(uid, await page.screenshot({ animations: "disabled" }));
    await page.close();
  }
}

async function untilDrawn(page: Page, uid: string): Promise<void> {
  await page
    .locator('html[data-ready="true"]')
    .waitFor({ state: "attached", timeout: patienceSeconds * 1000 })
    .catch(() => {
      throw new ProblemError([notReady(uid)], 2);
    });
}

/** Path of a picture in a folder. */
export function screenshotFile(folder: string, uid: string, theme: string): string {
  return join(folder, `${uid}-${theme}.png`);
}

function notReady(uid: string): Problem {
  return {
    id: "dashboard-not-drawn",
    severity: "error",
    what: `The dashboard "${uid}" was not drawn within ${patienceSeconds} seconds.`,
    next: "Look at it with `obs dashboards preview`: a panel still waits for its query.",
  };
}
