import { isSloPack } from "../slo/define-slo.js";
import type { Problem } from "../validate/problem.js";
import type { RulePack } from "./define-rules.js";

/** What is wrong with the options of packs, at their keys in the definition, by the check that tells of it. */
export function packFaults(packs: readonly RulePack[], definitionFile: string): Problem[] {
  return packs.flatMap((pack) =>
    (pack.faults ?? []).map(
      ({ key, ...fault }): Problem => ({
        id: isSloPack(pack) ? "slo" : "pack-option",
        ...fault,
        place: { file: definitionFile, keyPath: `alerting.packs.${pack.name}.${key}` },
      }),
    ),
  );
}
