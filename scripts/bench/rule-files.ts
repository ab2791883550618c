import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { packageRoot } from "../../stack/package-root.js";
import { timed } from "./context.js";

/** Rules in one file. */
const perFile = 10;

/** Queries as people write them, each time about other metrics, so that nothing is read only once. */
const queries: readonly ((name: string) => string)[] = [
  (name) =>
    `sum by (service) (rate(${name}_requests_total{code=~"5..|429"}[5m])) / sum by (service) (rate(${name}_requests_total[5m])) > 0.05`,
  (name) =>
    `histogram_quantile(0.99, sum by (le, route) (rate(${name}_duration_seconds_bucket{route!~"/health.*"}[10m]))) > 2`,
  (name) =>
    `predict_linear(${name}_free_bytes{mount="/"}[6h], 4 * 3600) < 0 and ${name}_free_bytes / ${name}_size_bytes < 0.2`,
  (name) => `absent(up{job="${name}"}) or sum(up{job="${name}"}) < 2`,
  (name) => `increase(${name}_restarts_total[1h]) > 3 unless on(pod) ${name}_maintenance == 1`,
];

/** Hands a folder with so many rules, ten to a file, to `use`, and removes it afterwards. */
export async function withRuleFiles<T>(
  rules: number,
  use: (folder: string, files: string[]) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "obs-bench-"));
  try {
    const files: string[] = [];
    await mkdir(join(folder, "rules"));
    for (let file = 0; file * perFile < rules; file++) {
      const path = join(folder, "rules", `${file}.yml`);
      files.push(path);
      await writeFile(path, ruleFile(file));
    }
    return await use(folder, files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** How people and generators write the same in YAML; each file is written in one way. */
const writings: readonly ((query: string) => string[])[] = [
  (query) => [
    "        expr: |",
    `          ${query}`,
    "        for: 5m",
    "        labels:",
    "          severity: warning",
  ],
  // As jsonnet's mixins come out, with operators on lines of their own.
  (query) => [
    "        expr: |-",
    ...query.split(/(?<= (?:and|or|unless|<|>|\/)) /).map((line) => `          ${line}`),
    "        for: 15m",
    "        labels:",
    "          severity: critical",
  ],
  (query) => [
    "        # Ask the team before you change it.",
    `        expr: '${query}'`,
    "        for: 10m # as long as a deployment",
    "        labels: { severity: warning, team: shop }",
  ],
  (query) => [
    "        expr: >-",
    `          ${query}`,
    "        for: 5m",
    "        labels: {severity: critical}",
  ],
];

function ruleFile(file: number): string {
  const rules = Array.from({ length: perFile }, (_, rule) => {
    const name = `app${file}_${rule}`;
    const write = writings[file % writings.length]!;
    return [
      `      - alert: Alert${file}x${rule}`,
      ...write(queries[rule % queries.length]!(name)),
      "        annotations:",
      `          summary: "${name} needs a look: {{ $value | humanize }}"`,
      `          description: "What ${name} measures is out of its bounds."`,
      "",
    ].join("\n");
  });
  return `groups:\n  - name: group${file}\n    rules:\n${rules.join("")}`;
}

/** As the package is installed: the wrapper of clones might build first. */
const obsMain = join(packageRoot, "dist", "cli", "main.js");
const checkRules = ["validate-rules", "--no-promtool"];

/** How long any command of obs takes at least, in ms. */
export function timeToStart(folder: string): Promise<number> {
  return timed(process.execPath, [obsMain, "--version"], folder);
}

/** How long obs takes to check rule files, from the start of its process to its end, in ms. */
export function timeToCheck(folder: string, files: readonly string[]): Promise<number> {
  return timed(process.execPath, [obsMain, ...checkRules, ...files], folder);
}

/** The largest resident memory of a process that checks rule files, in MiB. */
export async function memoryToCheck(folder: string, files: readonly string[]): Promise<number> {
  const tell = "process.on('exit', () => console.error(process.resourceUsage().maxRSS))";
  const args = ["--import", `data:text/javascript,${tell}`, obsMain, ...checkRules, ...files];
  const { stderr } = await execa(process.execPath, args, { cwd: folder });
  // In KiB, on the last line.
  return Number(stderr.slice(stderr.lastIndexOf("\n") + 1)) / 1024;
}
