import { createServer } from "node:net";
import { packageRoot } from "../../stack/package-root.js";
import { planStack } from "../../stack/plan.js";
import { findProject } from "../../stack/project.js";
import { isProgramName } from "../../stack/toolchain/programs.js";
import { hasErrors, type Problem } from "../../stack/validate/problem.js";
import { programChecks } from "../../stack/validate/programs.js";
import { validateStack } from "../../stack/validate/validate.js";
import { selfSigned } from "../support/certificate.js";
import { parsedOutput, runObs } from "../support/run-obs.js";
import { config, withProject } from "../support/temporary-project.js";

/** Tempo can't be built here; where one of the pinned version is on PATH, it judges as well. */
const buildable = programChecks.filter(({ program }) => isProgramName(program)).map(({ title }) => title);

/** What the real programs and the checks of obs say about a definition without Grafana, secrets left aside. */
async function validate(
  definition: string,
  files: Record<string, string> = {},
  runtime: "compose" | "native" = "compose",
): Promise<Problem[]> {
  let found: Problem[] = [];
  await withProject({ "obs.config.ts": config(definition), ...files }, async ({ project }) => {
    const plan = await planStack(project, runtime);
    const { problems, notRun } = await validateStack(plan);
    expect(notRun.filter(({ checker }) => buildable.includes(checker))).toEqual([]);
    found = [...plan.problems, ...problems];
  });
  return found;
}

const shop = (more = "") => `{ name: "shop", grafana: { enabled: false }, ${more} }`;

describe.each(["compose", "native"] as const)("with the %s runtime", (runtime) => {
  test("the reference stack is accepted by every real program", async () => {
    const plan = await planStack(findProject(packageRoot), runtime);
    const { problems, ran, notRun } = await validateStack(plan);
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(notRun.filter(({ checker }) => buildable.includes(checker))).toEqual([]);
    expect(ran.filter((title) => buildable.includes(title))).toEqual(
      buildable.filter((title) => title !== "docker compose config" || runtime === "compose"),
    );
  });

  test("a definition that uses everything is accepted by every real program", async () => {
    const { certificate, key } = await selfSigned();
    const problems = await validate(
      shop(`
        bind: "0.0.0.0",
        otlp: { token: secret("OTLP_TOKEN"), tls: { certificate: "tls/cert.pem", key: "tls/key.pem" } },
        collector: {
          content: { keep: true },
          exporters: {
            other: { type: "otlp", endpoint: "https://example.org", headers: { authorization: secret("UP"), plain: "a$b" } },
            grpc: { type: "otlp", endpoint: "example.org:4317", protocol: "grpc", signals: ["logs"] },
            archive: { type: "file", name: "archive.jsonl" },
            console: { type: "console", signals: ["traces"] },
          },
        },
        scrapeJobs: [
          { job: "all", static: ["a:1"], files: ["targets/*.json"], dns: { names: ["api"], port: 80 }, docker: { host: "http://proxy:2375" } },
          { job: "login", static: ["b:1"], scheme: "https", interval: "1m", timeout: "20s", labels: { team: "a" }, auth: { username: "u", password: secret("P") } },
          { job: "token", static: ["c:1"], auth: { bearer: secret("P") } },
        ],
        alerting: {
          receivers: {
            oncall: {
              slack: [{ webhookUrl: secret("SLACK"), channel: "#alerts" }],
              pagerduty: [{ routingKey: secret("PD") }],
              email: [{ to: "a@example.org", from: "b@example.org", smarthost: "mail.example.org:587", username: "u", password: secret("P") }],
              webhook: [{ url: "https://example.org/hook", bearer: secret("P") }, { url: secret("HOOK") }],
            },
          },
          route: { groupBy: ["alertname"], routes: [{ receiver: "oncall", matchers: ['severity=~"critical|page"'], repeatInterval: "1h" }] },
        },`),
      {
        "tls/cert.pem": certificate,
        "tls/key.pem": key,
        "targets/api.json": '[{ "targets": ["api:80"] }]',
        ".env": ["OTLP_TOKEN", "UP", "P", "SLACK", "PD", "HOOK"].map((name) => `${name}=x\n`).join(""),
      },
      runtime,
    );
    expect(problems).toEqual([]);
  });
});

