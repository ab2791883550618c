import { FieldType, formattedValueToString, getValueFormat } from "@grafana/data";
import { useTheme2 } from "@grafana/ui";
import { useMemo } from "react";
import { Note } from "../note.js";
import type { PanelBodyProps } from "../panel.js";
import { optionsOf } from "../panel-defaults.js";
import { CellRows } from "./cell-rows.js";
import { condensed, stretches } from "./cells.js";

interface HeatmapOptions {
  color: { fill: string; exponent: number };
  yAxis: { unit?: string; reverse?: boolean };
  filterValues: { le: number };
}

/** Width that a column of cells takes at least (CSS pixels). */
const leastColumn = 5;

/** How much fell into each of several buckets when, as shades of one colour. Drawn by us. */
export function HeatmapPanel({ panel, data, width, height, timeRange, timeZone }: PanelBodyProps) {
  const theme = useTheme2();
  const options = useMemo(() => optionsOf<HeatmapOptions>(panel), [panel]);
  const [frame] = data.series;
  const time = frame?.fields.find(({ type }) => type === FieldType.time);
  const buckets = frame?.fields.filter(({ type }) => type === FieldType.number) ?? [];
  if (time === undefined || buckets.length === 0)
    return (
      <Note>The data are no buckets over time: a heatmap is drawn of a query with the format "heatmap".</Note>
    );
  const counts = condensed(
    time.values,
    buckets.map(({ values }) => values),
    width / leastColumn,
  );
  const most = Math.max(...counts.rows.flat());
  const step = time.config.interval ?? 60_000;
  const fill = theme.visualization.getColorByName(options.color.fill);
  const shade = (count: number) =>
    `color-mix(in srgb, ${fill} ${Math.round(10 + 90 * (count / most) ** options.color.exponent)}%, ${theme.colors.background.primary})`;
  const rows = buckets.map((field, index) => ({
    name: boundOf(field.name, options.yAxis.unit),
    cells: stretches(
      counts.times,
      counts.rows[index]!.map((count) => (count > options.filterValues.le ? count : null)),
      step,
    ).map(({ from, to, value }) => ({
      from,
      to,
      value: field.display ? formattedValueToString(field.display(value)) : String(value),
      color: shade(value),
    })),
  }));
  return (
    <CellRows
      rows={options.yAxis.reverse ? rows : rows.reverse()}
      timeRange={timeRange}
      timeZone={timeZone}
      width={width}
      height={height}
      rowHeight={0.95}
      cellWidth={0.95}
    />
  );
}

/** The bound of a bucket in its unit; as it is named where that is no number. */
function boundOf(name: string, unit: string | undefined): string {
  const bound = Number(name);
  if (name === "+Inf") return "∞";
  return Number.isFinite(bound) ? formattedValueToString(getValueFormat(unit)(bound)) : name;
}
