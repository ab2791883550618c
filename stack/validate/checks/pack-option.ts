import { packFaults } from "../../alerting/pack-faults.js";
import { isSloPack } from "../../slo/define-slo.js";
import type { Check } from "../check.js";

/** Options of packs make sense: a share is one, a window is a time. SLOs have a check of their own. */
export const packOption: Check = {
  id: "pack-option",
  run: ({ input, definitionFile }) =>
    packFaults(
      input.stack.alerting.packs.filter((pack) => !isSloPack(pack)),
      definitionFile,
    ),
};
