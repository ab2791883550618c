import { jest } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import type { State } from "../../dashboards/preview/api.js";
import { startBrowser } from "../../stack/preview/browser.js";
import { processesOf } from "../support/processes.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

// What people see: the preview's page in a real browser, on the data of the demo beside a stack without Docker.

jest.setTimeout(900_000);

let stack: TestStack;
let browser: Browser;

/** A dashboard that is edited, and whose panels go wrong in every way. */
const sample = ({ title = "Programs up", failing = "" } = {}) => `
${failing}
const prometheus = { type: "prometheus", uid: "prometheus" };
const panel = (id: number, title: string, expr: string, datasource = prometheus) => ({
  id, type: "timeseries", title, datasource, targets: [{ refId: "A", expr, datasource }],
  gridPos: { x: ((id - 1) % 2) * 12, y: Math.floor((id - 1) / 2) * 8, w: 12, h: 8 },
  fieldConfig: { defaults: { unit: "short" }, overrides: [] },
});
export const sample = {
  uid: "sample", title: "Sample", tags: [], time: { from: "now-15m", to: "now" },
  templating: { list: [{ type: "custom", name: "job", query: "prometheus, loki", multi: true, includeAll: true }] },
  panels: [
    panel(1, ${JSON.stringify(title)}, "sum(up)"),
    panel(2, "Chosen", 'up{job=~"$job"}'),
    panel(3, "All there is", '{__name__!=""}'),
    panel(4, "Elsewhere", "up", { type: "prometheus", uid: "nowhere" }),
    panel(5, "Broken", 'up{job="$nobody"} ='),
    { ...panel(6, "Nothing", "up < 0"), description: "None.\\n\\nMay be empty: all is well." },
    { ...panel(7, "Odd", "up"), type: "geomap" },
  ],
};
`;

const config = (dashboards = "[...allDashboards(), sample]") => `
import { defineStack } from "obs-stack";
import { hostPack, llmPack, llmSlos, servicePack, stackPack } from "obs-stack/alerts";
import { allDashboards } from "obs-stack/dashboards";
import { sample } from "./sample.ts";
export default defineStack({
  ...${JSON.stringify(stack.definition)},
  metrics: { retention: "30d" },
  llm: { ledger: { enabled: true } },
  traces: { sampling: { keepPercent: 100 } },
  alerting: { packs: [llmPack(), servicePack(), hostPack(), stackPack(), ...llmSlos()] },
  dashboards: ${dashboards},
});
`;

beforeAll(async () => {
  stack = await makeTestStack({});
  await stack.write("sample.ts", sample());
  // `up` would refuse what the sample does wrong; the preview is there to show it.
  await stack.write("obs.config.ts", config("allDashboards()"));
  await stack.ok(["up", "--runtime", "native", "--demo"]);
  await stack.write("obs.config.ts", config());
  browser = await startBrowser(undefined);
});

afterAll(async () => {
  await browser?.close();
  await removeTestStack(stack);
});

