import { join } from "node:path";
import { hostPack, llmPack, servicePack, stackPack } from "../../alerts/index.js";
import { exerciseOf } from "../../stack/drill/exercise.js";
import { writeSeries } from "../../stack/drill/prometheus-data.js";
import { type DatedSeries, datedSeries } from "../../stack/drill/series.js";
import { type Plan, planStack } from "../../stack/plan.js";
import { projectAt } from "../../stack/project.js";
import { nativeRuntime } from "../../stack/runtime/native/index.js";
import type { UpResult } from "../../stack/runtime/runtime.js";
import { readSecrets } from "../../stack/runtime/secrets.js";
import { waitFor } from "../support/wait-for.js";
import { makeTestStack, removeTestStack, type TestStack } from "../support/with-stack.js";

// The packs of the reference stack in a running Prometheus: healthy while everything breaches, edited, and refused.

let stack: TestStack;

/** The four packs; `interval` is that of every group, so that a test needn't wait five minutes for the slowest. */
function config(servicePack: string): string {
  return `import { defineStack, type RulePack } from "obs-stack";
import { hostPack, llmPack, servicePack, stackPack } from "obs-stack/alerts";

const often = (pack: RulePack): RulePack => ({
  ...pack,
  groups: pack.groups.map((group) => ({ ...group, interval: "3s" })),
});
const definition = ${JSON.stringify(stack.definition, null, 2)};
export default defineStack({
  ...definition,
  alerting: { packs: [llmPack(), ${servicePack}, hostPack(), stackPack()].map(often) },
});
`;
}

beforeAll(async () => {
  stack = await makeTestStack({
    definition: {
      grafana: { enabled: false },
      traces: { backend: "jaeger" },
      // Series of the cases are written as they are called.
      overrides: { prometheus: { otlp: { translation_strategy: "NoTranslation" } } },
    },
  });
  await stack.write("obs.config.ts", config("servicePack()"));
  await stack.ok(["up", "--runtime", "native"], { timeoutMs: 20 * 60_000 });
}, 20 * 60_000);
afterAll(() => removeTestStack(stack), 60_000);

const minutes = 60_000;

interface ShownRule {
  name: string;
  query: string;
  health: string;
  lastError?: string;
  lastEvaluation: string;
  state?: string;
}

/** Rules as Prometheus' own API tells them, once each was evaluated after `since` (ms since 1970). */
async function rules(since = 0): Promise<ShownRule[]> {
  return waitFor(
    "every group to be evaluated",
    async () => {
      const answer = (await (await fetch(stack.url("prometheus", "/api/v1/rules"))).json()) as {
        data: { groups: { rules: ShownRule[] }[] };
      };
      const found = answer.data.groups.flatMap((group) => group.rules);
      const all = found.every(
        ({ health, lastEvaluation }) => health !== "unknown" && Date.parse(lastEvaluation) > since,
      );
      return found.length > 0 && all && found;
    },
    { timeoutMs: 3 * minutes },
  );
}

const unhealthy = (found: readonly ShownRule[]) =>
  found
    .filter(({ health, lastError }) => health !== "ok" || lastError)
    .map(({ name, health, lastError }) => `${name}: ${health} ${lastError ?? ""}`);

test(
  "every rule of the packs is healthy in the running Prometheus, without data",
  async () => {
    const found = await rules();
    expect(found.length).toBeGreaterThan(50);
    expect(unhealthy(found)).toEqual([]);
  },
  4 * minutes,
);

/** Series of the cases in which alerts fire, of the last minutes; a case whose series another one has is left out. */
function breaches(now: number): { series: DatedSeries[]; cases: number } {
  const taken = new Set<string>();
  let cases = 0;
  const series = [llmPack(), servicePack(), hostPack(), stackPack()].flatMap((pack) =>
    pack.groups.flatMap((group) =>
      group.rules.flatMap((rule) => {
        const exercise =
          rule.kind === "alert" ? exerciseOf({ rule, group, pack, title: rule.name }) : undefined;
        if (!exercise) return [];
        const { series: own, interval, at } = exercise.breach;
        const dated = datedSeries(own, { ...(interval && { interval }), at, now, until: now + 5 * minutes });
        const keys = dated.map(({ labels }) => JSON.stringify(Object.entries(labels).sort()));
        // What the running rules record can't be written from outside as well.
        if (Object.keys(own).some((selector) => /^\w+:/.test(selector))) return [];
        if (keys.some((key) => taken.has(key))) return [];
        for (const key of keys) taken.add(key);
        cases++;
        // What is older than half an hour is not taken.
        return dated.map(({ labels, samples }) => ({
          labels,
          samples: samples.filter(([time]) => time > now - 20 * minutes),
        }));
      }),
    ),
  );
  return { series, cases };
}

