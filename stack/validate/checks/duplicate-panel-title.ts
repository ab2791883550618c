import { atKey, type Check } from "../check.js";
import { dashboardPath, panelsOf } from "../dashboards/dashboard.js";
import { repeated } from "../repeated.js";

/** Two panels of one title can't be told apart: in messages, in links, by people on the phone. */
export const duplicatePanelTitle: Check = {
  id: "duplicate-panel-title",
  run(context) {
    return context.input.stack.dashboards.flatMap((dashboard) => {
      const titles = panelsOf(dashboard).flatMap(({ title }) => (title === "" ? [] : [title]));
      return repeated(titles).map(({ value, at }) => ({
        id: "duplicate-panel-title",
        severity: "warning" as const,
        what: `${at.length} panels of dashboard "${dashboard.title}" are called "${value}".`,
        why: "People, links and messages of obs name a panel by its title.",
        next: "Say in each title what tells it from the other.",
        place: atKey(context, `${dashboardPath(dashboard)}.panels[${JSON.stringify(value)}]`),
      }));
    });
  },
};
