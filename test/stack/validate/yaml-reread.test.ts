import { toYaml } from "../../../stack/render/yaml.js";
import type { CheckContext } from "../../../stack/validate/check.js";
import { yamlReread } from "../../../stack/validate/checks/yaml-reread.js";

/** What the check says about one artefact. */
async function verdict(text: string): Promise<string[]> {
  const artefact = { path: "prometheus/prometheus.yml", text, owner: "prometheus", keys: ["metrics"] };
  const context = { definitionFile: "obs.config.ts", rendered: { artefacts: [artefact] } };
  const problems = await yamlReread.run(context as unknown as CheckContext);
  return problems.map(({ what }) => what);
}

test.each(["a: on", "a: 1:30", "a: 012", "a: 2026-01-01", "<<: { a: 1 }"])(
  "%p means one thing in YAML 1.1 and another in 1.2",
  async (text) => {
    expect(await verdict(text)).toEqual([expect.stringContaining("one thing in YAML 1.1")]);
  },
);

test("text that is no YAML is found", async () => {
  expect(await verdict("a: [")).toEqual([expect.stringContaining("not readable YAML")]);
});

test("what obs writes means the same in both, however awkward the value", async () => {
  const awkward = [
    ...["on", "No", "y", "~", "null", "012", "0x1F", "1_000", "1:30", "1e3", ".5", "+1", ".inf", "-"],
    ...["2026-01-01", "2026-01-01T00:00:00Z", "=", "<<", "!tag", "&a", "*a", "# no comment", "a: b", "a #b"],
    ...[
      "",
      " ",
      "\t",
      "line\nbreak",
      "trailing \n",
      "'",
      '"',
      "%",
      "@",
      "`",
      "{{ $labels.job }}",
      "\\d+",
      "ü✓",
    ],
  ];
  const value = { list: awkward, numbers: [0, -1, 1.5], flags: [true, false, null], on: { y: "n" } };
  const text = toYaml(value);
  expect(await verdict(text)).toEqual([]);
  const { load } = await import("js-yaml");
  expect(load(text)).toEqual(value);
});
