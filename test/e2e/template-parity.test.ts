import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { parseTemplate } from "../../stack/rules/template/parse.js";
import { findProgram } from "../../stack/toolchain/find.js";
import { seededRandom } from "../support/random.js";
import { withFolder } from "../support/temporary-folder.js";

const wholes = [
  "{{ $labels.job }} is {{ $value | humanize }}",
  "{{ if gt $value 90.0 }}a{{ else if lt $value 1.5 }}b{{ else }}c{{ end }}",
  '{{ range query "up" }}{{ .Labels.x }}{{ .Value }}{{ else }}none{{ end }}',
  "{{ with query (printf \"x{a='%s'}\" $labels.a) }}{{ . | first | value | humanizePercentage }}{{ end }}",
  "{{- $x := 1 -}}{{ $x = 2 }}{{ $x }}",
  '{{/* c */}}{{ printf "%.2f" $value }}',
  '{{ reReplaceAll "a\\\\.b" `\\d` $labels.instance }}',
  '{{ range $i, $e := query "x" }}{{ $i }}{{break}}{{ end }}',
  '{{define "t"}}{{ . }}{{end}}{{template "t" 1}}',
  '{{ (index $labels "a-b") }}{{ .Labels.job }}{{ $externalLabels.c }}',
  "{{ 'a' }}{{ 0x1F }}{{ 1e3 }}{{ -1 }}{{ true }}{{ nil }}",
  '{{ block "x" $value }}a{{ end }}',
];
const pieces =
  "{{|}}|{{-|-}}| |(|)|$|$x|$labels|.|.a|\"|`|'|\\|\\d|end|if|else|range|with|nil|:=|=|,|1|-|x|humanize|é|/*|*/|#|{{ end }}|{{ else }}|{{ if true }}|template|define|block|0x|1_0|1i|+|:".split(
    "|",
  );

function mutated(random: ReturnType<typeof seededRandom>): string {
  let text = random.pick(wholes);
  for (let edits = random.below(4); edits >= 0; edits--) {
    const at = random.below(text.length + 1);
    const inserted = random.below(3) === 0 ? "" : random.pick(pieces);
    const removed = random.below(2) * (1 + random.below(3));
    text = text.slice(0, at) + inserted + text.slice(at + removed);
  }
  return text;
}

test("of 4,000 mutated templates, those that promtool refuses are refused, and no others", async () => {
  const promtool = await findProgram("promtool");
  if (!promtool) throw new Error("promtool is not installed: `./obs toolchain install prometheus`");
  const random = seededRandom(2026);
  const templates = Array.from({ length: 4000 }, () => mutated(random));
  await withFolder(async (folder) => {
    const file = join(folder, "rules.yml");
    const rules = templates.map((x, at) => ({ alert: `A${at}`, expr: "up", annotations: { x } }));
    await writeFile(file, JSON.stringify({ groups: [{ name: "g", rules }] }));
    const { all } = await execa(promtool.path, ["check", "rules", file], { reject: false, all: true });
    const refused = new Set(
      [...all.matchAll(/rule \d+, "A(\d+)": annotation "x": /g)].map(([, at]) => Number(at)),
    );
    expect(refused.size).toBeGreaterThan(1000);
    const disagreed = templates.filter(
      (template, at) => (parseTemplate(template).fault !== undefined) !== refused.has(at),
    );
    expect(disagreed).toEqual([]);
  });
});
