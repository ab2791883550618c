import type { TimeRange, TimeZone } from "@grafana/data";
import { useCallback, useEffect, useMemo, useState } from "react";
import { milliseconds } from "../data/step.js";
import { rangeOf } from "./time.js";

/** The range of time that is looked at now, and how to look again. */
export interface Clock {
  range: TimeRange;
  /** Looks again: what is relative to now moves on, and all panels ask anew. */
  refresh(): void;
}

/** Moves on every `every` (`30s`; empty: never). Nobody looks at a hidden page, so it waits until somebody does. */
export function useClock(from: string, to: string, every: string, timeZone: TimeZone): Clock {
  const [tick, setTick] = useState(0);
  const refresh = useCallback(() => setTick((last) => last + 1), []);
  useEffect(() => {
    const length = milliseconds(every);
    if (!length) return;
    const timer = setInterval(() => {
      if (!document.hidden) refresh();
    }, length);
    return () => clearInterval(timer);
  }, [every, refresh]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a tick is what makes "now" another time
  const range = useMemo(() => rangeOf(from, to, timeZone), [from, to, timeZone, tick]);
  return useMemo(() => ({ range, refresh }), [range, refresh]);
}
