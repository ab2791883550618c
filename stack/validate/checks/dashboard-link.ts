import { atKey, type Check, type CheckContext } from "../check.js";
import { dashboardPath, isJson, type Json, mappings, panelsOf, textAt } from "../dashboards/dashboard.js";
import type { Problem } from "../problem.js";
import { didYouMean } from "../suggest.js";

/** A link to a dashboard that doesn't exist leads to "Dashboard not found". */
export const dashboardLink: Check = {
  id: "dashboard-link",
  run(context) {
    return context.input.stack.dashboards.flatMap((dashboard) => {
      const path = dashboardPath(dashboard);
      return [
        ...mappings(dashboard.links).flatMap((link, at) =>
          judged(context, link, `Dashboard "${dashboard.title}"`, `${path}.links[${nameOf(link, at)}]`),
        ),
        ...panelsOf(dashboard).flatMap(({ panel, title, keyPath }) =>
          [
            ...mappings(panel.links).map((link, at) => ({ link, at, key: "links" })),
            ...dataLinks(panel).map((link, at) => ({ link, at, key: "dataLinks" })),
          ].flatMap(({ link, at, key }) =>
            judged(context, link, `Panel "${title}"`, `${keyPath}.${key}[${nameOf(link, at)}]`),
          ),
        ),
      ];
    });
  },
};

function judged(context: CheckContext, link: Json, of: string, keyPath: string): Problem[] {
  const { dashboards } = context.input.stack;
  if (textAt(link, "type") === "dashboards") {
    const tags = Array.isArray(link.tags) ? link.tags : [];
    const hit = dashboards.some(
      ({ tags: own }) => Array.isArray(own) && tags.every((tag) => own.includes(tag)),
    );
    if (hit || tags.length === 0) return [];
    return [
      {
        id: "dashboard-link",
        severity: "warning",
        what: `${of} links to dashboards tagged ${tags.join(", ")}; there are none.`,
        next: "Tag the dashboards that are meant, or take the link out.",
        place: atKey(context, `${keyPath}.tags`),
      },
    ];
  }
  // Grafana's own address of a dashboard: /d/<uid>/<anything>, perhaps below a path that it is served from.
  const uid = /^(?:\/|\.\.?\/)*(?:[\w-]+\/)*d\/([\w-]+)/.exec(textAt(link, "url"))?.[1];
  const uids = dashboards.map((each) => each.uid);
  if (uid === undefined || uids.includes(uid)) return [];
  const meant = didYouMean(uid, uids);
  return [
    {
      id: "dashboard-link",
      severity: "error",
      what: `${of} links to the dashboard "${uid}", which this stack does not have.`,
      next: meant ? `Did you mean "${meant}"?` : `Dashboards: ${uids.join(", ")}.`,
      place: atKey(context, `${keyPath}.url`),
    },
  ];
}

/** Links on the values of a panel: by default, and of overrides. */
function dataLinks({ fieldConfig }: Json): Json[] {
  if (!isJson(fieldConfig)) return [];
  const defaults = isJson(fieldConfig.defaults) ? mappings(fieldConfig.defaults.links) : [];
  const overrides = mappings(fieldConfig.overrides)
    .flatMap(({ properties }) => mappings(properties))
    .flatMap(({ id, value }) => (id === "links" ? mappings(value) : []));
  return [...defaults, ...overrides];
}

function nameOf(link: Json, at: number): string {
  const title = textAt(link, "title");
  return title === "" ? String(at) : JSON.stringify(title);
}
