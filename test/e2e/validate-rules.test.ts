import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Problem } from "../../stack/validate/problem.js";
import { parsedOutput, runObs } from "../support/run-obs.js";
import { withFolder } from "../support/temporary-folder.js";

/* `obs validate-rules` over files of every kind with faults in them, with the real promtool and lokitool at hand. */

const rule = (expr: string, rest = "") =>
  `groups:\n  - name: shop\n    rules:\n      - alert: Broken\n        expr: ${expr}\n${rest}`;
const files: Readonly<Record<string, string>> = {
  "team a/promql.yml": rule("|\n          # é😀\n          rate(http_requests_total) > 1"),
  "team a/template.yml": rule("up == 0", "        annotations:\n          summary: '{{ $labels.job'\n"),
  "tabs.yml": rule("up == 0").replace("    rules", "\trules"),
  "fields.yml": rule("up == 0", "        fro: 5m\n"),
  "flow.yml": "groups: [{name: a, rules: [{record: a, expr: up, labels: {a: X?}}]}]\n",
  "twice.yml": `${rule("up == 0")}  - name: shop\n`,
  "fine.yml": rule("up == 0"),
  "logs/errors.yml": rule('\'sum_over_time({app="shop"} |= "error" [5m]) > 0\''),
  "logs/fine.yml": rule('\'rate({app="shop"} |= "error" [5m]) > 0\''),
  "kubernetes.yaml": `kind: ConfigMap\n---\nkind: PrometheusRule\nspec:\n${rule("sum(up").replace(/^/gm, "  ").trimEnd()}\n`,
};

/** Where what is wrong in each begins. */
const expected = [
  "fields.yml:6:9",
  "flow.yml:1:63",
  "kubernetes.yaml:9:20",
  "logs/errors.yml:5:16",
  "tabs.yml:3:1",
  "team a/promql.yml:7:16",
  "team a/template.yml:7:21",
  "twice.yml:6:11",
];

/** Each test runs the command several times: patience on a busy machine. */
const patience = 120_000;

interface Report {
  problems: Problem[];
  counts: Record<"error" | "warning" | "notice", number>;
  files: number;
  rules: number;
  ran: string[];
  notRun: { checker: string; why: string }[];
}

async function withFaults(body: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await body(folder);
  });
}

const places = (problems: readonly Problem[]) =>
  problems.map(({ place }) => `${place?.file}:${place?.line}:${place?.column}`).sort();

test(
  "every fault has its place, with and without the real programs, which find nothing more",
  async () => {
    await withFaults(async (cwd) => {
      const args = ["validate-rules", "--json", "--min-severity", "error", "."];
      const all = await runObs(args, { cwd });
      const own = await runObs([...args, "--no-promtool"], { cwd });
      expect([all.exitCode, own.exitCode]).toEqual([1, 1]);
      const report = parsedOutput<Report>(all);
      expect(places(report.problems)).toEqual(expected);
      expect(report).toMatchObject({ files: 10, counts: { error: 8, warning: 0, notice: 0 } });
      expect(report.ran).toEqual(expect.arrayContaining([expect.stringContaining("promtool")]));
      expect(parsedOutput<Report>(own).problems).toEqual(report.problems);
    });
  },
  patience,
);

test(
  "what promtool rejects is what obs rejects, file by file",
  async () => {
    await withFaults(async (cwd) => {
      for (const path of Object.keys(files).filter((each) => !/^logs|kubernetes/.test(each))) {
        const args = ["validate-rules", "--json", "--min-severity", "error"];
        const own = await runObs([...args, "--no-promtool", path], { cwd });
        const asked = await runObs([...args, "--promtool", "--only", "promtool-check-rules", path], { cwd });
        expect({ path, exitCode: own.exitCode }).toEqual({ path, exitCode: path === "fine.yml" ? 0 : 1 });
        expect({ path, exitCode: asked.exitCode }).toEqual({ path, exitCode: own.exitCode });
      }
    });
  },
  patience,
);

test(
  "checks are chosen and left out by their ids, and a misspelt one is no check",
  async () => {
    await withFaults(async (cwd) => {
      const only = await runObs(
        ["validate-rules", "--json", "--only", "unknown-rule-key,duplicate-group", "."],
        { cwd },
      );
      expect(
        parsedOutput<Report>(only)
          .problems.map(({ id }) => id)
          .sort(),
      ).toEqual(["duplicate-group", "unknown-rule-key"]);
      const without = await runObs(
        [
          "validate-rules",
          "--no-promtool",
          "--min-severity",
          "error",
          "--disable",
          "unknown-rule-key",
          "fields.yml",
        ],
        { cwd },
      );
      expect(without.exitCode).toBe(0);
      const misspelt = await runObs(["validate-rules", "--only", "duplicate-grup", "."], { cwd });
      expect(misspelt.exitCode).toBe(2);
      expect(misspelt.all).toContain('Did you mean "duplicate-group"?');
    });
  },
  patience,
);

