import type { Page } from "playwright-core";
import type { Figure } from "./figure.js";
import { withPreviewedStack } from "./previewed-stack.js";

/** The reference dashboards, one of them open in a browser: from the save of the definition until it is drawn anew. */
export const previewSave: Figure = {
  id: "preview-save",
  title: "save to redrawn in a browser, reference dashboards",
  unit: "ms",
  must: { atMost: 1_000 },
  measure: ({ runs }) =>
    withPreviewedStack(async ({ stack, browser, save }) => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
      await page.goto(overview(stack.url("preview")));
      await drawn(page);
      const values: number[] = [];
      for (let run = 0; run < runs * 3; run++) {
        const addition = ` (${run})`;
        const begun = performance.now();
        await save(addition);
        await page.getByText(`LLM overview${addition}`).first().waitFor();
        await drawn(page);
        values.push(performance.now() - begun);
      }
      return { values };
    }),
};

/** The LLM overview in a browser that has seen nothing yet: until every panel in sight shows its data. */
export const previewFirstPaint: Figure = {
  id: "preview-first-paint",
  title: "first paint with data of the LLM overview, running stack",
  unit: "ms",
  must: { atMost: 2_000 },
  measure: ({ runs }) =>
    withPreviewedStack(async ({ stack, browser }) => {
      const values: number[] = [];
      for (let run = 0; run < runs * 3; run++) {
        const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
        const begun = performance.now();
        await page.goto(overview(stack.url("preview")));
        await drawn(page);
        values.push(performance.now() - begun);
        await page.context().close();
      }
      return { values };
    }),
};

function overview(url: string): string {
  return `${url}/d/llm-overview?from=now-15m&to=now`;
}

async function drawn(page: Page): Promise<void> {
  await page.locator('html[data-ready="true"]').waitFor({ state: "attached" });
}
