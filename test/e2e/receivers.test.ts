import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { secret } from "../../stack/secret.js";
import { processesOf } from "../support/processes.js";
import { type FakeReceivers, openReceivers, type Told } from "../support/receivers.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

// What Alertmanager sends reaches the services that people read, in the form that they take.

const key = "0123456789abcdef0123456789abcdef";
const secrets = {
  SLACK_URL_SECRET: "hush-slack-T0/B0/xyz",
  TEAMS_URL_SECRET: "hush-teams-sig",
  FLAKY_URL_SECRET: "hush-flaky",
  PAGERDUTY_KEY: key,
  OPSGENIE_KEY: "hush-opsgenie-key",
  SMTP_PASSWORD: "hush-smtp",
  WEBHOOK_TOKEN: "hush-token",
};

let people: FakeReceivers;
let stack: TestStack;

beforeAll(async () => {
  people = await openReceivers({ bearer: secrets.WEBHOOK_TOKEN });
  const quick = { groupWait: "0s", groupInterval: "1s" };
  stack = await makeTestStack({
    definition: {
      grafana: { enabled: false },
      host: { enabled: false },
      traces: { backend: "jaeger" },
      // The real service's address is not of the definition.
      overrides: { alertmanager: { global: { pagerduty_url: `${people.url}/v2/enqueue` } } },
      alerting: {
        receivers: {
          everywhere: {
            slack: [{ webhookUrl: secret("SLACK_URL"), channel: "#oncall" }],
            pagerduty: [{ routingKey: secret("PAGERDUTY_KEY") }],
            email: [
              {
                to: "oncall@example.org",
                from: "alerts@example.org",
                smarthost: people.smtp,
                username: "alerts",
                password: secret("SMTP_PASSWORD"),
                requireTls: false,
              },
            ],
            msteams: [{ webhookUrl: secret("TEAMS_URL") }],
            opsgenie: [{ apiKey: secret("OPSGENIE_KEY"), apiUrl: people.url }],
            webhook: [{ url: `${people.url}/webhook/bearer`, bearer: secret("WEBHOOK_TOKEN") }],
          },
          flaky: { webhook: [{ url: secret("FLAKY_URL") }] },
          hanging: { webhook: [{ url: `${people.url}/webhook/hanging` }] },
          plain: { webhook: [{ url: `${people.url}/webhook/plain` }] },
        },
        timeIntervals: {
          always: [{ times: [{ from: "00:00", to: "24:00" }] }],
          never: [{ years: ["1999"] }],
        },
        route: {
          receiver: "plain",
          groupBy: ["alertname", "case"],
          ...quick,
          routes: [
            { receiver: "everywhere", matchers: ['case="everywhere"'] },
            { receiver: "flaky", matchers: ['case="trouble"'], continue: true },
            { receiver: "hanging", matchers: ['case="trouble"'], continue: true },
            { receiver: "plain", matchers: ['case="trouble"'] },
            { receiver: "plain", matchers: ['case="muted"'], muteTimeIntervals: ["always"] },
            { receiver: "plain", matchers: ['case="inactive"'], activeTimeIntervals: ["never"] },
            { receiver: "plain", matchers: ['case="awake"'], muteTimeIntervals: ["never"] },
          ],
        },
      },
    },
    files: {
      ".env": [
        `SLACK_URL=${people.url}/slack/${secrets.SLACK_URL_SECRET}`,
        `TEAMS_URL=${people.url}/teams/${secrets.TEAMS_URL_SECRET}`,
        `FLAKY_URL=${people.url}/webhook/${secrets.FLAKY_URL_SECRET}`,
        ...["PAGERDUTY_KEY", "OPSGENIE_KEY", "SMTP_PASSWORD", "WEBHOOK_TOKEN"].map(
          (name) => `${name}=${secrets[name as keyof typeof secrets]}`,
        ),
        "",
      ].join("\n"),
    },
  });
  await stack.ok(["up", "--runtime", "native"], { timeoutMs: 20 * 60_000 });
}, 20 * 60_000);
afterAll(async () => {
  await removeTestStack(stack);
  await people.close();
}, 60_000);