/** A page of the preview, and what went wrong in it. Pages ask again only when a test wants it. */
async function opened(
  path: string,
  { width = 1280, height = 900 } = {},
): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage({ viewport: { width, height } });
  const faults: string[] = [];
  page.on("console", (message) => {
    // A refused request is told below, with its address.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("requestfailed", (request) => faults.push(`${request.failure()?.errorText} ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(stack.url("preview", path));
  await ready(page);
  return { page, faults };
}

const ready = (page: Page) =>
  page.locator('html[data-ready="true"]').waitFor({ state: "attached", timeout: 120_000 });

/** Asks anew, as people do. */
async function refresh(page: Page): Promise<void> {
  await page.keyboard.press("d");
  await page.keyboard.press("r");
}

const panel = (page: Page, title: string) => page.locator(`[data-panel-id][data-title="${title}"]`);

const inState = (page: Page, title: string, state: string) =>
  page.locator(`[data-panel-id][data-title="${title}"][data-state="${state}"]`).waitFor({ timeout: 60_000 });

/** What there is to say against how the panels are drawn. Runs in the page. */
const looks = `(() => {
  const found = [];
  const boxes = [...document.querySelectorAll("[data-panel-id]")].map((panel) => {
    const { left, top, right, bottom } = panel.getBoundingClientRect();
    return { title: panel.dataset.title, left, top, right, bottom };
  });
  for (const [at, one] of boxes.entries())
    for (const other of boxes.slice(at + 1))
      if (one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)
        found.push(one.title + " overlaps " + other.title);
  for (const title of document.querySelectorAll("[data-panel-id] h2"))
    if (title.scrollWidth > title.clientWidth) found.push(title.textContent + " is clipped");
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page is wider than the window");
  return found;
})()`;

/** Panels that show nothing and don't say why that may be, those that failed, and those that were not drawn. Runs in the page. */
const lacking = `[...document.querySelectorAll("[data-panel-id]")]
  .filter(({ dataset: { state, mayBeEmpty } }) => state !== "done" && !(state === "empty" && mayBeEmpty !== undefined))
  .map(({ dataset: { title, state } }) => title + ": " + state)`;

async function openSections(page: Page): Promise<void> {
  const folded = page.locator('[data-section][aria-expanded="false"]');
  while ((await folded.count()) > 0) await folded.first().click();
  await ready(page);
}

async function dashboards(): Promise<string[]> {
  const state = (await (await fetch(stack.url("preview", "/api/state"))).json()) as State;
  return state.dashboards.map(({ uid }) => uid).filter((uid) => uid !== "sample");
}

test.each([
  [1280, "dark"],
  [1920, "light"],
])(
  "at %d px, %s, every panel shows data or why it has none, nothing overlaps, nothing is clipped",
  async (width, theme) => {
    const uids = await dashboards();
    expect(uids.length).toBeGreaterThan(8);
    for (const uid of uids) {
      const shown = await waitFor(
        `all panels of ${uid} to have data`,
        async () => {
          const { page, faults } = await opened(
            `/d/${uid}?all=1&refresh=&from=now-15m&to=now&theme=${theme}`,
            { width },
          );
          try {
            await openSections(page);
            const without = await page.evaluate<string[]>(lacking);
            // The demo has only just begun: rules look back some minutes.
            if (without.length > 0) throw new Error(without.join(", "));
            return { faults: [...faults], looks: await page.evaluate<string[]>(looks) };
          } finally {
            await page.close();
          }
        },
        { timeoutMs: 600_000, everyMs: 3000 },
      );
      expect({ uid, ...shown }).toEqual({ uid, faults: [], looks: [] });
    }
  },
);

test("panels that can't be drawn say why and what to do, and the others are drawn", async () => {
  const { page } = await opened("/d/sample?all=1&refresh=");
  await inState(page, "Programs up", "done");
  const said = async (title: string) => (await panel(page, title).innerText()).replace(/\s+/g, " ");
  await inState(page, "All there is", "error");
  expect(await said("All there is")).toContain("series");
  await inState(page, "Elsewhere", "error");
  expect(await said("Elsewhere")).toContain('no data source "nowhere"');
  await inState(page, "Broken", "error");
  expect(await said("Broken")).toContain("parse error");
  // What the checks find stands at the panel, too.
  await panel(page, "Broken")
    .getByRole("button", { name: /problem/ })
    .waitFor();
  await inState(page, "Nothing", "empty");
  expect(await said("Nothing")).toContain("No data All is well.");
  await inState(page, "Odd", "unsupported");
  expect(await said("Odd")).toContain("geomap");
  await page.close();
});

test("50,000 series leave the page alive: it draws what can be read, and says so", async () => {
  const { page, faults } = await opened("/");
  const now = Math.floor(Date.now() / 1000);
  const result = Array.from({ length: 50_000 }, (_, at) => ({
    metric: { at: String(at) },
    values: [[now, "1"]],
  }));
  const answer = JSON.stringify({ status: "success", data: { resultType: "matrix", result } });
  await page.route("**/api/v1/query_range", (route) =>
    route.request().postData()?.includes("__name__")
      ? route.fulfill({ contentType: "application/json", body: answer })
      : route.continue(),
  );
  // In the page that is there: another one would break off what this one asks.
  await page
    .locator("a[href^='/d/sample']")
    .first()
    .evaluate("(link) => link.click()")
    .catch(async () => {
      await page.getByRole("button", { name: "List of dashboards" }).click();
      await page.locator("nav a[href^='/d/sample']").click();
    });
  await panel(page, "All there is").scrollIntoViewIfNeeded();
  await inState(page, "All there is", "done");
  await panel(page, "All there is").getByRole("button", { name: "Not all is drawn" }).waitFor();
  await inState(page, "Programs up", "done");
  expect(faults.filter((fault) => !/^4\d\d /.test(fault))).toEqual([]);
  await page.close();
});

test("time, choices and a panel on the whole page are in the address; the back button and keys lead out", async () => {
  const { page } = await opened("/d/sample?refresh=");
  await page.getByRole("button", { name: /Time range selected/ }).click();
  await page.getByText("Last 30 minutes", { exact: true }).click();
  await page.waitForURL(/from=now-30m/);

  await page.locator('[data-variable="job"] input').click();
  await page.getByText("loki", { exact: true }).click();
  await page.waitForURL(/var-job=loki/);
  // The list stays open for more.
  await page.keyboard.press("Escape");
  await page.goBack();
  await page.waitForURL((url) => !url.search.includes("var-job"));

  await panel(page, "Programs up").hover();
  await panel(page, "Programs up").getByRole("button", { name: /^Menu/ }).click();
  await page.getByRole("menuitem", { name: "View" }).click();
  await page.waitForURL(/viewPanel=1/);
  await panel(page, "Chosen").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await panel(page, "Chosen").waitFor();

  await ready(page);
  const asked = page.waitForRequest((request) => request.postData()?.includes("sum%28up%29") === true);
  await refresh(page);
  await asked;
  await page.close();
});

test("a link leads to a dashboard with its time and choices; looks stay", async () => {
  const { page } = await opened("/d/services?refresh=&from=now-15m&to=now&theme=light");
  await panel(page, "Services compared").getByRole("link", { name: "demo-gateway" }).click();
  await page.waitForURL((url) => url.pathname === "/d/service-detail");
  const { searchParams } = new URL(page.url());
  expect(
    Object.fromEntries(["var-service", "from", "theme"].map((name) => [name, searchParams.get(name)])),
  ).toEqual({
    "var-service": "demo-gateway",
    from: "now-15m",
    theme: "light",
  });
  await page.close();
});

test("a found trace and an exemplar open as a waterfall with its log lines", async () => {
  const { page, faults } = await opened(
    "/d/service-detail?refresh=&from=now-15m&to=now&var-service=demo-gateway",
  );
  const trace = page.locator("[data-trace]");
  await panel(page, "Failed and slow traces")
    .getByText(/^[0-9a-f]{32}$/)
    .first()
    // Its column shows the first digits.
    .click({ position: { x: 12, y: 8 } });
  await trace.locator("[data-span]").nth(3).waitFor();
  await trace.locator("[data-level]").first().waitFor();
  expect(new URL(page.url()).searchParams.get("trace")).toMatch(/^[0-9a-f]{32}$/);
  await page.goBack();
  await trace.waitFor({ state: "detached" });

  const dots = panel(page, "Latency").locator("[data-exemplar]");
  await waitFor(
    "an exemplar",
    async () => {
      if ((await dots.count()) > 0) return true;
      await refresh(page);
      await ready(page);
      return false;
    },
    { timeoutMs: 300_000, everyMs: 1000 },
  );
  await dots.first().dispatchEvent("click");
  await trace.locator("[data-span]").first().waitFor();
  expect(faults).toEqual([]);
  await page.close();
});

test("what is saved is drawn at once, and only what changed asks again", async () => {
  const { page } = await opened("/d/sample?refresh=");
  let others = 0;
  page.on("request", (request) => {
    if (request.postData()?.includes("job%3D~")) others++;
  });
  await stack.write("sample.ts", sample({ title: "Programs that answer" }));
  await inState(page, "Programs that answer", "done");
  await ready(page);
  expect(others).toBe(0);

  await stack.write("sample.ts", sample({ failing: 'throw new Error("not today");' }));
  await page.locator("[data-problems]").getByText("not today").waitFor();
  // The last that could be loaded stays.
  await inState(page, "Programs that answer", "done");

  await stack.write("sample.ts", sample());
  await stack.write("obs.config.ts", config("[...allDashboards(), sample, sample]"));
  await page
    .locator("[data-problems]")
    .getByText(/sample/)
    .first()
    .waitFor();
  await stack.write("obs.config.ts", config());
  await inState(page, "Programs up", "done");
  await page.close();
});

test("while a store is down its panels say so, what they showed stays until then, and they come back", async () => {
  const { page } = await opened("/d/sample?refresh=");
  const [prometheus] = processesOf(stack.folder).filter(({ command }) =>
    command.includes("prometheus --config"),
  );
  process.kill(prometheus!.pid, "SIGSTOP");
  try {
    await page
      .getByText(/is down/)
      .first()
      .waitFor({ timeout: 120_000 });
    await refresh(page);
    await inState(page, "Programs up", "error");
    expect(await panel(page, "Programs up").innerText()).toContain("Prometheus");
  } finally {
    process.kill(prometheus!.pid, "SIGCONT");
  }
  await inState(page, "Programs up", "done");
  await page.close();
});
