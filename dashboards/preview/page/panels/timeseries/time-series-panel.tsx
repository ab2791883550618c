import {
  compareArrayValues,
  compareDataFrameStructures,
  DashboardCursorSync,
  type DataFrame,
} from "@grafana/data";
import { TooltipDisplayMode, type VizLegendOptions, type VizTooltipOptions } from "@grafana/schema";
import { PanelContextProvider, TimeSeries, TooltipPlugin2, usePanelContext } from "@grafana/ui";
import { useMemo, useRef, useState } from "react";
import { Note } from "../note.js";
import type { PanelBodyProps } from "../panel.js";
import { optionsOf } from "../panel-defaults.js";
import { toggled } from "../toggled.js";
import { aligned } from "./aligned.js";
import { Annotations } from "./annotations.js";
import { annotationsOf, exemplarsOf } from "./events.js";
import { Exemplars } from "./exemplars.js";
import { graphable } from "./graphable.js";
import { SeriesTooltip } from "./series-tooltip.js";
import { seriesNames, withHidden } from "./visibility.js";

interface TimeSeriesOptions {
  legend: VizLegendOptions;
  tooltip: VizTooltipOptions;
  timezone?: string[];
}

/** `hoverMode` of the tooltip's plugin, whose enumeration is not published: the nearest series, or all of them. */
const oneSeries = 0;
const allSeries = 1;

/** Height that the note about series left out takes (CSS pixels). */
const noteHeight = 22;

/** Lines, bars and points over time. */
export function TimeSeriesPanel(props: PanelBodyProps) {
  const { panel, data, width, timeRange, timeZone, cursorSync, onOpenTrace } = props;
  const { legend, tooltip, timezone } = useMemo(() => optionsOf<TimeSeriesOptions>(panel), [panel]);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const { frames: visible, drawn, total, why } = useMemo(() => graphable(data.series), [data.series]);
  const frames = useMemo(() => withHidden(visible, hidden), [visible, hidden]);
  const structureRev = useStructureRev(frames);
  const annotations = useMemo(() => annotationsOf(data.annotations ?? []), [data.annotations]);
  const exemplars = useMemo(
    () => exemplarsOf([...data.series, ...(data.annotations ?? [])]),
    [data.series, data.annotations],
  );
  const context = usePanelContext();
  const panelContext = useMemo(
    () => ({
      ...context,
      onToggleSeriesVisibility: (label: string | string[] | null, mode: string) =>
        setHidden((before) => toggled(seriesNames(visible), before, label, mode)),
    }),
    [context, visible],
  );
  if (frames.length === 0) return <Note>{why ?? "No data"}</Note>;
  const height = props.height - (drawn < total ? noteHeight : 0);
  return (
    <PanelContextProvider value={panelContext}>
      <TimeSeries
        frames={frames}
        structureRev={structureRev}
        width={width}
        height={height}
        timeRange={timeRange}
        timeZone={timezone?.length ? timezone : timeZone}
        legend={legend}
        options={panel.options}
        preparePlotFrame={aligned}
      >
        {(config, frame) => (
          <>
            <TooltipPlugin2
              config={config}
              hoverMode={tooltip.mode === TooltipDisplayMode.Multi ? allSeries : oneSeries}
              queryZoom={props.onChangeTimeRange}
              clientZoom={true}
              syncMode={cursorSync}
              syncScope={context.eventsScope}
              maxWidth={tooltip.maxWidth}
              render={(_plot, rows, nearest, pinned, _dismiss, _range, viaSync) => {
                const mode = viaSync ? TooltipDisplayMode.Multi : tooltip.mode;
                if (tooltip.mode === TooltipDisplayMode.None) return null;
                if (viaSync && cursorSync !== DashboardCursorSync.Tooltip) return null;
                const shown = { frame, rows, nearest, options: tooltip, mode, pinned };
                return <SeriesTooltip {...shown} />;
              }}
            />
            <Annotations config={config} annotations={annotations} timeZone={timeZone} />
            <Exemplars
              config={config}
              exemplars={exemplars}
              field={frames[0]?.fields[1]}
              timeZone={timeZone}
              onOpenTrace={onOpenTrace}
            />
          </>
        )}
      </TimeSeries>
      {drawn < total && (
        <Note height={noteHeight}>
          {drawn} of {total} series are drawn: narrow the query to see the others.
        </Note>
      )}
    </PanelContextProvider>
  );
}

/** Counts how often the shape of the frames changed: a plot is built anew only then, not with every new value. */
function useStructureRev(frames: DataFrame[]): number {
  const last = useRef({ frames, revision: 1 });
  if (!compareArrayValues(frames, last.current.frames, compareDataFrameStructures))
    last.current.revision += 1;
  last.current.frames = frames;
  return last.current.revision;
}
