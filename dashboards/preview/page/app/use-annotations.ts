import type { DataFrame, TimeRange } from "@grafana/data";
import { useEffect, useState } from "react";
import type { PreviewDataSource } from "../../api.js";
import { annotationFrame } from "../data/annotations.js";
import type { AnnotationModel } from "../data/model.js";
import type { Choices } from "../data/variables.js";

const none: readonly DataFrame[] = [];

/** The marks of a dashboard's annotations. One that can't be asked for marks nothing: the panels still have their data. */
export function useAnnotations(
  annotations: readonly AnnotationModel[] | undefined,
  choices: Choices | undefined,
  range: TimeRange,
  sources: readonly PreviewDataSource[],
): readonly DataFrame[] {
  const [frames, setFrames] = useState<readonly DataFrame[]>(none);
  useEffect(() => {
    if (!annotations || !choices) return;
    const stop = new AbortController();
    const context = {
      from: range.from.valueOf(),
      to: range.to.valueOf(),
      variables: choices,
      sources,
      signal: stop.signal,
    };
    Promise.all(annotations.map((each) => annotationFrame(each, context).catch(() => undefined))).then(
      (made) => {
        if (stop.signal.aborted) return;
        const some = made.filter((each): each is DataFrame => each !== undefined && each.length > 0);
        setFrames((before) => (some.length === 0 && before.length === 0 ? before : some));
      },
    );
    return () => stop.abort();
  }, [annotations, choices, range, sources]);
  return frames;
}
