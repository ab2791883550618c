import { ownReceivers } from "../../services/names.js";
import { atKey, type Check, type CheckContext } from "../check.js";
import type { Problem } from "../problem.js";

const id = "reserved-name";

/** Names that the stack itself uses in what it renders: the user's own of the same name would replace it or be refused. */
export const reservedName: Check = {
  id,
  run: (context) => [...receivers(context), ...exporters(context)],
};

function receivers(context: CheckContext): Problem[] {
  return Object.keys(context.input.stack.alerting.receivers)
    .filter((name) => Object.values<string>(ownReceivers).includes(name))
    .map((name) => problem(context, `The receiver "${name}"`, `alerting.receivers.${name}`));
}

/** Component ids are `kind/name`, so only an exporter of the same kind and name as one of the stack's own clashes. */
function exporters(context: CheckContext): Problem[] {
  return Object.entries(context.input.stack.collector.exporters)
    .filter(([name, exporter]) => {
      if (exporter.type !== "otlp") return false;
      return exporter.protocol === "http"
        ? ["prometheus", "loki"].includes(name)
        : ["tempo", "jaeger"].includes(name);
    })
    .map(([name]) => problem(context, `The exporter "${name}"`, `collector.exporters.${name}`));
}

function problem(context: CheckContext, who: string, keyPath: string): Problem {
  return {
    id,
    severity: "error",
    what: `${who} has a name that the stack uses itself.`,
    next: "Give it another name.",
    place: atKey(context, keyPath),
  };
}
