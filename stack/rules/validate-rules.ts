import { existsSync } from "node:fs";
import type { SeriesWorld } from "../catalog/world.js";
import { type Problem, sortProblems } from "../validate/problem.js";
import type { RuleCheckContext } from "./check.js";
import { ruleChecks } from "./checks.js";
import { type RuleFile, rulesOf } from "./model.js";
import { type RuleSource, readRuleFile } from "./read.js";
import { defaultRuleSettings, type RuleSettings } from "./settings.js";
import { silence } from "./silence.js";
import type { Surroundings } from "./surroundings.js";

/** Rules to be judged, and how. */
export interface ValidateRulesRequest {
  sources: readonly RuleSource[];
  /** Folder that relative paths in annotations may begin at, absolute. */
  root: string;
  /** Whether a check is wanted, by its id. Default: all are. */
  wants?: (id: string) => boolean;
  /** Default: those of the surroundings, else what holds for everybody. */
  settings?: RuleSettings | undefined;
  /** Which series there are, for the rules of a project. */
  series?: SeriesWorld | undefined;
  /** What else is known of the project's stack. */
  surroundings?: Surroundings | undefined;
  /** Replaced in tests. */
  exists?: (path: string) => boolean;
}

/** What the checks of obs found. */
export interface RuleVerdict {
  /** Sorted; what comments silence is left out. */
  problems: Problem[];
  files: readonly RuleFile[];
  /** How many rules there are. */
  rules: number;
}

/** Reads rule files and has every wanted check judge them. Starts no program, reads nothing but what annotations name. */
export function validateRules({
  sources,
  root,
  wants = () => true,
  series,
  surroundings,
  settings = surroundings?.settings ?? defaultRuleSettings,
  exists = existsSync,
}: ValidateRulesRequest): RuleVerdict {
  const files = sources.map(readRuleFile);
  const context: RuleCheckContext = {
    files,
    settings,
    root,
    exists,
    ...(series && { series }),
    ...(surroundings && { surroundings }),
  };
  const found = ruleChecks.filter(({ id }) => wants(id)).flatMap((check) => check.run(context));
  const problems = once(found);
  return {
    problems: sortProblems(silence(problems, files, wants)),
    files,
    rules: rulesOf(files).length,
  };
}

/** What is anchored once and used often is at fault in one place only. */
function once(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ id, place, what }) => {
    const key = `${id}\n${place?.file}\n${place?.line}\n${place?.column}\n${what}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
