import { defineRules } from "../alerting/define-rules.js";
import type { SloInput, SloPack } from "./define-slo.js";
import { sloFaults } from "./faults.js";
import { sloGroups } from "./rules.js";

/**
 * A service level objective as a pack of rules: records of its error ratio over every window, its error budget, and the
 * multi-window, multi-burn-rate alerts of the Google SRE workbook. Give it to `alerting.packs` of the definition. Never
 * throws: what is wrong with it is told by `obs validate`.
 */
export function slo(input: SloInput): SloPack {
  const faults = sloFaults(input);
  const usable = faults.every(({ severity }) => severity !== "error");
  const window = input.window ?? "30d";
  const pack = defineRules({
    name: packName(input),
    owner: input.owner,
    description: input.description,
    groups: usable ? sloGroups({ ...input, window }) : [],
  });
  return Object.assign(pack, { slo: { service: input.service, name: input.name, window }, faults });
}

/** `slo-<service>-<name>` in the letters that a pack's name may have. */
function packName({ service, name }: SloInput): string {
  const plain = `slo-${service}-${name}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return plain.slice(0, 61).replace(/-+$/, "");
}