/** The parts of SARIF 2.1.0 that obs writes: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
const text = z.string().min(1);
const sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal("2.1.0"),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: text,
          version: text,
          rules: z.array(
            z.strictObject({
              id: text,
              shortDescription: z.strictObject({ text }),
              help: z.strictObject({ text, markdown: text }),
            }),
          ),
        }),
      }),
      columnKind: z.literal("utf16CodeUnits"),
      results: z.array(
        z.strictObject({
          ruleId: text,
          ruleIndex: z.int().min(0),
          level: z.enum(["error", "warning", "note"]),
          message: z.strictObject({ text }),
          partialFingerprints: z.record(text, text),
          locations: z.tuple([
            z.strictObject({
              physicalLocation: z.strictObject({
                artifactLocation: z.strictObject({
                  uri: z.string().regex(/^(?:[\w.!~*'()/:-]|%[\dA-F]{2})+$/),
                }),
                region: z.strictObject({ startLine: z.int().min(1), startColumn: z.int().min(1) }).optional(),
              }),
            }),
          ]),
        }),
      ),
    }),
  ]),
});

test(
  "SARIF holds what the standard asks for, and every finding is known again",
  async () => {
    await withFaults(async (cwd) => {
      const args = ["validate-rules", "--no-promtool", "--format", "sarif", "."];
      const run = sarif.parse(parsedOutput(await runObs(args, { cwd }))).runs[0];
      const { rules } = run.tool.driver;
      expect(run.results.every(({ ruleId, ruleIndex }) => rules[ruleIndex]?.id === ruleId)).toBe(true);
      const query = run.results.find(({ ruleId }) => ruleId === "promql-syntax");
      expect(query?.locations[0].physicalLocation.artifactLocation.uri).not.toContain(" ");
      const prints = ({ results }: typeof run) =>
        results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints));
      expect(new Set(prints(run)).size).toBe(run.results.length);
      // Further down in the file, each is still the same.
      await writeFile(join(cwd, "fields.yml"), `# a\n# b\n${files["fields.yml"]}`);
      const moved = sarif.parse(parsedOutput(await runObs(args, { cwd }))).runs[0];
      expect(prints(moved).sort()).toEqual(prints(run).sort());
    });
  },
  patience,
);

test(
  "annotations for a pull request are one line each, in front of the verdict",
  async () => {
    await withFaults(async (cwd) => {
      const run = await runObs(["validate-rules", "--format", "github", "--min-severity", "error", "."], {
        cwd,
      });
      const lines = run.stdout.trimEnd().split("\n");
      expect(lines).toHaveLength(8);
      expect(lines.every((line) => /^::error file=[^,]+,line=\d+,col=\d+,title=[\w-]+::\S/.test(line))).toBe(
        true,
      );
      expect(run.stderr).toContain("8 findings: 8 errors.");
      expect(run.exitCode).toBe(1);
    });
  },
  patience,
);

test(
  "what can't be read is named, the rest is checked, and nothing hangs",
  async () => {
    await withFolder(async (cwd) => {
      await writeFile(join(cwd, "fine.yml"), files["fine.yml"]!);
      await mkdir(join(cwd, "folder.yml"));
      await symlink("circle.yml", join(cwd, "circle.yml"));
      await symlink("/dev/zero", join(cwd, "zero.yml"));
      await symlink("/proc/kmsg", join(cwd, "kernel.yml"));
      execFileSync("mkfifo", [join(cwd, "pipe.yml")]);
      await writeFile(join(cwd, "program.yml"), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0]));
      await writeFile(join(cwd, "deep.yml"), `groups: ${"[".repeat(100_000)}`);
      await writeFile(join(cwd, "large.yml"), "#".repeat(10 * 1024 * 1024));
      const args = ["validate-rules", "--json", "--no-promtool", "--min-severity", "error"];
      const named = [
        "fine.yml",
        "circle.yml",
        "zero.yml",
        "pipe.yml",
        "program.yml",
        "deep.yml",
        "large.yml",
        "none/*.yml",
      ];
      const run = await runObs([...args, ...named, "kernel.yml", "./fine.yml"], { cwd });
      expect(run.exitCode).toBe(1);
      const { problems, files: read } = parsedOutput<Report>(run);
      expect(problems.map(({ id, place }) => `${place?.file} ${id}`).sort()).toEqual([
        "circle.yml unreadable-rule-file",
        "deep.yml rule-file-syntax",
        "large.yml rule-file-too-large",
        "pipe.yml unreadable-rule-file",
        "program.yml rule-file-not-text",
        "undefined empty-rule-glob",
        "zero.yml unreadable-rule-file",
      ]);
      expect(read).toBe(3);
    });
  },
  patience,
);

test(
  "outside a project, and without arguments, it says what to name",
  async () => {
    await withFolder(async (cwd) => {
      const run = await runObs(["validate-rules"], { cwd });
      expect(run.exitCode).toBe(2);
      expect(run.all).toMatch(/No obs\.config\.ts here[\s\S]*obs validate-rules rules\//);
      expect(run.all).not.toMatch(/^\s+at /m);
    });
  },
  patience,
);
