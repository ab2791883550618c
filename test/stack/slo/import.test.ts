import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadDefinition } from "../../../stack/load.js";
import { placeImported } from "../../../stack/place-imported.js";
import { importSlos } from "../../../stack/slo/import/import-slos.js";
import { ProblemError } from "../../../stack/validate/problem.js";
import { withProject } from "../../support/temporary-project.js";

const spec = (error: string) => `
version: prometheus/v1
service: Shop API
labels: { team: shop }
slos:
  - name: availability
    objective: 99.9
    sli:
      events:
        error_query: '${error}'
        total_query: sum(rate(requests_total[{{.window}}]))
`;

/** The written files as the definition that lists them sees them. */
async function loaded(text: string) {
  const { files, problems } = importSlos([{ path: "slos.yml", text }]);
  const [file] = files;
  let exprs: string[] = [];
  await withProject(
    {
      "obs.config.ts": `import { defineStack } from "obs-stack";
import { ${file!.exported} } from "./${file!.path}";
export default defineStack({ name: "shop", alerting: { packs: ${file!.exported} } });`,
    },
    async ({ project }) => {
      await placeImported(project.root, files, { force: false, id: "slo-file-exists" });
      const { stack } = await loadDefinition(project);
      exprs = stack.alerting.packs.flatMap(({ groups }) =>
        groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
      );
    },
  );
  return { file: file!, problems, exprs };
}

test("what is written loads as a definition, with the very queries of the original", async () => {
  const error = 'sum(rate(requests_total{path=~"/a\\\\\\\\.b|`|${x}",code=~"5.."}[{{.window}}]))';
  const { exprs, problems } = await loaded(spec(error).replace("Shop API", "shop"));
  expect(problems).toEqual([]);
  const over = (window: string) => error.replaceAll("{{.window}}", window);
  expect(exprs[0]).toContain(`(${over("5m")}) or`);
  for (const window of ["30m", "1h", "2h", "6h", "1d", "3d"])
    expect(exprs).toContainEqual(
      expect.stringContaining(`(${over(window)}) / ((sum(rate(requests_total[${window}]))) > 0)`),
    );
});

test("a service whose name can't be a label's value here is told where it stands", () => {
  const { files, problems } = importSlos([{ path: "slos.yml", text: spec("sum(rate(x[{{.window}}]))") }]);
  expect(files).toEqual([]);
  expect(problems).toMatchObject([{ severity: "error", what: expect.stringContaining('"Shop API"') }]);
});

test("OpenSLO documents refer to each other across files", () => {
  const sli = `apiVersion: openslo/v1
kind: SLI
metadata: { name: answers }
spec:
  ratioMetric:
    counter: true
    bad: { metricSource: { type: Prometheus, spec: { query: "sum(bad_total)" } } }
    total: { metricSource: { type: Prometheus, spec: { query: "sum(rate(all_total[{{.window}}]))" } } }
`;
  const slo = `apiVersion: openslo/v1
kind: SLO
metadata: { name: answers, labels: { owner: web } }
spec:
  service: web
  description: It answers.
  indicatorRef: answers
  timeWindow: [{ duration: 1w, isRolling: true }]
  objectives: [{ targetPercent: 99 }]
`;
  const { files, problems } = importSlos([
    { path: "slo.yml", text: slo },
    { path: "sli.yml", text: sli },
  ]);
  expect(problems).toMatchObject([{ severity: "notice", place: { file: "sli.yml", line: 7 } }]);
  expect(files[0]!.slos).toMatchObject([
    {
      window: "7d",
      objective: 99,
      owner: "web",
      indicator: { errors: ["sum(rate(bad_total[", "]))"], total: ["sum(rate(all_total[", "]))"] },
    },
  ]);
});

test("a file that is there is left alone, unless it is the same or overwriting is asked for", async () => {
  const text = spec("sum(rate(x[{{.window}}]))").replace("Shop API", "shop");
  const { files } = importSlos([{ path: "slos.yml", text }]);
  await withProject({}, async ({ folder }) => {
    const file = join(folder, "alerts", "slo", "shop.ts");
    await placeImported(folder, files, { force: false, id: "slo-file-exists" });
    await placeImported(folder, files, { force: false, id: "slo-file-exists" });
    writeFileSync(file, "// mine\n");
    await expect(placeImported(folder, files, { force: false, id: "slo-file-exists" })).rejects.toThrow(
      ProblemError,
    );
    expect(readFileSync(file, "utf8")).toBe("// mine\n");
    await placeImported(folder, files, { force: true, id: "slo-file-exists" });
    expect(readFileSync(file, "utf8")).toBe(files[0]!.text);
  });
});
