import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { messageTemplates } from "../../stack/alerting/messages.js";
import { planStack } from "../../stack/plan.js";
import { findProgram } from "../../stack/toolchain/find.js";
import { sampleNotifications } from "../../stack/validate/programs/template-samples.js";
import { validateStack } from "../../stack/validate/validate.js";
import { updating } from "../support/golden.js";
import { withFolder } from "../support/temporary-folder.js";
import { config, withProject } from "../support/temporary-project.js";

/** What a template of obs becomes, rendered by amtool as Alertmanager renders it. */
async function rendered(template: string, data: object, type: "text" | "html" = "text"): Promise<string> {
  const amtool = await findProgram("amtool");
  if (!amtool) throw new Error("amtool is not installed: `./obs toolchain install alertmanager`");
  let text = "";
  await withFolder(async (folder) => {
    await writeFile(join(folder, "obs.tmpl"), messageTemplates);
    await writeFile(join(folder, "data.json"), JSON.stringify(data));
    const { stdout } = await execa(amtool.path, [
      ...["template", "render", `--template.glob=${join(folder, "obs.tmpl")}`, `--template.type=${type}`],
      ...[`--template.data=${join(folder, "data.json")}`, `--template.text={{ template "${template}" . }}`],
    ]);
    text = stdout;
  });
  return text;
}

const templates = [
  ...["obs.title", "obs.text", "obs.slack.text", "obs.markdown", "obs.html", "obs.link", "obs.link.title"],
  ...["obs.color", "obs.pagerduty.severity", "obs.opsgenie.priority"],
];

test("messages read as test/golden/messages.txt says: one alert, several, resolved, without annotations", async () => {
  const parts: string[] = [];
  for (const { title, data } of sampleNotifications)
    for (const template of templates) {
      const text = await rendered(template, data, template === "obs.html" ? "html" : "text");
      parts.push(`--- ${template}: ${title}\n${text.trim()}\n`);
    }
  const golden = join(import.meta.dirname, "../golden/messages.txt");
  const text = parts.join("\n");
  if (updating) await writeFile(golden, text);
  expect(text).toBe(await readFile(golden, "utf8"));
});

const alert = (labels: object, annotations: object) => ({
  status: "firing",
  labels: { alertname: "Down", severity: "critical", ...labels },
  annotations,
  startsAt: "2026-03-14T01:59:26Z",
  generatorURL: "http://p/graph",
});
const notification = (alerts: object[]) => ({
  status: "firing",
  alerts,
  commonLabels: { alertname: "Down", severity: "critical" },
  externalURL: "http://a",
});

test("of a flood the first ten are told, and how many there are", async () => {
  const many = Array.from({ length: 200 }, (_, at) =>
    alert({ job: `j${at}` }, { summary: `job ${at} is down` }),
  );
  for (const template of ["obs.text", "obs.slack.text", "obs.markdown", "obs.html"]) {
    const text = await rendered(template, notification(many), template === "obs.html" ? "html" : "text");
    expect(text.match(/is down/g)).toHaveLength(10);
    expect(text).toContain("In all: 200 firing.");
  }
});

test("without a summary the labels tell what it is about", async () => {
  const one = notification([alert({ job: "api", instance: "a:1" }, {})]);
  expect(await rendered("obs.title", one)).toBe("[CRITICAL] Down instance=a:1 job=api");
});

test("what a label holds is text for Slack and for e-mails, neither a link nor a call to everybody", async () => {
  const told = { summary: "<!channel> a < b & c", description: '<a href="x">y</a>' };
  const one = notification([alert({}, told)]);
  const slack = await rendered("obs.slack.text", one);
  expect(slack).toContain("*&lt;!channel&gt; a &lt; b &amp; c*");
  expect(await rendered("obs.html", one, "html")).not.toMatch(/<!channel>|<a href="x">/);
});

describe("texts of receivers in an override", () => {
  const definition = (text: string) =>
    config(`{ name: "shop", grafana: { enabled: false }, overrides: { alertmanager: {
      receivers: [{ name: "nobody" }, { name: "obs-drill" }, { name: "obs-verify" }, { name: "chat", slack_configs: [
        { api_url: "http://127.0.0.1:9/", title: '{{ template "obs.title" . }}', text: ${JSON.stringify(text)} } ] }],
      route: { receiver: "chat" } } } }`);

  test.each([
    ["with a field that isn't there", "{{ .CommonLabls.team }}", "CommonLabels"],
    ["with a function that isn't there", "{{ .Status | toUper }}", "toUpper"],
    ["with the second of one alert", "{{ (index .Alerts 1).Status }}", "index out of range"],
  ])("%s are found at their key", async (_title, text, told) => {
    await withProject({ "obs.config.ts": definition(text) }, async ({ project }) => {
      const { problems } = await validateStack(await planStack(project, "native"));
      const found = problems.filter(({ id }) => id === "amtool-template-render");
      expect(found).toMatchObject([
        {
          place: {
            file: "obs.config.ts",
            keyPath: "overrides.alertmanager.receivers[3].slack_configs[0].text",
          },
        },
      ]);
      expect(JSON.stringify(found)).toContain(told);
      expect(problems.filter(({ id }) => id === "amtool-check-config")).toEqual([]);
    });
  });
});