const minutes = 60_000;

interface Post {
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  resolved?: boolean;
}

/** Tells Alertmanager of alerts as Prometheus does. */
async function post(...alerts: Post[]): Promise<void> {
  const startsAt = new Date(Date.now() - 60_000);
  const body = alerts.map(({ labels, annotations = {}, resolved }) => ({
    labels,
    annotations,
    startsAt,
    endsAt: new Date(Date.now() + (resolved ? -1 : 3_600_000)),
    generatorURL: "http://127.0.0.1:9090/graph?g0.expr=up",
  }));
  const response = await fetch(stack.url("alertmanager", "/api/v2/alerts"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}

const annotations = {
  summary: "12% of the calls of gpt-x fail",
  description: "Look at the provider's status page first.",
  value: "0.12",
  runbook_url: "http://127.0.0.1:9090/user/LlmErrorRateHigh.html",
  dashboard_url: "http://127.0.0.1:3000/d/llm",
};

const to = (by: Told["by"]) => people.told.filter((each) => each.by === by);
/** Names of the alerts that a webhook got, firing or resolved. */
const gotAt = (path: string) =>
  people.told
    .filter((each) => each.path === path)
    .flatMap(({ body }) => body.alerts as { status: string; labels: Record<string, string> }[])
    .map(
      ({ status, labels }) => `${labels.alertname}${labels.severity ? ` ${labels.severity}` : ""} ${status}`,
    );

async function states(filter: string): Promise<Record<string, string>> {
  const url = stack.url("alertmanager", `/api/v2/alerts?filter=${encodeURIComponent(filter)}`);
  const alerts = (await (await fetch(url)).json()) as {
    labels: Record<string, string>;
    status: { state: string };
  }[];
  return Object.fromEntries(
    alerts.map(({ labels, status }) => [`${labels.alertname} ${labels.severity}`, status.state]),
  );
}

async function metric(name: string, labels: string): Promise<number> {
  const text = await (await fetch(stack.url("alertmanager", "/metrics"))).text();
  const lines = text.split("\n").filter((line) => line.startsWith(`${name}{`) && line.includes(labels));
  return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

test(
  "an alert arrives everywhere, with its title, value and runbook, and so does that it is over",
  async () => {
    const labels = { alertname: "LlmErrorRateHigh", severity: "critical", case: "everywhere" };
    await post({ labels, annotations });
    const title = "[CRITICAL] 12% of the calls of gpt-x fail";
    await waitFor("all six to be told", () => {
      expect(people.refused).toEqual([]);
      return new Set(people.told.map(({ by }) => by)).size === 5 && people.mails.length > 0;
    });

    const [slack] = to("slack");
    expect(slack).toMatchObject({ path: `/slack/${secrets.SLACK_URL_SECRET}`, body: { channel: "#oncall" } });
    expect(slack!.body.attachments[0]).toMatchObject({
      color: "danger",
      title,
      title_link: annotations.runbook_url,
      fallback: title,
      text: expect.stringContaining(`<${annotations.runbook_url}|Runbook>`),
    });
    expect(slack!.body.attachments[0].text).toContain("Value 0.12");

    const [pagerduty] = to("pagerduty");
    expect(pagerduty!.body).toMatchObject({
      routing_key: key,
      event_action: "trigger",
      client: "Runbook",
      client_url: annotations.runbook_url,
      payload: {
        summary: title,
        severity: "critical",
        custom_details: {
          text: expect.stringContaining("Value: 0.12"),
          runbook: annotations.runbook_url,
          dashboard: annotations.dashboard_url,
        },
      },
    });

    const card = to("teams")[0]!.body.attachments[0].content.body as { text: string }[];
    expect(card[0]!.text).toBe(title);
    expect(card[1]!.text).toContain("Value 0.12");
    expect(card[1]!.text).toContain(`[Runbook](${annotations.runbook_url})`);

    expect(to("opsgenie")[0]!.body).toMatchObject({
      message: title,
      description: expect.stringContaining(`Runbook: ${annotations.runbook_url}`),
      priority: "P1",
    });

    expect(to("webhook")[0]).toMatchObject({
      path: "/webhook/bearer",
      body: { version: "4", status: "firing", alerts: [{ annotations }] },
    });

    const [mail] = people.mails;
    expect(mail).toMatchObject({
      from: "alerts@example.org",
      to: "oncall@example.org",
      user: "alerts",
      password: secrets.SMTP_PASSWORD,
    });
    expect(mail!.text).toContain("Subject: ");
    const decoded = mail!.text.replaceAll("=\n", "").replaceAll("=3D", "=");
    for (const part of ["12% of the calls of gpt-x fail", "Value: 0.12", annotations.runbook_url])
      expect(decoded).toContain(part);

    await post({ labels, annotations, resolved: true });
    await waitFor("all six to be told that it is over", () => {
      expect(people.refused).toEqual([]);
      return (
        to("slack").some(({ body }) => body.attachments[0].title.startsWith("[RESOLVED]")) &&
        to("pagerduty").some(({ body }) => body.event_action === "resolve") &&
        to("teams").some(({ body }) => body.attachments[0].content.body[0].text.startsWith("[RESOLVED]")) &&
        to("opsgenie").some(({ path }) => path.endsWith("/close")) &&
        gotAt("/webhook/bearer").includes("LlmErrorRateHigh critical resolved") &&
        people.mails.some(({ text }) => text.includes("[RESOLVED]"))
      );
    });
  },
  2 * minutes,
);

test(
  "a webhook that answers 500 and one that hangs get the alert later, and delay nobody else",
  async () => {
    const flaky = `/webhook/${secrets.FLAKY_URL_SECRET}`;
    people.answer(flaky, 500);
    people.answer("/webhook/hanging", "never");
    await post({ labels: { alertname: "Trouble", case: "trouble" } });
    await waitFor("the one that works to be told", () => gotAt("/webhook/plain").includes("Trouble firing"));
    await waitFor("the one that answers 500 to be asked again", () => people.attempts(flaky) > 2);
    await waitFor("the one that hangs to be asked again", () => people.attempts("/webhook/hanging") > 1);
    expect(gotAt(flaky)).toEqual([]);
    await waitFor("its own metrics to tell of failed requests", async () => {
      const failed = "alertmanager_notification_requests_failed_total";
      return (await metric(failed, 'integration="webhook"')) > 2;
    });

    people.answer(flaky, 200);
    people.answer("/webhook/hanging", 200);
    await waitFor("both to be told", () =>
      [flaky, "/webhook/hanging"].every((path) => gotAt(path).includes("Trouble firing")),
    );
  },
  3 * minutes,
);

test("secrets stand in no configuration, no log and no command line", async () => {
  const hidden = Object.values(secrets);
  const files = readdirSync(join(stack.folder, ".obs"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("/data/"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("/.obs/secrets/"));
  expect(files.some((path) => path.endsWith("alertmanager.yml"))).toBe(true);
  expect(files.some((path) => path.endsWith("alertmanager.log"))).toBe(true);
  const leaks = (text: string) => hidden.filter((secret) => text.includes(secret));
  expect(files.filter((path) => leaks(readFileSync(path, "utf8")).length > 0)).toEqual([]);
  expect(processesOf(stack.folder).flatMap(({ command }) => leaks(command))).toEqual([]);
  const status = await (await fetch(stack.url("alertmanager", "/api/v2/status"))).text();
  expect(leaks(status)).toEqual([]);
  expect(leaks((await stack.ok(["logs", "alertmanager"])).all)).toEqual([]);
});

test("critical silences warning of the same cause and subject, and nothing else", async () => {
  const subject = { service: "shop", model: "gpt-x" };
  // Posted together, it could be told before the other is known.
  await post({ labels: { alertname: "AllFail", severity: "critical", cause: "llm-errors", ...subject } });
  await waitFor("the critical one", () => gotAt("/webhook/plain").includes("AllFail critical firing"));
  await post(
    { labels: { alertname: "SomeFail", severity: "warning", cause: "llm-errors", ...subject } },
    {
      labels: { alertname: "SomeFailElsewhere", severity: "warning", cause: "llm-errors", service: "search" },
    },
    { labels: { alertname: "Slow", severity: "warning", cause: "llm-latency", ...subject } },
  );
  await waitFor("all of them to be judged", async () => {
    const found = await states('cause=~"llm-.*"');
    return Object.keys(found).length === 4 && !Object.values(found).includes("unprocessed");
  });
  await waitFor("those that are told", () =>
    ["AllFail critical firing", "SomeFailElsewhere warning firing", "Slow warning firing"].every((each) =>
      gotAt("/webhook/plain").includes(each),
    ),
  );
  expect(await states('cause=~"llm-.*"')).toEqual({
    "AllFail critical": "active",
    "SomeFail warning": "suppressed",
    "SomeFailElsewhere warning": "active",
    "Slow warning": "active",
  });
  expect(gotAt("/webhook/plain")).not.toContain("SomeFail warning firing");
});

test("a target that is down silences the warnings of what it would have told, its critical alerts not", async () => {
  const target = { job: "api", instance: "a:8000" };
  await post({ labels: { alertname: "TargetDown", severity: "warning", cause: "target-down", ...target } });
  await waitFor("the target", () => gotAt("/webhook/plain").includes("TargetDown warning firing"));
  await post(
    { labels: { alertname: "Slow", severity: "warning", cause: "latency", ...target } },
    { labels: { alertname: "Slow", severity: "info", cause: "latency", job: "api", instance: "b:8000" } },
    { labels: { alertname: "DataLoss", severity: "critical", cause: "data", ...target } },
  );
  await waitFor("all of them to be judged", async () => {
    const found = await states('job="api"');
    return Object.keys(found).length === 4 && !Object.values(found).includes("unprocessed");
  });
  await waitFor("those that are told", () => gotAt("/webhook/plain").includes("DataLoss critical firing"));
  expect(await states('job="api"')).toEqual({
    "TargetDown warning": "active",
    "Slow warning": "suppressed",
    "Slow info": "active",
    "DataLoss critical": "active",
  });
});

test("what is muted now is not told, what is muted at other times is", async () => {
  await post(
    { labels: { alertname: "Muted", case: "muted" } },
    { labels: { alertname: "Inactive", case: "inactive" } },
    { labels: { alertname: "Awake", case: "awake" } },
  );
  await waitFor("the one that isn't muted", () => gotAt("/webhook/plain").includes("Awake firing"));
  await waitFor("both others to have been held back", async () => {
    const held = "alertmanager_notifications_suppressed_total";
    return (
      (await metric(held, 'reason="mute_time_interval"')) > 0 &&
      (await metric(held, 'reason="active_time_interval"')) > 0
    );
  });
  expect(gotAt("/webhook/plain")).not.toContain("Muted firing");
  expect(gotAt("/webhook/plain")).not.toContain("Inactive firing");
});

test(
  "while Alertmanager doesn't answer, silences say so and none is made",
  async () => {
    const { services } = await stack.json<{ services: { name: string; pid: number }[] }>(["status"]);
    const { pid } = services.find(({ name }) => name === "alertmanager")!;
    process.kill(pid, "SIGSTOP");
    try {
      for (const args of [
        ["silence", "add", "alertname=Away", "--for", "1h", "--reason", "a test"],
        ["maintenance", "shop", "--for", "1h"],
      ]) {
        const { exitCode, stderr } = await stack.obs(args);
        expect(exitCode).not.toBe(0);
        expect(stderr).toMatch(/^error \[[\w-]+\]\n {2}Alertmanager/m);
        expect(stderr).not.toMatch(/^\s*at /m);
      }
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await waitFor("it to answer again", async () => (await stack.obs(["silence", "list"])).exitCode === 0);
    const { stdout } = await stack.ok(["silence", "list", "--json"]);
    expect(stdout).not.toContain("Away");
  },
  2 * minutes,
);
