import { isSloPack, type SloPack } from "../../slo/define-slo.js";
import { atKey, type Check, type CheckContext } from "../check.js";
import type { Problem } from "../problem.js";

const id = "slo";

/** Service level objectives can be met and measured. That metrics are kept as long as they look back is for the checks of rules. */
export const slo: Check = {
  id,
  run: (context) =>
    context.input.stack.alerting.packs.filter(isSloPack).flatMap((pack) => faultsOf(pack, context)),
};

function faultsOf(pack: SloPack, context: CheckContext): Problem[] {
  return pack.faults.map(({ key, ...fault }) => ({
    id,
    ...fault,
    place: atKey(context, `alerting.packs.${pack.name}.${key}`),
  }));
}
