import { load } from "js-yaml";
import { faultOf } from "../../../stack/drill/preflight.js";
import { planStack } from "../../../stack/plan.js";
import { config, withProject } from "../../support/temporary-project.js";

const own = { receiver: "obs-drill", matchers: ['drill!=""'] };
const everybody = { receiver: "people", routes: [own, { receiver: "oncall" }] };

test("what obs renders keeps drills apart, whatever the definition adds", async () => {
  const definition = `{ name: "shop", alerting: {
    receivers: { people: { webhook: [{ url: "http://127.0.0.1:1" }] } },
    route: { routes: [{ matchers: ['severity="critical"'], receiver: "people" }] },
    inhibitRules: [{ source: ['a="b"'], target: ['c="d"'] }],
  } }`;
  await withProject({ "obs.config.ts": config(definition) }, async ({ project }) => {
    const { rendered } = await planStack(project, "native");
    const file = rendered.artefacts.find(({ path }) => path === "alertmanager/alertmanager.yml");
    expect(faultOf(load(file!.text))).toBeUndefined();
  });
});

test.each([
  ["without its route in front", { route: { ...everybody, routes: [{ receiver: "oncall" }, own] } }],
  ["with a route in front that goes on", { route: { ...everybody, routes: [{ ...own, continue: true }] } }],
  [
    "with a narrower route in front",
    { route: { ...everybody, routes: [{ ...own, matchers: ['drill="a"'] }] } },
  ],
  ["without any route", {}],
  ["that is empty", undefined],
])("an Alertmanager %s is not safe", (_, configuration) => {
  expect(faultOf(configuration)).toMatchObject({ id: "drill-not-apart" });
});

test("an inhibition that crosses between drills and real alerts is not safe", () => {
  const rules = (equal?: string[]) => ({ route: everybody, inhibit_rules: [{ ...(equal && { equal }) }] });
  expect(faultOf(rules(["service", "drill"]))).toBeUndefined();
  expect(faultOf(rules(["service"]))).toMatchObject({ id: "drill-not-apart" });
  expect(faultOf(rules())).toMatchObject({ id: "drill-not-apart" });
});
