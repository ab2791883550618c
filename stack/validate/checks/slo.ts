import { packFaults } from "../../alerting/pack-faults.js";
import { isSloPack } from "../../slo/define-slo.js";
import type { Check } from "../check.js";

/** Service level objectives can be met and measured. That metrics are kept as long as they look back is for the checks of rules. */
export const slo: Check = {
  id: "slo",
  run: ({ input, definitionFile }) =>
    packFaults(input.stack.alerting.packs.filter(isSloPack), definitionFile),
};
