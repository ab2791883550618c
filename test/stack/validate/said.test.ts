import type { Problem } from "../../../stack/validate/problem.js";
import { withoutSaid } from "../../../stack/validate/said.js";

const amtool = (line: string): Problem => ({
  id: "amtool-check-config",
  severity: "error",
  what: "Alertmanager does not accept its configuration.",
  output: [line],
});
const own = (id: string, what: string): Problem => ({ id, severity: "error", what });

test.each([
  ['undefined receiver "x" used in route', own("unknown-receiver", 'There is no receiver "x".')],
  [
    'undefined time interval "night" used in route',
    own("time-interval", 'There is no time interval "night".'),
  ],
  [
    'matcher value contains unescaped double quote: ="critical"',
    own("route-matcher", 'severity=="critical" compares with "==".'),
  ],
  [
    "error parsing regexp: missing closing ): `^(?:(warning)$`",
    own("route-matcher", 'The regular expression "(warning" does not compile: missing closing ).'),
  ],
])("%s isn't said once more", (line, problem) => {
  expect(withoutSaid([amtool(line)], [problem])).toEqual([]);
});

test("what amtool alone finds is kept, beside other findings, too", () => {
  const found = [amtool('undefined receiver "y" used in route')];
  expect(withoutSaid(found, [own("unknown-receiver", 'There is no receiver "x".')])).toEqual(found);
  expect(withoutSaid(found, [own("port-clash", '"y"')])).toEqual(found);
});

const program = (id: string, line: string, keyPath?: string): Problem => ({
  id,
  severity: "error",
  what: "It is not accepted.",
  output: [line],
  ...(keyPath && { place: { file: "obs.config.ts", keyPath } }),
});

test("a name is told once by whichever program", () => {
  const scrape = program("promtool-check-config", 'found multiple scrape configs with job name "workers"');
  expect(
    withoutSaid([scrape], [own("duplicate-scrape-job", 'There are two scrape jobs "workers".')]),
  ).toEqual([]);
  const pipeline = program(
    "otelcol-validate",
    'Error: service::pipelines::logs: references processor "a/b" which is not configured',
  );
  expect(withoutSaid([pipeline], [own("collector-components", 'It uses the processor "a/b".')])).toEqual([]);
  expect(withoutSaid([pipeline], [own("collector-components", 'It uses the processor "a/c".')])).toEqual([
    pipeline,
  ]);
});

test("a word that happens to stand in both is no matter in common", () => {
  const section = program("otelcol-validate", "'otelcol.configSettings' has invalid keys: processor");
  expect(withoutSaid([section], [own("collector-components", 'It uses the processor "a/b".')])).toEqual([
    section,
  ]);
});

test("a place is told once, one within it, too, but not a whole section", () => {
  const at = (keyPath: string) => program("otelcol-validate", "'policies' expected a map", keyPath);
  const policies = {
    ...own("sampling-policies", "It has no settings."),
    place: { file: "obs.config.ts", keyPath: "overrides.otel-collector.processors.tail_sampling.policies" },
  };
  const within = at("overrides.otel-collector.processors.tail_sampling.policies[0]");
  const beside = at("overrides.otel-collector.processors.tail_sampling.policies_too");
  const section = at("overrides.otel-collector");
  expect(withoutSaid([within, beside, section], [policies])).toEqual([beside, section]);
});

test("the collector's start ends at what obs has found, in whatever words", () => {
  const start = program("otelcol-start", "failed to load TLS cert and key");
  expect(withoutSaid([start], [own("tls-certificate", "c.pem is damaged.")])).toEqual([]);
  expect(withoutSaid([start], [own("port-clash", "They are both 4318.")])).toEqual([start]);
});
