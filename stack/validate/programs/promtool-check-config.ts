import type { Layout } from "./layout.js";
import type { ProgramCheck, ProgramFinding } from "./program-check.js";
import { positionInValue, rulePosition } from "./rule-position.js";

/** promtool reads Prometheus' configuration, its rule files and target lists. */
export const promtoolCheckConfig: ProgramCheck = {
  id: "promtool-check-config",
  program: "promtool",
  title: "promtool check config",
  owner: "prometheus",
  args: (layout) => ["check", "config", `${layout.configDir("prometheus")}/prometheus.yml`],
  findings({ lines, failed }, layout) {
    const blocks = blocksOf(lines);
    const ofRules = blocks.flatMap((block) => ruleFindings(block, layout));
    const rest = blocks
      .filter(({ file }) => layout.sourceOf(file) === undefined)
      .flatMap((block) => block.failed);
    if (!failed || (ofRules.length > 0 && rest.length === 0)) return ofRules;
    return [
      ...ofRules,
      {
        severity: "error",
        what: "Prometheus does not accept its configuration.",
        output: (rest.length > 0 ? rest : lines).filter((line) => line.trim() !== "").map(layout.shown),
      },
    ];
  },
};

/** What promtool says about one file: `Checking FILE`, then `FAILED:` and its complaints. */
interface Block {
  file: string;
  failed: string[];
}

function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let failing = false;
  for (const line of lines) {
    const file = /^Checking (.+)$/.exec(line)?.[1];
    if (file !== undefined) {
      blocks.push({ file, failed: [] });
      failing = false;
      continue;
    }
    const complaint = /^\s*FAILED:\s*(.*)$/.exec(line);
    if (complaint) failing = true;
    if (/^\s*(SUCCESS|WARNING):/.test(line)) failing = false;
    const text = complaint ? complaint[1]! : line;
    if (failing && text.trim() !== "") blocks.at(-1)?.failed.push(text);
  }
  return blocks;
}

/** Complaints about a rule file, each where it belongs in the user's own file. */
function ruleFindings({ file, failed }: Block, layout: Layout): ProgramFinding[] {
  const source = layout.sourceOf(file);
  if (source === undefined || failed.length === 0) return [];
  if (failed[0]!.startsWith("lint error")) {
    const metrics = [...new Set(failed.flatMap((line) => /^Metric: (.+)$/.exec(line)?.[1] ?? []))];
    return [
      {
        severity: "warning",
        what: `Two rules record the same series: ${metrics.join(", ")}.`,
        why: "They overwrite each other, and nobody can tell which one a reader sees.",
        next: "Take one out, or tell them apart by a label.",
        place: { file: source },
      },
    ];
  }
  return [...new Set(failed)].map((line) => {
    const text = line.startsWith(`${file}: `) ? line.slice(file.length + 2) : line;
    const match = /^(?:(\d+):(\d+): )?(?:group "([^"]*)", rule (\d+), "([^"]*)": )?(.*)$/s.exec(text);
    const [, row, column, group, number, name, message = ""] = match ?? [];
    const { position, words } = placed(layout.textOf(source) ?? "", { row, column, group, number }, message);
    return {
      severity: "error" as const,
      what: `${name === undefined ? "Prometheus does not accept this rule file" : `Rule "${name}"`}: ${layout.shown(words)}.`,
      place: { file: source, ...position },
    };
  });
}

interface Told {
  row: string | undefined;
  column: string | undefined;
  group: string | undefined;
  number: string | undefined;
}

/** Where in the rule file it is: where promtool says, further on inside the expression, else at the rule. */
function placed(
  text: string,
  { row, column, group, number }: Told,
  message: string,
): { position: { line: number; column: number } | undefined; words: string } {
  if (row === undefined) {
    return {
      position: group === undefined ? undefined : rulePosition(text, group, Number(number)),
      words: message,
    };
  }
  const position = { line: Number(row), column: Number(column) };
  const inside = /^could not parse expression: (\d+):(\d+): (.*)$/s.exec(message);
  if (!inside) return { position, words: message };
  const within = { line: Number(inside[1]), column: Number(inside[2]) };
  return {
    position: positionInValue(text, position, within),
    words: `could not parse its expression: ${inside[3]}`,
  };
}
