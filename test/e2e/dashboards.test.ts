import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { hostPack, llmPack, llmSlos, servicePack, stackPack } from "../../alerts/index.js";
import { allDashboards, mayBeEmpty } from "../../dashboards/index.js";
import type { Catalog } from "../../stack/catalog/catalog.js";
import { loadCatalog } from "../../stack/catalog/open.js";
import { analyse, type Selector } from "../../stack/promql/index.js";
import { findProgram } from "../../stack/toolchain/find.js";
import type { DashboardQuery, Json } from "../../stack/validate/dashboards/dashboard.js";
import { isInstant, mappings, panelsOf, textAt } from "../../stack/validate/dashboards/dashboard.js";
import { queriesOf } from "../../stack/validate/dashboards/queries.js";
import { freePorts } from "../support/free-ports.js";
import { withFolder } from "../support/temporary-folder.js";
import { waitFor } from "../support/wait-for.js";
import { withStack } from "../support/with-stack.js";

/** Seconds; within Prometheus' lookback, and two of them within `$__rate_interval`. */
const step = 120;
/** Some queries look a day back, over a day. */
const hours = 50;

/** As Grafana fills in "All", and the value of what is chosen singly. */
function filled({ text }: Pick<DashboardQuery, "text">): string {
  return text
    .replaceAll("$__rate_interval", "5m")
    .replaceAll("$__range", "1h")
    .replaceAll(/=~"\$\w+"/g, '=~".*"')
    .replaceAll(/="\$\w+"/g, '="a"')
    .replaceAll(/\$\w+/g, "a");
}

const queries = allDashboards().flatMap((dashboard) =>
  queriesOf(dashboard as unknown as Json, "tempo")
    .filter(({ kind, language }) => language === "promql" && kind !== "variable")
    .map((query) => ({ ...query, of: `${dashboard.uid}: ${query.of}`, expr: filled(query) })),
);

test("every query of every panel is answered with data, where there is what it asks for", async () => {
  const [prometheus, promtool] = await Promise.all([findProgram("prometheus"), findProgram("promtool")]);
  await withFolder(async (folder) => {
    const { catalog } = await loadCatalog();
    await writeFile(join(folder, "samples.txt"), samples(catalog));
    await mkdir(join(folder, "data"));
    await execa(promtool!.path, ["tsdb", "create-blocks-from", "openmetrics", "samples.txt", "data"], {
      cwd: folder,
    });
    await writeFile(join(folder, "prometheus.yml"), "{}\n");
    const [port] = await freePorts(1);
    const address = `127.0.0.1:${port}`;
    const program = spawn(
      prometheus!.path,
      ["--config.file=prometheus.yml", "--storage.tsdb.path=data", `--web.listen-address=${address}`],
      { cwd: folder, stdio: "ignore" },
    );
    try {
      await waitFor("Prometheus to be ready", async () => (await fetch(`http://${address}/-/ready`)).ok);
      const wrong: string[] = [];
      for (const { of, expr, target } of queries) {
        const instant = isInstant(target);
        const response = await fetch(`http://${address}/api/v1/${instant ? "query" : "query_range"}`, {
          method: "POST",
          body: new URLSearchParams({
            query: expr,
            ...(instant
              ? { time: String(end) }
              : { start: String(end - 3600), end: String(end), step: "60" }),
          } as Record<string, string>),
        });
        const answer = (await response.json()) as { error?: string; data?: { result: unknown[] } };
        // Only the dots of an exemplar are wanted, not a line.
        const empty = answer.data?.result.length === 0 && (target as Json | undefined)?.exemplar !== true;
        if (answer.error !== undefined || empty) wrong.push(`${of}: ${answer.error ?? "nothing"}\n  ${expr}`);
      }
      expect(wrong).toEqual([]);
    } finally {
      program.kill("SIGKILL");
      await once(program, "exit");
    }
  });
}, 300_000);