test.each([
  [
    "otel-collector",
    "{ processors: { memory_limiter: { limit_mb: 5 } } }",
    "overrides.otel-collector.processors.memory_limiter.limit_mb",
    /limit_mb/,
  ],
  [
    "prometheus",
    '{ global: { scrape_intervall: "5s" } }',
    "overrides.prometheus.global.scrape_intervall",
    /scrape_intervall/,
  ],
  ["alertmanager", '{ route: { group_wai: "1s" } }', "overrides.alertmanager.route.group_wai", /group_wai/],
  [
    "loki",
    '{ limits_config: { retention_perod: "1d" } }',
    "overrides.loki.limits_config.retention_perod",
    /retention_perod/,
  ],
  [
    "compose",
    '{ services: { loki: { memlimit: "1g" } } }',
    "overrides.compose.services.loki.memlimit",
    /memlimit/,
  ],
])(
  "an override that breaks %s is found by the real program and traced to its key",
  async (owner, override, keyPath, said) => {
    const problems = await validate(shop(`overrides: { "${owner}": ${override} }`));
    expect(problems).toEqual([
      {
        id: expect.any(String),
        severity: "error",
        what: expect.stringContaining("does not accept"),
        why: `Without overrides.${owner} it is accepted: the override breaks it.`,
        next: expect.stringContaining(`Mend overrides.${owner}.`),
        place: { file: "obs.config.ts", keyPath },
        output: expect.any(Array),
      },
    ]);
    expect(problems[0]!.output!.join("\n")).toMatch(said);
    expect(problems[0]!.output!.join("\n")).not.toContain("obs-validate-");
  },
);

test("faults in rule files are placed in the user's own files, inside the expression", async () => {
  const problems = await validate(shop(), {
    "alerts/a.yml":
      "groups:\n  - name: a\n    rules:\n      - alert: Plain\n        expr: rate(up[5m]\n      - alert: Block\n        expr: |\n          sum by (job) (\n            rate(up[5m])) / )\n",
    "alerts/b.yml":
      'groups:\n  - name: b\n    rules:\n      - alert: Template\n        expr: up == 0\n        labels: { a: "{{ $x }}" }\n      - record: twice\n        expr: up\n',
    "alerts/c.yml":
      "groups:\n  - name: c\n    rules:\n      - record: twice\n        expr: up\n      - record: twice\n        expr: up\n",
  });
  // The checks of obs say it in promtool's stead: the same places, once each.
  const told = ["promql-syntax", "template-syntax", "duplicate-rule"];
  const places = problems.map(({ id, severity, place }) => ({ id, severity, ...place }));
  expect(places.filter(({ id }) => told.includes(id))).toEqual([
    { id: "promql-syntax", severity: "error", file: "alerts/a.yml", line: 5, column: 19 },
    { id: "promql-syntax", severity: "error", file: "alerts/a.yml", line: 9, column: 29 },
    { id: "template-syntax", severity: "error", file: "alerts/b.yml", line: 6, column: 26 },
    { id: "duplicate-rule", severity: "warning", file: "alerts/c.yml", line: 4, column: 17 },
    { id: "duplicate-rule", severity: "warning", file: "alerts/c.yml", line: 6, column: 17 },
  ]);
  expect(places.filter(({ id }) => id === "promtool-check-config")).toEqual([]);
});

test("keys that Prometheus doesn't know come with a suggestion", async () => {
  const problems = await validate(shop(), {
    "alerts/a.yml":
      "groups:\n  - name: a\n    rules:\n      - alert: A\n        exp: up\n        lables: { a: b }\n",
    "alerts/b.yml": "groups:\n  - name: b\n    interval: soon\n    rules: []\n",
  });
  const errors = problems.filter(({ severity }) => severity === "error");
  expect(errors.map(({ place, what, next }) => [place?.file, place?.line, what, next])).toEqual([
    ["alerts/a.yml", 5, 'A rule has no key "exp".', 'Did you mean "expr"?'],
    ["alerts/a.yml", 6, 'A rule has no key "lables".', 'Did you mean "labels"?'],
    ["alerts/b.yml", 3, '"soon" is not a duration.', expect.stringContaining("30s, 5m")],
  ]);
});

