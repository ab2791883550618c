import type { SeriesWorld } from "../catalog/world.js";
import { type Analysis, analyse } from "../promql/index.js";
import type { RuleCheckContext } from "./check.js";
import { type Rule, rulesOf } from "./model.js";

/** A rule's query and what it is held against. */
export interface JudgedQuery {
  rule: Rule;
  analysis: Analysis;
  world: SeriesWorld;
  /** Names that recording rules of these files write. */
  records: ReadonlySet<string>;
}

/** The PromQL queries of all rules; none where it isn't known which series there are. */
export function* judgedQueries({ files, series }: RuleCheckContext): Generator<JudgedQuery> {
  if (!series) return;
  const records = recordsOf(files);
  for (const rule of rulesOf(files)) {
    if (rule.group.language !== "promql") continue;
    const analysis = analyse(rule.expr.value);
    if (analysis.errors.length === 0) yield { rule, analysis, world: series, records };
  }
}

/** Names that the recording rules of some files write. */
export function recordsOf(files: RuleCheckContext["files"]): ReadonlySet<string> {
  return new Set(rulesOf(files).flatMap(({ kind, name }) => (kind === "record" ? [name.value] : [])));
}
