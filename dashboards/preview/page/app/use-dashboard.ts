import { useEffect, useRef, useState } from "react";
import { type DashboardAnswer, dashboardsPath, type PreviewProblem } from "../../api.js";
import type { DashboardJson, PanelJson } from "../data/model.js";
import { inWords } from "../data/queries.js";
import { ask, wasTakenBack } from "../data/request.js";

/** A dashboard as it is now, or why there is none. */
export interface LoadedDashboard {
  dashboard?: DashboardJson;
  problems: readonly PreviewProblem[];
  error?: { message: string; next?: string };
}

/** Keeps a dashboard as the server has it: what a save didn't change stays the same object, so it isn't drawn again. */
export function useDashboard(uid: string | undefined, revision: number | undefined): LoadedDashboard {
  const [loaded, setLoaded] = useState<LoadedDashboard & { uid?: string }>({ problems: [] });
  const last = useRef<DashboardJson>(undefined);
  useEffect(() => {
    if (uid === undefined || revision === undefined) return;
    const stop = new AbortController();
    ask<DashboardAnswer>(`${dashboardsPath}/${encodeURIComponent(uid)}`, { signal: stop.signal }).then(
      ({ dashboard, problems }) => {
        const before = last.current?.uid === uid ? last.current : undefined;
        last.current = keepUnchanged(dashboard as unknown as DashboardJson, before);
        setLoaded({ uid, dashboard: last.current, problems });
      },
      (error) => {
        if (!wasTakenBack(error)) setLoaded({ uid, problems: [], error: inWords(error) });
      },
    );
    return () => stop.abort();
  }, [uid, revision]);
  return loaded.uid === uid ? loaded : { problems: [] };
}

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
