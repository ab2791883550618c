import { didYouMean } from "../suggest.js";
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

/** How files of the user are called when promtool talks about them. */
export type RuleFileNames = Pick<Layout, "sourceOf" | "textOf" | "shown">;

/** What `promtool check rules` printed about rule files, as findings. */
export function ruleFileFindings(lines: readonly string[], names: RuleFileNames): ProgramFinding[] {
  return blocksOf(lines).flatMap((block) => ruleFindings(block, names));
}

/** Complaints about a rule file, each where it belongs in the user's own file. */
function ruleFindings({ file, failed }: Block, layout: RuleFileNames): ProgramFinding[] {
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
  const text = layout.textOf(source) ?? "";
  const findings = messagesOf(file, failed)
    .flatMap(eachYamlFault)
    .map((message) => ruleFinding(layout.shown(message), source, text));
  return findings.filter((finding, at) => findings.findIndex((other) => same(finding, other)) === at);
}

/** promtool reads a file twice, and may say everything twice, in slightly different words. */
function same(a: ProgramFinding, b: ProgramFinding): boolean {
  return a.what.toLowerCase() === b.what.toLowerCase() && a.place?.line === b.place?.line;
}

/** Messages begin with the file's name; what follows on further lines belongs to them. */
function messagesOf(file: string, lines: readonly string[]): string[] {
  const messages: string[] = [];
  for (const line of lines) {
    if (line.startsWith(`${file}: `)) messages.push(line.slice(file.length + 2));
    else if (messages.length > 0) messages[messages.length - 1] += `\n${line}`;
    else messages.push(line);
  }
  return messages;
}

/** `yaml: unmarshal errors:` is followed by a line for each. */
function eachYamlFault(message: string): string[] {
  const faults = [...message.matchAll(/^\s+line (\d+): (.+)$/gm)].map(
    ([, line, fault]) => `${line}:0: ${fault}`,
  );
  return faults.length > 0 ? faults : [message];
}

/** Keys of rule files by promtool's names for their parts: https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/ */
const fields: Record<string, { title: string; keys: string[] }> = {
  rulegroups: { title: "rule file", keys: ["groups"] },
  rulegroup: {
    title: "group",
    keys: ["name", "interval", "query_offset", "limit", "labels", "rules"],
  },
  rule: {
    title: "rule",
    keys: ["record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations"],
  },
};

function ruleFinding(message: string, source: string, text: string): ProgramFinding {
  // `5:17: 4:16: group "a", rule 1, "A": message`; a line without a column comes as `5:0`, no place at all as `0:0`.
  const match = /^(?:(\d+):(\d+): )?(?:\d+:\d+: )*(?:group "([^"]*)", rule (\d+), "([^"]*)": )?(.*)$/s.exec(
    message,
  );
  const [, row, column, group, number, name, said = ""] = match ?? [];
  const known = row !== undefined && row !== "0";
  const { position, words } = placed(
    text,
    { row: known ? row : undefined, column: known ? column : undefined, group, number },
    said,
  );
  const unknown = /^field (\S+) not found in type rulefmt\.(\w+)$/.exec(words);
  const part = unknown && fields[unknown[2]!.toLowerCase()];
  if (part) {
    const meant = didYouMean(unknown[1]!, part.keys);
    return {
      severity: "error",
      what: `A ${part.title} has no key "${unknown[1]}".`,
      next: meant ? `Did you mean "${meant}"?` : `Known keys: ${part.keys.join(", ")}.`,
      place: { file: source, ...(position ?? lineNaming(text, words)) },
    };
  }
  return {
    severity: "error",
    what: `${name === undefined ? "Prometheus does not accept this rule file" : `Rule "${name}"`}: ${words}.`,
    place: { file: source, ...(position ?? lineNaming(text, words)) },
  };
}

/** The line of what a message quotes, where there is only one with it: promtool gives no place for some faults. */
function lineNaming(text: string, message: string): { line: number } | undefined {
  const quoted = [...message.matchAll(/"([^"]*)"/g)]
    .map(([, words]) => words!)
    .filter((words) => words.length > 1);
  const lines = text.split("\n");
  for (const words of quoted) {
    const found = lines.flatMap((line, at) => (line.includes(words) ? [at + 1] : []));
    if (found.length === 1) return { line: found[0]! };
  }
  return undefined;
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
  if (column === "0") return { position: startOfLine(text, Number(row)), words: message };
  const position = { line: Number(row), column: Number(column) };
  const inside = /^could not parse expression: (\d+):(\d+): (.*)$/s.exec(message);
  if (!inside) return { position, words: message };
  const within = { line: Number(inside[1]), column: Number(inside[2]) };
  return {
    position: positionInValue(text, position, within),
    words: `could not parse its expression: ${inside[3]}`,
  };
}

function startOfLine(text: string, line: number): { line: number; column: number } {
  const indent = /^[\s-]*/.exec(text.split("\n")[line - 1] ?? "")![0].length;
  return { line, column: indent + 1 };
}
