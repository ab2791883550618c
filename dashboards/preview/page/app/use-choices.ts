import type { TimeRange } from "@grafana/data";
import { useEffect, useRef, useState } from "react";
import type { PreviewDataSource } from "../../api.js";
import type { VariableModel } from "../data/model.js";
import { wasTakenBack } from "../data/request.js";
import { type Choices, choose, type Wanted } from "../data/variables.js";

const noModels: readonly VariableModel[] = [];

/**
 * Keeps the choices of a dashboard's variables: asked for again when the time, the address or the definition changes.
 * Undefined until they are there first; the same object as long as nothing in them changes.
 */
export function useChoices(
  models: readonly VariableModel[] = noModels,
  wanted: Wanted,
  range: TimeRange,
  sources: readonly PreviewDataSource[],
): Choices | undefined {
  const [choices, setChoices] = useState<{ of: readonly VariableModel[]; choices: Choices }>();
  const last = useRef("");
  const wantedText = JSON.stringify(wanted);
  useEffect(() => {
    const stop = new AbortController();
    const [from, to] = [range.from.valueOf(), range.to.valueOf()];
    choose(models, JSON.parse(wantedText) as Wanted, { from, to, sources, signal: stop.signal }).then(
      (made) => {
        const text = JSON.stringify([...made]);
        setChoices((before) =>
          before?.of === models && text === last.current ? before : { of: models, choices: made },
        );
        last.current = text;
      },
      (error) => {
        if (!wasTakenBack(error)) throw error;
      },
    );
    return () => stop.abort();
  }, [models, wantedText, range, sources]);
  return choices?.of === models ? choices.choices : undefined;
}
