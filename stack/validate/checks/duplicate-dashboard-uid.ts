import { atKey, type Check } from "../check.js";
import type { Problem } from "../problem.js";
import { repeated } from "../repeated.js";

/** Grafana keeps one dashboard per UID: the second would silently replace the first. */
export const duplicateDashboardUid: Check = {
  id: "duplicate-dashboard-uid",
  run(context) {
    const { dashboards } = context.input.stack;
    // Files are named after the UID, and some file systems don't tell upper from lower case.
    return repeated(dashboards.map(({ uid }) => uid.toLowerCase())).flatMap(({ at: [first, ...others] }) =>
      others.map(
        (at): Problem => ({
          id: "duplicate-dashboard-uid",
          severity: "error",
          what: `The dashboards "${dashboards[first!]!.title}" and "${dashboards[at]!.title}" have the same UID "${dashboards[at]!.uid}".`,
          next: "Give one of them another UID.",
          place: atKey(context, `dashboards[${at}].uid`),
        }),
      ),
    );
  },
};