test(
  "and so it is while most alerts' breaches are there at the same time",
  async () => {
    const { series, cases } = breaches(Date.now());
    expect(cases).toBeGreaterThan(20);
    await writeSeries(stack.url("prometheus"), series, new AbortController().signal);
    const found = await rules(Date.now() + 5_000);
    expect(unhealthy(found)).toEqual([]);
    expect(found.filter(({ state }) => state === "firing" || state === "pending").length).toBeGreaterThan(10);
  },
  4 * minutes,
);

const queryOf = (found: readonly ShownRule[], name: string) =>
  found.find((rule) => rule.name === name)?.query;

test(
  "a threshold that is changed is live when obs up ends; Prometheus reloads and nothing is restarted",
  async () => {
    const processes = async () =>
      Object.fromEntries(
        (await stack.json<{ services: { name: string; pid: number }[] }>(["status"])).services.map(
          ({ name, pid }) => [name, pid],
        ),
      );
    const before = await processes();
    const old = queryOf(await rules(), "ServiceLatencyHigh");
    await stack.write("obs.config.ts", config("servicePack({ latencyP99Seconds: 0.731 })"));
    const { services } = await stack.json<UpResult>(["up", "--runtime", "native"]);
    expect(services.filter(({ action }) => action !== "unchanged")).toMatchObject([
      { name: "prometheus", action: "reloaded" },
    ]);
    const answer = await (await fetch(stack.url("prometheus", "/api/v1/rules"))).text();
    expect(answer).toContain("0.731");
    expect(queryOf(await rules(), "ServiceLatencyHigh")).not.toBe(old);
    expect(await processes()).toEqual(before);
  },
  4 * minutes,
);

/** Brings up a plan whose file was changed behind the back of every check, as only a fault of obs could. */
async function upWith(path: string, change: (text: string) => string): Promise<UpResult> {
  const project = projectAt(join(stack.folder, "obs.config.ts"));
  const plan: Plan = await planStack(project, "native");
  const changed = <T extends { path: string; text: string }>(artefact: T): T =>
    artefact.path === path ? { ...artefact, text: change(artefact.text) } : artefact;
  const rendered = {
    ...plan.rendered,
    artefacts: plan.rendered.artefacts.map(changed),
    plans: plan.rendered.plans.map((each) => ({ ...each, files: each.files.map(changed) })),
  };
  expect(rendered.artefacts).not.toEqual(plan.rendered.artefacts);
  const names = rendered.plans.flatMap(({ secrets }) => secrets);
  const { values } = await readSecrets(project, names);
  return nativeRuntime(project).up({
    rendered,
    secrets: values,
    signal: new AbortController().signal,
    onEvent: () => {},
  });
}

test(
  "rules that Prometheus refuses leave the old ones at work, and the reason is shown",
  async () => {
    const before = await rules();
    const { problems } = await upWith("prometheus/rules/pack-service.yml", (text) =>
      text.replaceAll("0.731", "0.732 >< 1"),
    );
    expect(problems).toMatchObject([{ id: "reload-refused", severity: "error" }]);
    expect(JSON.stringify(problems)).toMatch(/pack-service\.yml/);
    expect(JSON.stringify(problems)).toMatch(/could not parse expression/);
    const after = await rules(Date.now());
    expect(after.map(({ query }) => query)).toEqual(before.map(({ query }) => query));
    expect(unhealthy(after)).toEqual([]);
    // The files are the old ones, too: the next start is not the one that fails.
    const { services } = await stack.json<UpResult>(["up", "--runtime", "native"]);
    expect(services.filter(({ action }) => action !== "unchanged")).toEqual([]);
  },
  4 * minutes,
);

test(
  "a configuration that Alertmanager refuses leaves the old one at work, and the reason is shown",
  async () => {
    const status = async () =>
      (
        (await (await fetch(stack.url("alertmanager", "/api/v2/status"))).json()) as {
          config: { original: string };
        }
      ).config.original;
    const before = await status();
    const { problems } = await upWith("alertmanager/alertmanager.yml", (text) =>
      text.replace("receiver: nobody", "receiver: somebody"),
    );
    expect(problems).toMatchObject([{ id: "reload-refused", severity: "error" }]);
    expect(JSON.stringify(problems)).toMatch(/undefined receiver/);
    expect(await status()).toBe(before);
    const { services } = await stack.json<UpResult>(["up", "--runtime", "native"]);
    expect(services.filter(({ action }) => action !== "unchanged")).toEqual([]);
  },
  4 * minutes,
);
