import type { DataFrame, TimeRange } from "@grafana/data";
import { useEffect, useRef, useState } from "react";
import type { Scoped } from "../data/interpolate.js";
import type { PanelJson } from "../data/model.js";
import { inWords, type QueryError, runQueries, type SentQuery } from "../data/queries.js";
import { wasTakenBack } from "../data/request.js";
import { transformed, unknownTransformations } from "../data/transform.js";
import { useDashboardContext } from "./dashboard-context.js";
import { ownRange } from "./time.js";

/** What a panel has to show. */
export interface PanelAnswer {
  /** After the panel's transformations. */
  frames: DataFrame[];
  exemplars: DataFrame[];
  sent: SentQuery[];
  errors: QueryError[];
  /** What of it is not as Grafana would have it. */
  notices: string[];
  /** The range that was asked for, which the axis of time shows until there is a newer answer. */
  range: TimeRange;
}

/** More lines than this nobody can read, and no browser draws them in time. */
const mostSeries = 500;

/**
 * Asks a panel's queries while it is in sight, again whenever what they depend on changes. The last answer stays until the
 * next is there.
 */
export function usePanelData(
  panel: PanelJson,
  scoped: Scoped,
  width: number,
  inSight: boolean,
): { answer?: PanelAnswer; loading: boolean } {
  const { choices, range, timeZone, sources, panels, replacing } = useDashboardContext();
  const [answer, setAnswer] = useState<PanelAnswer>();
  const [loading, setLoading] = useState(false);
  const answered = useRef<readonly unknown[]>(undefined);
  // What only says how to ask, and is no reason to ask again.
  const manner = useRef({ width, panels, replacing });
  manner.current = { width, panels, replacing };
  const scopedText = JSON.stringify(scoped);
  const isMeasured = width > 0;
  useEffect(() => {
    const about = [panel, choices, scopedText, range, sources, timeZone];
    if (!inSight || !isMeasured || isSame(about, answered.current)) return;
    const stop = new AbortController();
    const asked = ownRange(range, panel, timeZone);
    const own = JSON.parse(scopedText) as Scoped;
    const { width: pixels, panels: others, replacing: replacingNow } = manner.current;
    setLoading(true);
    ask().then(
      (made) => {
        if (stop.signal.aborted) return;
        answered.current = about;
        setAnswer(made);
        setLoading(false);
      },
      (error) => {
        if (stop.signal.aborted || wasTakenBack(error)) return;
        answered.current = about;
        const errors = [{ refId: "", ...inWords(error) }];
        setAnswer({ frames: [], exemplars: [], sent: [], notices: [], errors, range: asked });
        setLoading(false);
      },
    );
    return () => stop.abort();

    async function ask(): Promise<PanelAnswer> {
      const { frames, annotations, sent, errors } = await runQueries(panel, {
        from: asked.from.valueOf(),
        to: asked.to.valueOf(),
        width: pixels,
        variables: choices,
        scoped: own,
        sources,
        panels: others,
        signal: stop.signal,
      });
      const kept = frames.slice(0, mostSeries);
      const notices = unknownTransformations(panel.transformations).map(
        (id) => `The transformation "${id}" is left out: only Grafana itself has it.`,
      );
      if (kept.length < frames.length)
        notices.push(
          `${mostSeries} of ${frames.length.toLocaleString("en")} series are drawn: nobody can read more.`,
        );
      return {
        frames: await transformed(kept, panel.transformations, replacingNow(own)),
        exemplars: annotations,
        sent,
        errors,
        notices,
        range: asked,
      };
    }
  }, [panel, choices, scopedText, range, sources, timeZone, inSight, isMeasured]);
  return { answer, loading };
}

function isSame(one: readonly unknown[], other: readonly unknown[] | undefined): boolean {
  return other !== undefined && one.every((each, at) => Object.is(each, other[at]));
}
