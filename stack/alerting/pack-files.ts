import type { ProjectRuleFile } from "../services/service.js";
import { certificateRules } from "./certificate-rules.js";
import { type PackContext, packFile } from "./render-pack.js";

/** The rule files rendered from the packs of a definition; a pack of which this stack has use for nothing gives none. */
export function packRuleFiles(context: PackContext, others: readonly ProjectRuleFile[]): ProjectRuleFile[] {
  const taken = new Set(others.map(({ name }) => name));
  const certificate = certificateRules(context);
  const packs = [...context.stack.alerting.packs, ...(certificate ? [certificate] : [])];
  return packs.flatMap((pack): ProjectRuleFile[] => {
    const { name, text, rules } = packFile(pack, context);
    if (rules === 0) return [];
    // A file of the user may be called the same.
    return [
      { name: taken.has(name) ? `typed-${name}` : name, source: `alerting.packs.${pack.name}`, text, pack },
    ];
  });
}
