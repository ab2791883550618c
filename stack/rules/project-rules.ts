import { join } from "node:path";
import type { RenderContext } from "../services/service.js";
import type { RuleSource } from "./read.js";

/** The rule files of a definition, to be read as rules. `root`: the project's folder. */
export function ruleSources(root: string, ruleFiles: RenderContext["ruleFiles"]): RuleSource[] {
  return ruleFiles.map(({ source, text, pack }) => ({
    path: source,
    absolutePath: join(root, source),
    text,
    ...(pack && { typed: true }),
  }));
}
