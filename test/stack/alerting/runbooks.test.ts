import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { alert, defineRules } from "../../../stack/alerting/define-rules.js";
import { runbookPage } from "../../../stack/alerting/runbook-page.js";
import { meaningOf, readRunbooks, runbookPages, runbookUrl } from "../../../stack/alerting/runbooks.js";
import { stackSchema } from "../../../stack/define.js";
import { projectAt } from "../../../stack/project.js";
import { withFolder } from "../../support/temporary-folder.js";

const rule = (name: string, runbook?: string) =>
  alert(name, {
    expr: "up == 0",
    severity: "warning",
    summary: "Down",
    description: "It is down.",
    cases: [],
    ...(runbook !== undefined && { runbook }),
  });

/** Runbooks and findings of a project with these files and alerts. */
async function runbooksOf(
  files: Record<string, string>,
  rules: ReturnType<typeof rule>[],
  alerting: { runbookUrl?: string } = {},
) {
  return withFolder(async (root) => {
    for (const [path, text] of Object.entries({ "obs.config.ts": "", ...files })) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    const pack = defineRules({ name: "shop", owner: "shop", groups: [{ name: "shop", rules }] });
    const stack = stackSchema.parse({ name: "shop", alerting: { packs: [pack], ...alerting } });
    return readRunbooks(projectAt(join(root, "obs.config.ts")), stack);
  });
}

const page = (text: string) => runbookPage({ alert: "ShopDown", source: "x.md", text });

test("a runbook's address is Prometheus' own, or below the one that the definition names", () => {
  const stack = (alerting: object) =>
    stackSchema.parse({ name: "shop", ports: { prometheus: 9999 }, alerting });
  expect(runbookUrl(stack({}), "ShopDown")).toBe("http://127.0.0.1:9999/user/ShopDown.html");
  expect(runbookUrl(stack({ runbookUrl: "https://books.example.org/on-call/" }), "Shop down")).toBe(
    "https://books.example.org/on-call/Shop%20down.html",
  );
});

test("the project's runbook wins over the one that comes with obs, and one that the alert names over both", async () => {
  const files = {
    "alerts/runbooks/SloBurnFast.md": "# SloBurnFast\n\nours\n",
    "alerts/runbooks/ShopDown.md": "# ShopDown\n\nby name\n",
    "books/shop.md": "# ShopDown\n\nnamed\n",
  };
  const { runbooks, problems } = await runbooksOf(files, [
    rule("SloBurnFast"),
    rule("SloBurnSlow"),
    rule("ShopDown", "books/shop.md"),
  ]);
  expect(problems).toEqual([]);
  expect(runbooks.map(({ alert, text }) => [alert, meaningOf({ alert, source: "", text })])).toEqual([
    ["ShopDown", "named"],
    ["SloBurnFast", "ours"],
    ["SloBurnSlow", expect.stringContaining("error budget")],
  ]);
});

test("every runbook in the project's folder is shown, also of alerts in plain rule files", async () => {
  const { runbooks } = await runbooksOf({ "alerts/runbooks/OldAlert.md": "# OldAlert" }, []);
  expect(runbooks.map(({ alert }) => alert)).toEqual(["OldAlert"]);
});

test("an alert without a runbook is a finding, unless people read runbooks elsewhere", async () => {
  const { problems } = await runbooksOf({}, [rule("ShopDown")]);
  expect(problems).toMatchObject([
    {
      id: "missing-runbook",
      what: "The alert ShopDown has no runbook: there is no alerts/runbooks/ShopDown.md.",
      place: { file: "obs.config.ts", keyPath: "alerting.packs.shop.ShopDown" },
    },
  ]);
  const elsewhere = { runbookUrl: "https://books.example.org" };
  expect((await runbooksOf({}, [rule("ShopDown")], elsewhere)).problems).toEqual([]);
  expect((await runbooksOf({}, [rule("ShopDown", "books/no.md")], elsewhere)).problems).toHaveLength(1);
});

test("a page shows headings, code and tables, and names its alert", () => {
  const html = page("# ShopDown\n\n`a < b`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n");
  expect(html).toContain("<title>ShopDown</title>");
  expect(html).toContain("<h1>ShopDown</h1>");
  expect(html).toContain("<code>a &lt; b</code>");
  expect(html).toContain("<td>1</td>");
});

test.each([
  "<script>alert(1)</script>",
  "text <script>alert(1)</script>",
  '<img src=x onerror="alert(1)">',
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt&#58;alert(1))",
  "[x](data:text/html;base64,AAAA)",
  "[x](//evil.example)",
  "![x](https://tracker.example/a.png)",
  '[x](https://a.example/"onmouseover="alert(1))',
  "<iframe src=https://evil.example></iframe>",
])("a page neither runs nor fetches anything: %s", (text) => {
  const body = page(text).split("<body>")[1]!;
  expect(body).not.toMatch(/<(script|img|iframe|object|link|style)/i);
  expect(body).not.toMatch(/href="(javascript|data|\/\/)/i);
  expect(body).not.toMatch(/<[^>]+\son\w+=/i);
});

test("every page forbids the browser to run or fetch anything", () => {
  expect(page("hello")).toContain(`content="default-src 'none'; style-src 'unsafe-inline';`);
});

test("links to other runbooks lead to their pages", () => {
  const html = page("[a](Other.md) [b](./Other.md#mends) [c](https://example.org/x.md)");
  expect(html).toContain('href="Other.html"');
  expect(html).toContain('href="./Other.html#mends"');
  expect(html).toContain('href="https://example.org/x.md"');
});

test("there is a page for each runbook and one that leads to them; a name that is no file name gets none", async () => {
  const book = (alert: string) => ({
    alert,
    source: "x.md",
    text: `# ${alert}\n\n**Meaning.** *Bad* <b>.\n`,
  });
  const pages = await runbookPages([book("Shop down"), book("../../etc"), book("A<b>")]);
  expect(pages.map(({ name }) => name)).toEqual(["Shop down.html", "index.html"]);
  expect(pages[1]!.text).toContain(
    '<a href="./Shop%20down.html">Shop down</a></dt><dd><em>Bad</em> &lt;b&gt;.</dd>',
  );
  expect(await runbookPages([])).toEqual([]);
});
