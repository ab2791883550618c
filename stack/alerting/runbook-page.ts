import { Marked } from "marked";
import { meaningOf, type Runbook } from "./runbooks.js";

/**
 * Markdown without anything that a page could run or fetch: HTML in it is shown as text, links lead to the web, to mail or
 * to another runbook, and a picture becomes a link. The page's own policy says the same to the browser.
 */
const markdown = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => escaped(text),
    link({ href, tokens }) {
      return linked(href, this.parser.parseInline(tokens));
    },
    image: ({ href, text }) => linked(href, escaped(text || href)),
  },
});

/** A runbook as a page that stands alone. */
export function runbookPage({ alert, text }: Runbook): string {
  return page(alert, `<p><a href="./">All runbooks</a></p>\n${markdown.parse(text, { async: false })}`);
}

/** The page that leads to all others. */
export function indexPage(runbooks: readonly Runbook[]): string {
  const rows = runbooks.map((runbook) => {
    const { alert } = runbook;
    const href = `./${encodeURIComponent(alert)}.html`;
    const meaning = markdown.parseInline(meaningOf(runbook), { async: false });
    return `<dt><a href="${href}">${escaped(alert)}</a></dt><dd>${meaning}</dd>`;
  });
  return page("Runbooks", `<h1>Runbooks</h1>\n<dl>\n${rows.join("\n")}\n</dl>\n`);
}

const style = [
  ":root{color-scheme:light dark}",
  "body{font:16px/1.55 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1c1e21;background:#fff}",
  "h1,h2{line-height:1.25}h2{margin-top:2rem}a{color:#0a58ca}dt{font-weight:600;margin-top:1rem}dd{margin:0}",
  "code{font:.9em ui-monospace,monospace;background:#eef0f3;padding:.1em .3em;border-radius:4px;overflow-wrap:anywhere}",
  "pre{background:#eef0f3;padding:.8rem;border-radius:6px;white-space:pre-wrap}pre code{padding:0;background:none}",
  "table{border-collapse:collapse}td,th{border:1px solid #8885;padding:.3em .6em;text-align:left}li{margin:.3em 0}",
  "@media(prefers-color-scheme:dark){body{color:#e4e6ea;background:#16181c}a{color:#7ab7ff}code,pre{background:#262a31}}",
].join("\n");

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'">
<title>${escaped(title)}</title>
<style>
${style}
</style>
</head>
<body>
${body.trimEnd()}
</body>
</html>
`;
}

function linked(href: string, text: string): string {
  const target = href.trim();
  const allowed = /^(https?:|mailto:)/i.test(target) || /^[\w./#%-]+$/.test(target);
  if (!allowed || target.startsWith("//")) return text;
  // Runbooks name each other by their files.
  const page = /^[a-z]+:/i.test(target) ? target : target.replace(/\.md(?=$|#)/, ".html");
  return `<a href="${escaped(page)}" rel="noreferrer">${text}</a>`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
