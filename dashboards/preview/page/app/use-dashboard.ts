import { useEffect, useRef, useState } from "react";
import { type DashboardAnswer, dashboardsPath, type PreviewProblem } from "../../api.js";
import type { DashboardJson } from "../data/model.js";
import { inWords } from "../data/queries.js";
import { ask, wasTakenBack } from "../data/request.js";
import { keepUnchanged } from "./keep-unchanged.js";

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
        if (wasTakenBack(error)) return;
        // What is there stays, as it was.
        const dashboard = last.current?.uid === uid ? last.current : undefined;
        setLoaded({ uid, dashboard, problems: [], error: inWords(error) });
      },
    );
    return () => stop.abort();
  }, [uid, revision]);
  return loaded.uid === uid ? loaded : { problems: [] };
}
