import { stackDashboards } from "../../dashboards/index.js";
import { type StackInput, stackSchema } from "../../stack/define.js";
import { projectAt } from "../../stack/project.js";
import { render } from "../../stack/render/render.js";
import { runbooksVariable } from "../../stack/services/names.js";

/** The dashboard as Grafana is given it. */
function rendered(definition: Partial<StackInput>): string {
  const { artefacts } = render({
    project: projectAt("/project/obs.config.ts"),
    stack: stackSchema.parse({ name: "shop", dashboards: stackDashboards(), ...definition }),
    ruleFiles: [],
    facts: { traces: { backend: "tempo", why: "test" }, grafana: { present: true, why: "test" } },
    runtime: "compose",
  });
  return artefacts.find(({ path }) => path.endsWith("dashboards/stack-health.json"))!.text;
}

test.each([
  ["on Prometheus, which serves them", {}, "http://127.0.0.1:9090/user/"],
  ["at its port", { ports: { prometheus: 19_090 } }, "http://127.0.0.1:19090/user/"],
  [
    "where the definition says",
    { alerting: { runbookUrl: "https://wiki.example.org/runbooks/" } },
    "https://wiki.example.org/runbooks/",
  ],
])("links to runbooks lead to where people read them: %s", (_where, definition, address) => {
  const text = rendered(definition);
  expect(text).toContain(`"url": "${address}\${__data.fields[\\"Alert\\"]}.html"`);
  expect(text).not.toContain(runbooksVariable);
});
