import { type FieldDisplay, formattedValueToString, type ReduceDataOptions } from "@grafana/data";
import type { VizLegendOptions, VizTooltipOptions } from "@grafana/schema";
import { useTheme2, VizLayout, VizTooltipColorIndicator, VizTooltipContent } from "@grafana/ui";
import { useMemo, useState } from "react";
import { Hint, type HintPosition, hintPosition } from "../hint.js";
import { Note } from "../note.js";
import type { PanelBodyProps } from "../panel.js";
import { optionsOf } from "../panel-defaults.js";
import { modeOf, toggled } from "../toggled.js";
import { onCircle, ringPath } from "./arc.js";
import { displayed } from "./displayed.js";
import { pieSlices, type Slice } from "./pie-slices.js";
import { valueDetail, valuesLegend } from "./values-legend.js";

interface PieOptions {
  reduceOptions: ReduceDataOptions;
  pieType: "pie" | "donut";
  sort: "asc" | "desc" | "none";
  displayLabels: ("name" | "value" | "percent")[];
  legend: VizLegendOptions & { values: ("value" | "percent")[] };
  tooltip: VizTooltipOptions;
}

const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;

/** Shares of a whole, drawn by us. */
export function PiePanel(props: PanelBodyProps) {
  const { panel, width, height } = props;
  const theme = useTheme2();
  const options = useMemo(() => optionsOf<PieOptions>(panel), [panel]);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const values = displayed(props, options.reduceOptions, theme).filter(
    ({ field }) => !field.custom?.hideFrom?.viz,
  );
  const names = values.map(({ display }) => display.title ?? "");
  const slices = pieSlices(
    values.filter(({ display }) => !hidden.has(display.title ?? "")),
    ({ display }) => display.numeric,
    options.sort,
  );
  const listed = [
    ...slices.map(({ item }) => item),
    ...values.filter((value) => slices.every(({ item }) => item !== value)),
  ];
  const legend = valuesLegend(options.legend, listed, {
    hidden,
    detail: (value) =>
      options.legend.values.map((wanted) => {
        if (wanted === "value") return valueDetail(value);
        const share = slices.find(({ item }) => item.display.title === value.display.title)?.share ?? 0;
        return { title: "Percent", text: percent(share), numeric: share };
      }),
    onClick: (name, event) => {
      setHidden((before) => toggled(names, before, name, modeOf(event)));
    },
  });
  if (!values.some(({ display }) => Number.isFinite(display.numeric))) return <Note>No data</Note>;
  return (
    <VizLayout width={width} height={height} legend={legend}>
      {(width, height) => <Pie slices={slices} options={options} width={width} height={height} />}
    </VizLayout>
  );
}

interface PieProps {
  slices: Slice<FieldDisplay>[];
  options: PieOptions;
  width: number;
  height: number;
}

function Pie({ slices, options, width, height }: PieProps) {
  const theme = useTheme2();
  const [hint, setHint] = useState<{ at: HintPosition; slice: Slice<FieldDisplay> }>();
  const outer = Math.max(0, Math.min(width, height) / 2 - 6);
  const inner = options.pieType === "donut" ? outer * 0.6 : 0;
  const listed = options.tooltip.mode === "multi" ? slices : hint ? [hint.slice] : [];
  return (
    <>
      <svg width={width} height={height} role="img" aria-label={slices.map(summary).join(", ")}>
        <g transform={`translate(${width / 2} ${height / 2})`}>
          {slices.length === 0 && (
            <path d={ringPath(inner, outer, 0, 1)} fill={theme.colors.background.secondary} />
          )}
          {slices.map((slice) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: the legend tells the same without a pointer
            <path
              key={`${slice.from}`}
              d={ringPath(inner, outer, slice.from, slice.to)}
              fill={slice.item.display.color}
              stroke={theme.colors.background.primary}
              opacity={hint && hint.slice.item !== slice.item ? 0.5 : 1}
              onMouseMove={(event) => setHint({ at: hintPosition(event), slice })}
              onMouseLeave={() => setHint(undefined)}
            />
          ))}
          {slices.map((slice) => {
            const { x, y } = onCircle((inner + outer) / (inner > 0 ? 2 : 1.6), (slice.from + slice.to) / 2);
            const lines = options.displayLabels.map((wanted) => labelOf(slice, wanted));
            if (slice.share < 0.04 || lines.length === 0) return null;
            return (
              <text
                key={`${slice.from}`}
                x={x}
                y={y - (lines.length - 1) * 7}
                fontSize={12}
                fill={theme.colors.getContrastText(slice.item.display.color ?? "#000000")}
                textAnchor="middle"
                pointerEvents="none"
              >
                {lines.map((line, index) => (
                  <tspan key={line} x={x} dy={index === 0 ? 4 : 14}>
                    {line}
                  </tspan>
                ))}
              </text>
            );
          })}
        </g>
      </svg>
      {hint && options.tooltip.mode !== "none" && (
        <Hint at={hint.at}>
          <VizTooltipContent
            items={listed.map((slice) => ({
              label: slice.item.display.title ?? "",
              value: `${formattedValueToString(slice.item.display)} (${percent(slice.share)})`,
              color: slice.item.display.color ?? "",
              colorIndicator: VizTooltipColorIndicator.value,
              isActive: slice.item === hint.slice.item,
            }))}
          />
        </Hint>
      )}
    </>
  );
}

const summary = ({ item, share }: Slice<FieldDisplay>) => `${item.display.title ?? ""} ${percent(share)}`;

function labelOf({ item, share }: Slice<FieldDisplay>, wanted: "name" | "value" | "percent"): string {
  if (wanted === "name") return item.display.title ?? "";
  return wanted === "value" ? formattedValueToString(item.display) : percent(share);
}
