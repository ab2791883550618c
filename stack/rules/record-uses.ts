import { labelRegexp, type Selector } from "../promql/index.js";
import type { RuleCheckContext } from "./check.js";
import { type Rule, rulesOf } from "./model.js";
import { type Query, queriesOf } from "./queries.js";

/** How records and the queries of some files hang together. */
export interface RecordUses {
  /** The rules that record a series, by its name. Those of Loki's rules, too: it writes them to Prometheus. */
  records: ReadonlyMap<string, readonly Rule[]>;
  /** Every selector of a name with the query it stands in, by that name. */
  uses: ReadonlyMap<string, readonly { query: Query; selector: Selector }[]>;
  /** Whether a selector that chooses names by a pattern may take a series of this name, or a template asks for it. */
  takenOtherwise(name: string): boolean;
}

const known = new WeakMap<RuleCheckContext["files"], RecordUses>();

/** Reads them once for all checks of a run. */
export function recordUses(context: Pick<RuleCheckContext, "files">): RecordUses {
  let found = known.get(context.files);
  if (!found) {
    found = read(context);
    known.set(context.files, found);
  }
  return found;
}

function read(context: Pick<RuleCheckContext, "files">): RecordUses {
  const records = new Map<string, Rule[]>();
  for (const rule of rulesOf(context.files)) {
    if (rule.kind === "record") push(records, rule.name.value, rule);
  }
  const uses = new Map<string, { query: Query; selector: Selector }[]>();
  const patterns = new Set<string>();
  for (const query of queriesOf(context)) {
    for (const selector of query.selectors) {
      if (selector.metric !== undefined) push(uses, selector.metric, { query, selector });
      else patterns.add(nameMatcher(selector));
    }
  }
  const regexps = [...patterns].map(labelRegexp);
  const templates = rulesOf(context.files)
    .flatMap(({ labels, annotations }) => [...labels.values(), ...annotations.values()])
    .flatMap(({ value }) => (/\bquery\b/.test(value) ? [value] : []))
    .join("\n");
  return {
    records,
    uses,
    takenOtherwise: (name) =>
      templates.includes(name) ||
      regexps.some((regexp) => typeof regexp === "string" || regexp.matches(name)),
  };
}

/** The names that a selector without one of its own is after; one that doesn't speak of names is after none. */
function nameMatcher({ matchers }: Selector): string {
  const found = matchers.find(({ label, operator }) => label === "__name__" && operator === "=~");
  return found?.value ?? (matchers.some(({ label }) => label === "__name__") ? ".*" : "");
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