test("a broken override doesn't hide what is wrong in a rule file", async () => {
  const problems = await validate(shop("overrides: { prometheus: { nonsense: 1 } }"), {
    "alerts/a.yml": "groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: up ==\n",
  });
  const errors = problems.filter(({ severity }) => severity === "error");
  expect(errors.map(({ place }) => place)).toMatchObject([
    { file: "alerts/a.yml", line: 5 },
    { keyPath: "overrides.prometheus.nonsense" },
  ]);
});

test("what otelcol validate lets through is found by the checks of obs", async () => {
  const problems = await validate(
    shop(`overrides: { "otel-collector": {
      exporters: { "otlp_http/loki": { sending_queue: { storage: "file_storage/other" } } },
      receivers: { zipkin: { endpoint: "0.0.0.0:4318" } },
      processors: { tail_sampling: { policies: [{ name: "all", type: "everything" }] } },
    } }`),
  );
  expect(problems.map(({ id }) => id)).toEqual([
    "collector-components",
    "sampling-policies",
    "collector-port-clash",
  ]);
});

test("a certificate that is none is told once: by obs, not by the start of the collector as well", async () => {
  const problems = await validate(
    shop('bind: "0.0.0.0", otlp: { token: secret("T"), tls: { certificate: "cert.pem", key: "key.pem" } }'),
    { "cert.pem": "none", "key.pem": "none", ".env": "T=x\n" },
  );
  expect(problems.map(({ id, place }) => [id, place?.keyPath])).toEqual([
    ["tls-certificate", "otlp.tls.certificate"],
    ["tls-certificate", "otlp.tls.key"],
  ]);
});

test("the short start collides with nothing, also while the stack runs on its ports", async () => {
  // Whoever has the port, it is taken.
  const taken = createServer()
    .on("error", () => {})
    .listen(4318, "127.0.0.1");
  try {
    expect(await validate(shop())).toEqual([]);
  } finally {
    taken.close();
  }
});

describe("as a process", () => {
  test("a definition that can't be loaded is told in a few lines, without a stack trace", async () => {
    const source = `import { jobs } from "./jobs.js";\n${config('{ name: "shop", scrapeJobs: jobs }')}`;
    await withProject({ "obs.config.ts": source }, async ({ folder }) => {
      const run = await runObs(["validate"], { cwd: folder });
      expect(run.exitCode).toBe(1);
      expect(run.stderr).toContain("error obs.config.ts:1:22 [config-import]");
      expect(run.stderr).not.toMatch(/^\s*at /m);
    });
  });

  test("a definition that waits for ever is told, instead of nothing happening", async () => {
    const source = `await new Promise(() => {});\n${config('{ name: "shop" }')}`;
    await withProject({ "obs.config.ts": source }, async ({ folder }) => {
      const run = await runObs(["validate"], { cwd: folder });
      expect(run.exitCode).toBe(1);
      expect(run.stderr).toContain("obs.config.ts waits for something that never comes.");
    });
  });

  test("a definition can neither end obs nor write into its output", async () => {
    const source = `console.log("for people");\nprocess.exit(0);\n${config('{ name: "shop" }')}`;
    await withProject({ "obs.config.ts": source }, async ({ folder }) => {
      const run = await runObs(["validate"], { cwd: folder });
      expect(run.exitCode).toBe(1);
      expect(run.stderr).toContain("it called process.exit(0)");
      expect(run.stderr).toContain("for people");
      expect(run.stdout).not.toContain("for people");
    });
  });

  test("findings are there for machines, with what was not checked", async () => {
    const files = { "obs.config.ts": config(shop("ports: { loki: 9090 }")) };
    await withProject(files, async ({ folder }) => {
      const env = {
        XDG_CACHE_HOME: folder,
        PATH: "/nowhere:".concat(process.execPath.replace(/\/[^/]*$/, ""), ":/bin"),
      };
      const run = await runObs(["validate", "--json"], { cwd: folder, env });
      expect(run.exitCode).toBe(1);
      const report = parsedOutput<{ problems: Problem[]; ran: string[]; notRun: { checker: string }[] }>(run);
      expect(hasErrors(report.problems)).toBe(true);
      expect(report.problems).toMatchObject([{ id: "port-clash", place: { keyPath: "ports.loki" } }]);
      expect([...report.ran, ...report.notRun.map(({ checker }) => checker)].sort()).toEqual(
        programChecks.map(({ title }) => title).sort(),
      );
    });
  });
});
