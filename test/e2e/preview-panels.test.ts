import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { type Browser, chromium, type Page } from "playwright-core";

// Grafana's `TimeSeries` and `TableNG` are published, but no stable API: what each kind of panel looks like is kept in
// pictures. After a change that is meant: UPDATE_PICTURES=1 npm run test:e2e -- test/e2e/preview-panels.test.ts, and look.

const updating = process.env.UPDATE_PICTURES === "1";
const pictures = join("test", "support", "panel-pictures", "pictures");
/** Share of a picture that may differ: another version of the browser smooths letters in another way. */
const tolerance = 0.01;
const origin = "http://panels.test";

let folder: string;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "obs-panels-"));
  const entry = "test/support/panel-pictures/page.tsx";
  const script = `import { bundle } from "./scripts/build-page.mjs";
    await bundle(process.cwd(), ${JSON.stringify(folder)}, { entry: "${entry}", development: true });`;
  await execa("node", ["--input-type=module", "--eval", script]);
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb"],
  });
}, 300_000);

afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** A page with all panels, what went wrong in it, and what it asked of the network besides its own files. */
async function opened(theme: string): Promise<{ page: Page; said: string[] }> {
  const page = await browser.newPage({
    viewport: { width: 1000, height: 6000 },
    locale: "en-US",
    timezoneId: "UTC",
    reducedMotion: "reduce",
  });
  const said: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) said.push(message.text());
  });
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", (dialog) => {
    said.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.route("**", (route) => {
    const { origin: asked, pathname } = new URL(route.request().url());
    if (asked === origin && pathname === "/") return route.fulfill({ path: join(folder, "index.html") });
    const file = join(folder, pathname.replace(/^\/assets\//, ""));
    if (asked === origin && existsSync(file)) return route.fulfill({ path: file });
    said.push(`asked for ${route.request().url()}`);
    return route.abort();
  });
  await page.clock.setFixedTime(Date.UTC(2026, 10, 21, 12));
  await page.goto(`${origin}/?theme=${theme}`);
  await page.locator('[data-case="lines"] canvas').waitFor();
  await page.locator('[data-case="trace"] [data-span]').first().waitFor();
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  return { page, said };
}

const asked = (page: Page) => page.evaluate("window.asked") as Promise<[string, unknown][]>;

test.each(["dark", "light"])(
  "every kind of panel looks as it did, %s, and nothing is said in the console",
  async (theme) => {
    const { page, said } = await opened(theme);
    const differing: string[] = [];
    const boxes = await page.locator("[data-case]").all();
    const names = await Promise.all(boxes.map(async (box) => (await box.getAttribute("data-case"))!));
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) {
      const file = join(pictures, theme, `${name.replaceAll(" ", "-")}.png`);
      const picture = await page.locator(`[data-case="${name}"]`).screenshot({ animations: "disabled" });
      const kept = existsSync(file) ? await readFile(file, "base64") : "";
      const share =
        kept === ""
          ? 1
          : await page.evaluate<number>(`difference("${kept}", "${picture.toString("base64")}")`);
      if (share <= tolerance) continue;
      if (updating) {
        await mkdir(join(pictures, theme), { recursive: true });
        await writeFile(file, picture);
        continue;
      }
      const now = join(tmpdir(), `obs-panels-${theme}-${name.replaceAll(" ", "-")}.png`);
      await writeFile(now, picture);
      differing.push(`${name}: ${Math.round(share * 1000) / 10} % differs; ${file} was, ${now} is`);
    }
    expect(differing).toEqual([]);
    expect(said).toEqual([]);
    await page.close();
  },
  300_000,
);

test("a panel answers to the pointer: tooltips on all, series hidden, a range opened, a trace led to", async () => {
  const { page, said } = await opened("dark");
  const panel = (name: string) => page.locator(`[data-case="${name}"]`);
  const plot = (await panel("lines").locator(".u-over").boundingBox())!;
  const at = (x: number) => [plot.x + plot.width * x, plot.y + plot.height * 0.6] as const;

  await page.mouse.move(...at(0.2));
  await page.mouse.move(...at(0.25));
  const tooltips = page.locator("#grafana-portal-container").getByText("gemini", { exact: true });
  await expect(tooltips.first().waitFor()).resolves.toBeUndefined();
  await tooltips.nth(1).waitFor();

  await page.mouse.down();
  await page.mouse.move(...at(0.5), { steps: 4 });
  await page.mouse.move(...at(0.75), { steps: 4 });
  await page.mouse.up();
  const [[what, range]] = (await asked(page)) as [[string, { from: number; to: number }]];
  expect(what).toBe("range");
  expect((range.to - range.from) / 3_600_000).toBeCloseTo(0.5, 1);

  await panel("stacked").getByRole("button", { name: "gpt" }).click();
  await expect(panel("stacked").getByText("$16").waitFor({ state: "detached" })).resolves.toBeUndefined();

  await panel("lines").locator('[data-exemplar^="0af"]').click();
  await panel("logs").getByText("the provider did not answer").click();
  await panel("logs").getByRole("button", { name: "Open the trace" }).click();
  await panel("table").getByText("0af7651916cd43dd8448eb211c80319c").click();
  expect((await asked(page)).slice(1)).toEqual(
    Array.from({ length: 3 }, () => ["trace", "0af7651916cd43dd8448eb211c80319c"]),
  );
  expect(await panel("table").getByText("Errors").getAttribute("href")).toBe("/runbooks/Errors");

  await panel("trace").getByText("chat gpt-5").click();
  await panel("trace").getByText("gen_ai.usage.input_tokens").waitFor();
  await panel("trace").getByRole("button", { name: "Fold all", exact: true }).click();
  expect(await panel("trace").locator("[data-span]").count()).toBe(1);
  expect(said).toEqual([]);
  await page.close();
}, 120_000);
