import { atKey, type Check } from "../check.js";
import { isJson, type Json, mappings, panelsOf, textAt } from "../dashboards/dashboard.js";
import { provisionedTypes } from "../dashboards/queries.js";
import type { Problem } from "../problem.js";

/** A panel or query that takes a data source for another kind than it is asks in the wrong language. */
export const dashboardDataSource: Check = {
  id: "dashboard-data-source",
  run(context) {
    const { stack, facts } = context.input;
    const types = provisionedTypes(facts.traces.backend);
    const mismatch = (of: string, source: unknown, keyPath: string): Problem[] => {
      if (!isJson(source)) return [];
      const [uid, type] = [textAt(source, "uid"), textAt(source, "type")];
      const real = types.get(uid);
      // Dashboards are the same whichever store keeps the traces.
      if (!real || type === "" || type === real || uid === "traces") return [];
      return [
        {
          id: "dashboard-data-source",
          severity: "error",
          what: `${of} takes the data source "${uid}" for ${type}, but it is ${real}.`,
          why: "Its query is in the language of the one, and is sent to the other.",
          next: `Give { type: "${real}", uid: "${uid}" }, or the uid of the ${type} data source.`,
          place: atKey(context, keyPath),
        },
      ];
    };
    return stack.dashboards.flatMap((dashboard) =>
      panelsOf(dashboard).flatMap(({ panel, title, keyPath }) => [
        ...mismatch(`Panel "${title}"`, panel.datasource, `${keyPath}.datasource`),
        ...mappings(panel.targets).flatMap((target, at) =>
          mismatch(
            `Query ${textAt(target, "refId") || at + 1} of panel "${title}"`,
            target.datasource,
            `${keyPath}.targets[${refOf(target, at)}].datasource`,
          ),
        ),
      ]),
    );
  },
};

function refOf(target: Json, at: number): string {
  const refId = textAt(target, "refId");
  return refId === "" ? String(at) : JSON.stringify(refId);
}
