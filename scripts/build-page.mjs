// Builds the page of `obs dashboards preview` (dashboards/preview/page) for browsers. It takes seconds, and most edits are
// elsewhere: what was built is kept in the working folder, and built again only when one of its sources, the packages or
// this file changed.
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const page = "dashboards/preview/page";
/** Where browsers find the page's files. */
const publicPath = "/assets/";

/**
 * Writes the page to `out`, by way of a copy kept in `kept`. Returns the paths, below `root`, of all that went into it; none
 * where there is no page.
 */
export async function buildPage(root, kept, out) {
  if (!existsSync(join(root, page))) return [];
  const sum = (path) =>
    createHash("sha256")
      .update(readFileSync(join(root, path)))
      .digest("hex");
  const tools = ["package-lock.json", "scripts/build-page.mjs", `${page}/index.html`];
  const record = join(kept, "inputs.json");
  const known = existsSync(record) ? JSON.parse(readFileSync(record, "utf8")) : undefined;
  const fresh =
    known &&
    Object.entries(known.sums).every(([path, was]) => existsSync(join(root, path)) && sum(path) === was);
  let inputs = known?.inputs;
  if (!fresh) {
    const working = `${kept}-${process.pid}`;
    rmSync(working, { recursive: true, force: true });
    const begun = Date.now();
    inputs = await bundle(root, join(working, "page"));
    const own = inputs.filter((path) => !path.includes("node_modules/"));
    // What was edited meanwhile may not be in it.
    const sums = Object.fromEntries(
      [...own, ...tools].map((path) => [path, statSync(join(root, path)).mtimeMs < begun && sum(path)]),
    );
    writeFileSync(join(working, "inputs.json"), JSON.stringify({ inputs, sums }));
    rmSync(kept, { recursive: true, force: true });
    renameSync(working, kept);
  }
  cpSync(join(kept, "page"), join(out, page), { recursive: true });
  return inputs;
}

/** Licences of what is shipped beside the code: fonts have their own. */
export const pageLicences = [`${page}/fonts/LICENSE`];

/**
 * Bundles the page into `folder`, with its icons and fonts. Returns the paths, below `root`, of all that went into it. Tests
 * bundle an `entry` of their own in the same way, as for `development`: there React says what is wrong.
 */
export async function bundle(root, folder, { entry = `${page}/main.tsx`, development = false } = {}) {
  const { build } = await import("esbuild");
  const mode = development ? "development" : "production";
  mkdirSync(folder, { recursive: true });
  const { metafile } = await build({
    entryPoints: { main: join(root, entry) },
    absWorkingDir: root,
    outdir: folder,
    bundle: true,
    splitting: true,
    minify: !development,
    format: "esm",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    conditions: [mode],
    mainFields: ["browser", "module", "main"],
    chunkNames: "chunks/[name]-[hash]",
    define: { "process.env.NODE_ENV": JSON.stringify(mode), global: "globalThis" },
    publicPath,
    legalComments: "none",
    plugins: [leftOut, textOnly(root), zones(root)],
    metafile: true,
    logLevel: "silent",
  });
  const html = readFileSync(join(root, page, "index.html"), "utf8");
  writeFileSync(
    join(folder, "index.html"),
    html.replace("</head>", `${preloads(metafile, root, folder)}</head>`),
  );
  const ui = join(root, "node_modules", "@grafana", "ui", "dist", "public", "img", "icons");
  const icons = join(folder, "build", "img", "icons");
  cpSync(ui, icons, { recursive: true });
  // Some that its components show are not in the package.
  cpSync(join(root, page, "icons"), icons, { recursive: true });
  // Under the names that Grafana's styles ask for.
  const font = (file, ...path) => {
    mkdirSync(join(folder, "fonts", path[0]), { recursive: true });
    cpSync(join(root, page, "fonts", file), join(folder, "fonts", ...path));
  };
  font("Inter-Regular.woff2", "inter", "Inter-Regular.woff2");
  font("Inter-Medium.woff2", "inter", "Inter-Medium.woff2");
  font(
    "RobotoMono-Regular.woff2",
    "roboto",
    "L0xTDF4xlVMF-BfR8bXMIhJHg45mwgGEFl0_3vrtSM1J-gEPT5Ese6hmHSh0mQ.woff2",
  );
  return Object.keys(metafile.inputs).filter((path) => existsSync(join(root, path)));
}

/** Links to what the page begins with, so that browsers fetch all of it at once. */
function preloads({ outputs }, root, folder) {
  const scripts = Object.entries(outputs)
    .find(([file]) => file.endsWith("/main.js"))[1]
    .imports.filter(({ kind }) => kind === "import-statement")
    .map(({ path }) => publicPath + relative(folder, resolve(root, path)))
    .map((href) => `<link rel="modulepreload" href="${href}">`);
  return scripts.join("");
}

/** Editors of queries and code, maps, telemetry of the browser: Grafana's packages bring them, nothing here shows them. */
const unused =
  /^(monaco-editor|@monaco-editor\/react|@codemirror\/.*|@uiw\/.*|@lezer\/.*|ol|@grafana\/faro-web-sdk|slate|slate-react|slate-plain-serializer|prismjs)(\/|$)/;

const leftOut = {
  name: "left-out",
  setup(build) {
    build.onResolve({ filter: unused }, ({ path }) => ({ path, namespace: "left-out", sideEffects: false }));
    build.onLoad({ filter: /.*/, namespace: "left-out" }, () => ({
      contents:
        "module.exports = new Proxy(() => {}, { get: (_, name) => name === '__esModule' || (() => {}) });",
      loader: "js",
    }));
  },
};

/** React's renderer for servers, of which a tooltip needs the text of what it is about: it weighs as much as React itself. */
const textOnly = (root) => ({
  name: "text-only",
  setup(build) {
    build.onResolve({ filter: /^react-dom\/server$/ }, ({ path }) => ({ path, namespace: "text-only" }));
    build.onLoad({ filter: /.*/, namespace: "text-only" }, () => ({
      contents: `
        import { Children, isValidElement } from "react";
        const textOf = (node) =>
          Children.toArray(node).map((each) => (isValidElement(each) ? textOf(each.props.children) : each)).join("");
        export default { renderToStaticMarkup: textOf };`,
      loader: "js",
      resolveDir: root,
    }));
  },
});

/** Time zones as they are these years: all that were is ten times as much. */
const zones = (root) => ({
  name: "zones",
  setup(build) {
    const path = join(
      root,
      "node_modules/moment-timezone/builds/moment-timezone-with-data-10-year-range.min.js",
    );
    build.onResolve({ filter: /^moment-timezone$/ }, () => ({ path }));
  },
});

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  await buildPage(root, join(root, ".build", "page"), join(root, process.argv[2] ?? "dist"));
}
