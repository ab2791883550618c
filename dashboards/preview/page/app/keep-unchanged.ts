import type { DashboardJson, PanelJson } from "../data/model.js";

/** The new dashboard, with those parts of the old one in it that are equal. */
export function keepUnchanged(now: DashboardJson, before: DashboardJson | undefined): DashboardJson {
  if (before === undefined) return now;
  const same = <Part>(one: Part, other: Part): Part =>
    JSON.stringify(one) === JSON.stringify(other) ? other : one;
  const all = (panels: readonly PanelJson[] = []): PanelJson[] =>
    panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  const known = new Map(all(before.panels).map((panel) => [panel.id, panel]));
  const keep = (panel: PanelJson): PanelJson => {
    const whole = panel.panels ? { ...panel, panels: panel.panels.map(keep) } : panel;
    const old = known.get(panel.id);
    return old ? same(whole, old) : whole;
  };
  return {
    ...now,
    ...(now.panels && { panels: now.panels.map(keep) }),
    templating: same(now.templating, before.templating),
    annotations: same(now.annotations, before.annotations),
    links: same(now.links, before.links),
    time: same(now.time, before.time),
  };
}
