import { checkPlan, planStack } from "../../../stack/plan.js";
import { config, withProject } from "../../support/temporary-project.js";

const rule = `groups:
  - name: shop
    rules:
      - alert: ShopDown
        expr: up{job="shop"} == 0
        for: 5m
        labels: { severity: critical }
        annotations: { summary: down, description: "It is down.", runbook_url: "https://wiki/shop" }
`;

async function found(alerting: string): Promise<string[]> {
  let problems: string[] = [];
  const files = {
    "obs.config.ts": config(
      `{ name: "shop", scrapeJobs: [{ job: "shop", static: ["shop:80"] }], alerting: ${alerting} }`,
    ),
    "alerts/shop.yml": rule,
  };
  await withProject(files, async ({ project }) => {
    const verdict = await checkPlan(await planStack(project, "compose"), {
      missingSecrets: "warning",
      signal: AbortSignal.timeout(60_000),
    });
    problems = verdict.problems
      .filter(({ id }) => ["inhibition", "time-interval", "unknown-template"].includes(id))
      .map(({ id, place }) => `${id} ${place?.keyPath}`);
  });
  return problems;
}

async function rendered(alerting: string, files: Record<string, string> = {}) {
  let artefacts: { path: string; text: string }[] = [];
  const definition = config(`{ name: "shop", alerting: ${alerting} }`);
  await withProject({ "obs.config.ts": definition, ...files }, async ({ project }) => {
    artefacts = (await planStack(project, "compose")).rendered.artefacts;
  });
  return (path: string) => artefacts.find((artefact) => artefact.path === `alertmanager/${path}`)?.text;
}

test("typed inhibitions and time intervals are judged at their keys", async () => {
  expect(
    await found(`{
      inhibitRules: [
        { source: ['severity="critical"'], target: ['severity="none-such"'], equal: ["job"] },
        { source: ['alertname="ShopDown"'], target: ['alertname!="ShopDown"'], equal: [] },
      ],
      timeIntervals: { nights: [{ times: [{ from: "22:00", to: "24:00" }] }], weekends: [{ weekdays: ["saturday:sunday"] }] },
      route: { routes: [{ matchers: ['severity="critical"'], muteTimeIntervals: ["nihgts"] }] },
    }`),
  ).toEqual([
    "time-interval alerting.route.routes[0].muteTimeIntervals[0]",
    "inhibition alerting.inhibitRules[0].target[0]",
    "inhibition alerting.inhibitRules[1]",
    "time-interval alerting.timeIntervals.weekends",
  ]);
});

test("the inhibitions that come with the stack are nobody's fault", async () => {
  expect(await found("{}")).toEqual([]);
});

test("no inhibition crosses from a drill to real alerts, and none is left where none is wanted", async () => {
  const text = (
    await rendered(`{ inhibitRules: [{ source: ['a="b"'], target: ['c="d"'] }], standardInhibitions: false }`)
  )("alertmanager.yml");
  expect(text).toContain(`inhibit_rules:
  - source_matchers:
      - a="b"
    target_matchers:
      - c="d"
    equal:
      - drill
`);
});

test("templates of the project lie behind those of obs, so that they may define them anew", async () => {
  const artefact = await rendered("{}", {
    "alerts/messages.tmpl": '{{ define "obs.title" }}Shop{{ end }}\n',
  });
  expect(artefact("templates/project-alerts-messages.tmpl")).toContain("Shop");
  expect(artefact("templates/obs.tmpl")).toContain('define "obs.title"');
  expect(artefact("alertmanager.yml")).toContain("- /etc/obs/templates/*.tmpl");
});
