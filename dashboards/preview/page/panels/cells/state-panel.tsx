import { type Field, FieldType, formattedValueToString, getFieldDisplayName } from "@grafana/data";
import type { VizLegendOptions } from "@grafana/schema";
import { VizLayout, VizLegend } from "@grafana/ui";
import { useMemo } from "react";
import { Note } from "../note.js";
import type { PanelBodyProps } from "../panel.js";
import { optionsOf } from "../panel-defaults.js";
import { CellRows, type DrawnCell } from "./cell-rows.js";
import { stretches } from "./cells.js";

interface StateOptions {
  mergeValues: boolean;
  rowHeight: number;
  colWidth: number;
  showValue: "auto" | "always" | "never";
  legend: VizLegendOptions;
}

/** More rows than this can't be told apart. */
const mostRows = 100;

/** What state each of several things was in when: neighbours that are alike joined, or a cell for each sample. Drawn by us. */
export function StatePanel({ panel, data, width, height, timeRange, timeZone }: PanelBodyProps) {
  const options = useMemo(() => optionsOf<StateOptions>(panel), [panel]);
  const joined = panel.type === "state-timeline" && options.mergeValues;
  const rows = useMemo(
    () =>
      data.series
        .flatMap((frame) => {
          const time = frame.fields.find(({ type }) => type === FieldType.time);
          const states = frame.fields.filter(
            (field) => field !== time && !field.config.custom?.hideFrom?.viz,
          );
          return states.map((field) => ({
            name: getFieldDisplayName(field, frame, data.series),
            cells: time === undefined ? [] : cellsOf(time, field, joined),
          }));
        })
        .slice(0, mostRows),
    [data.series, joined],
  );
  if (!rows.some(({ cells }) => cells.length > 0)) return <Note>No data</Note>;
  const colors = new Map(
    rows.flatMap(({ cells }) => cells.map(({ value, color }) => [value, color] as const)),
  );
  const { legend } = options;
  return (
    <VizLayout
      width={width}
      height={height}
      legend={
        legend.showLegend ? (
          <VizLayout.Legend placement={legend.placement}>
            <VizLegend
              items={[...colors].slice(0, 20).map(([label, color]) => ({ label, color, yAxis: 1 }))}
              placement={legend.placement}
              displayMode={legend.displayMode}
              readonly
            />
          </VizLayout.Legend>
        ) : null
      }
    >
      {(width, height) => (
        <CellRows
          rows={rows}
          timeRange={timeRange}
          timeZone={timeZone}
          width={width}
          height={height}
          rowHeight={options.rowHeight}
          cellWidth={joined ? 1 : options.colWidth}
          showValue={options.showValue}
          opacity={(panel.fieldConfig?.defaults?.custom?.fillOpacity ?? 70) / 100}
        />
      )}
    </VizLayout>
  );
}

function cellsOf(time: Field, field: Field, joined: boolean): DrawnCell[] {
  const states = field.values.map((value) => {
    if (value === null || value === undefined) return undefined;
    const shown = field.display?.(value);
    return { text: shown ? formattedValueToString(shown) : String(value), color: shown?.color ?? "#808080" };
  });
  const step = time.config.interval ?? 60_000;
  return stretches(time.values, states, step, (one, other) => joined && one.text === other.text).map(
    ({ from, to, value }) => ({ from, to, value: value.text, color: value.color }),
  );
}
