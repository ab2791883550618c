import { checkPlan, planStack } from "../../../stack/plan.js";
import { whoIsTold } from "../../../stack/validate/alerting/who-is-told.js";
import { routeMatcher } from "../../../stack/validate/checks/route-matcher.js";
import { unknownReceiver } from "../../../stack/validate/checks/unknown-receiver.js";
import { unreachableRoute } from "../../../stack/validate/checks/unreachable-route.js";
import { unroutedAlerts } from "../../../stack/validate/checks/unrouted-alerts.js";
import { unusedReceiver } from "../../../stack/validate/checks/unused-receiver.js";
import { checkContext } from "../../../stack/validate/validate.js";
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

/** Receivers of an alert in a definition, and what is found about its routes. */
async function told(alerting: string, labels: Record<string, string>) {
  let answer: { receivers: string[]; found: string[] } | undefined;
  const definition = config(`{ name: "shop", alerting: ${alerting} }`);
  await withProject({ "obs.config.ts": definition, "alerts/shop.yml": rule }, async ({ project }) => {
    const { input, rendered } = await planStack(project, "compose");
    const context = await checkContext({ input, rendered });
    const checks = [unknownReceiver, unusedReceiver, unreachableRoute, unroutedAlerts, routeMatcher];
    const problems = await Promise.all(checks.map((check) => check.run(context)));
    answer = {
      receivers: whoIsTold(context, labels).map(({ receiver, route }) => `${receiver} by ${route}`),
      found: problems.flat().map(({ id, place }) => `${id} ${place?.keyPath}`),
    };
  });
  return answer!;
}

const webhook = '{ webhook: [{ url: "http://127.0.0.1:9" }] }';
const watchdog = { alertname: "StackWatchdog", severity: "none" };

test("alerts that all is well reach nobody, however people are told of others", async () => {
  const one = `{ receivers: { oncall: ${webhook} } }`;
  expect(await told(one, watchdog)).toEqual({ receivers: [], found: [] });
  expect((await told(one, { severity: "critical" })).receivers).toEqual(["oncall by alerting.route"]);
});

test("a heartbeat hears that all is well, and nothing else", async () => {
  const two = `{ receivers: { oncall: ${webhook}, outside: ${webhook} }, heartbeat: { receiver: "outside" } }`;
  expect(await told(two, watchdog)).toEqual({ receivers: ["outside by alerting.heartbeat"], found: [] });
  expect((await told(two, { severity: "warning" })).receivers).toEqual(["oncall by alerting.route"]);
  const only = `{ receivers: { outside: ${webhook} }, heartbeat: { receiver: "outside" } }`;
  expect((await told(only, { severity: "warning" })).receivers).toEqual([]);
});

test("a heartbeat to nobody known, and a route that it takes the alerts of, are found", async () => {
  const misspelt = `{ receivers: { oncall: ${webhook} }, heartbeat: { receiver: "outsid" } }`;
  expect((await told(misspelt, watchdog)).found).toEqual(["unknown-receiver alerting.heartbeat.receiver"]);
  const route = `{ routes: [{ matchers: ['severity="none"', 'alertname="ShopDown"'], receiver: "oncall" }] }`;
  expect((await told(`{ receivers: { oncall: ${webhook} }, route: ${route} }`, watchdog)).found).toContain(
    "unreachable-route alerting.route.routes[0]",
  );
});