test("on a running stack that nobody uses, every panel has data that isn't marked with why it may be empty", async () => {
  const unmarked = allDashboards().flatMap((dashboard) =>
    panelsOf(dashboard as unknown as Json)
      .filter(({ panel }) => mayBeEmpty(panel) === undefined)
      .map(({ title, panel }) => ({
        of: `${dashboard.uid}: ${title}`,
        exprs: mappings(panel.targets).map((target) => filled({ text: textAt(target, "expr") })),
      })),
  );
  expect(unmarked.length).toBeGreaterThan(15);
  await withStack({}, async ({ definition, write, ok, url }) => {
    await write(
      "obs.config.ts",
      `import { defineStack } from "obs-stack";
import { hostPack, llmPack, servicePack, stackPack } from "obs-stack/alerts";
import { allDashboards } from "obs-stack/dashboards";
const definition = ${JSON.stringify({ ...definition, metrics: { scrapeInterval: "1s" } })};
export default defineStack({
  ...definition,
  alerting: { packs: [llmPack(), servicePack(), hostPack(), stackPack()] },
  dashboards: allDashboards(),
});
`,
    );
    await ok(["up", "--runtime", "native"]);
    const isEmpty = async (expr: string) => {
      const response = await fetch(url("prometheus", `/api/v1/query?query=${encodeURIComponent(expr)}`));
      const { data } = (await response.json()) as { data?: { result: unknown[] } };
      return !data || data.result.length === 0;
    };
    for (const { of, exprs } of unmarked)
      await waitFor(`data of ${of}`, async () => {
        const empty = await Promise.all(exprs.map(isEmpty));
        return empty.some((each) => !each);
      });
  });
}, 600_000);

test("every record that panels ask for is one of a pack", () => {
  const packs = [llmPack(), servicePack(), hostPack(), stackPack(), ...llmSlos()];
  const rules = packs.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  const records = new Set(rules.flatMap((rule) => (rule.kind === "record" ? [rule.name] : [])));
  const asked = queries.flatMap(({ expr }) => analyse(expr).selectors.map(({ metric = "" }) => metric));
  expect(asked.filter((metric) => metric.includes(":") && !records.has(metric))).toEqual([]);
});

const end = Math.floor(Date.now() / 1000 / step) * step;

/** Series for each selector of each query, that have the labels it matches and groups by; all rise. */
function samples(catalog: Catalog): string {
  const series = new Map<string, Set<string>>();
  for (const { expr } of queries) {
    const { selectors, aggregations } = analyse(expr);
    const grouped = aggregations.flatMap(({ grouping }) => grouping?.labels.map(({ name }) => name) ?? []);
    for (const selector of selectors) {
      const metric = selector.metric!;
      const known = catalog.labelsOf(metric) ?? [];
      const labels = labelsFor(
        selector,
        metric.includes(":") || metric.startsWith("ALERTS") ? grouped : [...known],
      );
      for (const le of metric.endsWith("_bucket") ? ["0.1", "1", "+Inf"] : [undefined]) {
        const all = { ...labels, ...(le !== undefined && { le }) };
        const text = Object.entries(all)
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([name, value]) => `${name}="${value}"`);
        const list = series.get(metric) ?? new Set();
        series.set(metric, list.add(text.join(",")));
      }
    }
  }
  const lines: string[] = [];
  for (const [metric, list] of [...series].sort())
    for (const labels of list)
      for (let at = end - hours * 3600; at <= end; at += step)
        lines.push(`${metric}{${labels}} ${1 + (at - end + hours * 3600) / step} ${at}`);
  return `${lines.join("\n")}\n# EOF\n`;
}

function labelsFor({ matchers }: Selector, names: readonly string[]): Record<string, string> {
  const labels = Object.fromEntries(names.filter((name) => name !== "le").map((name) => [name, "a"]));
  for (const { label, operator, value } of matchers) {
    if (operator === "=") labels[label] = value;
    if (operator === "=~") labels[label] = /^[\w.]+/.exec(value.replace(".*", "a"))?.[0] ?? "a";
    if (operator === "!=" || operator === "!~") labels[label] ??= "a";
  }
  return labels;
}
