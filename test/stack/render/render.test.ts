import { join } from "node:path";
import { load } from "js-yaml";
import { type StackInput, stackSchema } from "../../../stack/define.js";
import { packageRoot } from "../../../stack/package-root.js";
import { projectAt } from "../../../stack/project.js";
import { type RenderInput, render } from "../../../stack/render/render.js";
import type { Rendered } from "../../../stack/render/rendered.js";
import type { Facts } from "../../../stack/services/service.js";
import { readTree, updating, writeTree } from "../../support/golden.js";
import { full, minimal } from "./definitions.js";

const goldenFolder = join(packageRoot, "test", "golden");
const ruleFiles = [{ name: "api.yml", source: "alerts/api.yml", text: "groups: []\n" }];

const composeFacts: Facts = {
  traces: { backend: "tempo", why: "the default under Compose" },
  grafana: { present: true, why: "part of the Compose project" },
};
const nativeFacts: Facts = {
  traces: { backend: "jaeger", why: "no tempo on PATH" },
  grafana: { present: true, why: "as grafana.home says", home: "/opt/grafana" },
};

function renderCase(definition: StackInput, runtime: RenderInput["runtime"]): Rendered {
  return render({
    project: projectAt("/project/obs.config.ts"),
    stack: stackSchema.parse(definition),
    ruleFiles,
    facts: runtime === "compose" ? composeFacts : nativeFacts,
    runtime,
  });
}

/** Everything that a runtime is given, as files; where obs itself lies is no part of it. */
function asTree(rendered: Rendered): Record<string, string> {
  return {
    ...Object.fromEntries(rendered.artefacts.map((artefact) => [artefact.path, artefact.text])),
    "plans.json": `${JSON.stringify(
      rendered.plans.map((plan) => ({ ...plan, files: plan.files.map((file) => file.path) })),
      null,
      2,
    ).replaceAll(packageRoot, "<obs>")}\n`,
    ...(rendered.composeFile !== undefined && { "docker-compose.yml": rendered.composeFile }),
  };
}

describe.each([
  ["minimal", minimal],
  ["full", full],
] as const)("the %s definition", (name, definition) => {
  describe.each(["compose", "native"] as const)("rendered for %s", (runtime) => {
    const tree = asTree(renderCase(definition, runtime));
    const folder = join(goldenFolder, name, runtime);

    test("gives the bytes of the golden files", () => {
      if (updating) writeTree(folder, tree);
      expect(tree).toEqual(readTree(folder));
    });

    test("gives the same bytes each time", () => {
      expect(asTree(renderCase(definition, runtime))).toEqual(tree);
    });

    test("writes YAML that another reader understands", () => {
      for (const [path, text] of Object.entries(tree).filter(([path]) => path.endsWith(".yml"))) {
        expect([path, load(text)]).toEqual([path, expect.any(Object)]);
      }
    });
  });
});

test("no value of a secret and no path of a machine can be in what Compose is given", () => {
  const text = Object.values(asTree(renderCase(full, "compose"))).join("\n");
  expect(text).not.toContain("/project");
  expect(text).toContain("/run/secrets/SLACK_URL");
});

test("an override replaces lists, merges objects and removes what is null", () => {
  const loki = load(asTree(renderCase(full, "compose"))["loki/loki.yml"] ?? "") as {
    limits_config: Record<string, unknown>;
  };
  expect(loki.limits_config.max_query_series).toBe(1000);
  expect(loki.limits_config).not.toHaveProperty("volume_enabled");
  expect(loki.limits_config.retention_period).toBe("336h0m0s");
});

test("only the OTLP ports leave loopback when the definition binds elsewhere", () => {
  const addresses = renderCase(full, "native").plans.flatMap((plan) => plan.ports);
  const elsewhere = addresses.filter(({ address }) => !address.startsWith("127.0.0.1:"));
  expect(elsewhere.map(({ name }) => name).sort()).toEqual(["otlpGrpc", "otlpHttp"]);
});
