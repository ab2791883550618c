import {
  type Field,
  formattedValueToString,
  getFieldDisplayName,
  getFieldSeriesColor,
  VizOrientation,
} from "@grafana/data";
import type { VizLegendOptions, VizTooltipOptions } from "@grafana/schema";
import {
  measureText,
  useTheme2,
  VizLayout,
  VizLegend,
  VizTooltipColorIndicator,
  VizTooltipContent,
  VizTooltipHeader,
} from "@grafana/ui";
import { useMemo, useState } from "react";
import { Hint, type HintPosition, hintPosition } from "../hint.js";
import { Note } from "../note.js";
import type { PanelBodyProps } from "../panel.js";
import { optionsOf } from "../panel-defaults.js";
import { modeOf, toggled } from "../toggled.js";
import { type Bar, barLayout, rounded, type Stacking, ticks } from "./bar-layout.js";
import { barSeries } from "./bar-series.js";

interface BarChartOptions {
  orientation: VizOrientation;
  xField?: string;
  stacking: Stacking;
  showValue: "auto" | "always" | "never";
  groupWidth: number;
  barWidth: number;
  barRadius: number;
  legend: VizLegendOptions;
  tooltip: VizTooltipOptions;
}

const fontSize = 12;

/** Bars by category, drawn by us. */
export function BarChartPanel({ panel, data, width, height }: PanelBodyProps) {
  const theme = useTheme2();
  const options = useMemo(() => optionsOf<BarChartOptions>(panel), [panel]);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const read = useMemo(() => barSeries(data.series, options.xField), [data.series, options.xField]);
  if (read === undefined) return <Note>No data</Note>;
  const named = read.series.map((field) => ({
    field,
    name: getFieldDisplayName(field, undefined, data.series),
    color: getFieldSeriesColor(field, theme).color,
  }));
  const legend = options.legend.showLegend ? (
    <VizLayout.Legend placement={options.legend.placement} width={options.legend.width}>
      <VizLegend
        items={named.map(({ name, color }) => ({ label: name, color, yAxis: 1, disabled: hidden.has(name) }))}
        placement={options.legend.placement}
        displayMode={options.legend.displayMode}
        onLabelClick={({ label }, event) => {
          const names = named.map(({ name }) => name);
          setHidden((before) => toggled(names, before, label, modeOf(event)));
        }}
      />
    </VizLayout.Legend>
  ) : null;
  return (
    <VizLayout width={width} height={height} legend={legend}>
      {(width, height) => (
        <Bars
          series={named.filter(({ name }) => !hidden.has(name))}
          categories={read.categories}
          options={options}
          width={width}
          height={height}
        />
      )}
    </VizLayout>
  );
}

interface BarsProps {
  series: { field: Field; name: string; color: string }[];
  categories: string[];
  options: BarChartOptions;
  width: number;
  height: number;
}

function Bars({ series, categories, options, width, height }: BarsProps) {
  const theme = useTheme2();
  const [hint, setHint] = useState<{ at: HintPosition; bar: Bar }>();
  const lying =
    options.orientation === VizOrientation.Horizontal ||
    (options.orientation === VizOrientation.Auto && width < height);
  const values = series.map(({ field }) => field.values.slice(0, categories.length));
  const { bars, ...bounds } = barLayout(values, options.stacking, options);
  const wanted = Math.max(2, (lying ? width : height) / (lying ? 100 : 50));
  const { min, max } = rounded(bounds.min, bounds.max, wanted);
  const write = (value: number, field = series[0]?.field) =>
    options.stacking === "percent"
      ? `${Math.round(value * 100)}%`
      : field?.display
        ? formattedValueToString(field.display(value))
        : String(value);
  const marks = ticks(min, max, wanted);
  const textWidth = (text: string) => measureText(text, fontSize).width;
  const valueRoom = Math.max(0, ...marks.map((mark) => textWidth(write(mark)))) + 8;
  const nameRoom = Math.min(width / 3, Math.max(0, ...categories.map(textWidth)) + 8);
  const top = lying || options.stacking !== "none" ? 4 : 4 + fontSize;
  const left = lying ? nameRoom : valueRoom;
  const area = {
    width: Math.max(1, width - left - (lying ? 20 : 8)),
    height: Math.max(1, height - 20 - top),
  };
  const along = (value: number) => {
    const share = (value - min) / (max - min);
    return lying ? left + share * area.width : top + (1 - share) * area.height;
  };
  const across = (share: number) => (lying ? top + share * area.height : left + share * area.width);
  const every = Math.ceil(
    categories.length / Math.max(1, (lying ? area.height : area.width) / (lying ? 16 : 70)),
  );
  const nameWidth = lying ? nameRoom - 8 : (area.width / categories.length) * every - 6;
  const listed =
    hint === undefined
      ? []
      : bars.filter(
          ({ category, series }) =>
            category === hint.bar.category &&
            (options.tooltip.mode === "multi" || series === hint.bar.series),
        );
  return (
    <>
      <svg width={width} height={height} role="img" aria-label={series.map(({ name }) => name).join(", ")}>
        {marks.map((mark) => (
          <g key={mark}>
            <line
              {...(lying
                ? { x1: along(mark), x2: along(mark), y1: top, y2: top + area.height }
                : { x1: left, x2: left + area.width, y1: along(mark), y2: along(mark) })}
              stroke={theme.isDark ? "rgba(240,250,255,.09)" : "rgba(0,10,23,.09)"}
            />
            <text
              {...(lying
                ? { x: along(mark), y: height - 4, textAnchor: "middle" }
                : { x: left - 6, y: along(mark) + 4, textAnchor: "end" })}
              fontSize={fontSize}
              fill={theme.colors.text.primary}
            >
              {write(mark)}
            </text>
          </g>
        ))}
        {categories.map((category, index) =>
          index % every === 0 ? (
            <text
              // biome-ignore lint/suspicious/noArrayIndexKey: categories may share a name
              key={index}
              {...(lying
                ? { x: left - 6, y: across((index + 0.5) / categories.length) + 4, textAnchor: "end" }
                : { x: across((index + 0.5) / categories.length), y: height - 4, textAnchor: "middle" })}
              fontSize={fontSize}
              fill={theme.colors.text.primary}
            >
              {shortened(category, nameWidth)}
            </text>
          ) : null,
        )}
        {bars.map((bar) => {
          const { field, color } = series[bar.series]!;
          const custom = field.config.custom ?? {};
          const [low, high] = [along(bar.from), along(bar.to)].sort((a, b) => a - b) as [number, number];
          const side = across(bar.start);
          const size = (lying ? area.height : area.width) * bar.size;
          const box = lying
            ? { x: low, y: side, width: high - low, height: size }
            : { x: side, y: low, width: size, height: high - low };
          const text = write(options.stacking === "percent" ? bar.to - bar.from : bar.value, field);
          const fits = lying ? size >= 10 : textWidth(text) <= size + 4;
          const show = options.showValue === "always" || (options.showValue === "auto" && fits);
          const inside = options.stacking !== "none";
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the values stand beside their bars too
            <g
              key={`${bar.series}-${bar.category}`}
              onMouseMove={(event) => setHint({ at: hintPosition(event), bar })}
              onMouseLeave={() => setHint(undefined)}
            >
              <rect
                {...box}
                rx={options.barRadius * Math.min(box.width, box.height)}
                fill={color}
                fillOpacity={(custom.fillOpacity ?? 80) / 100}
                stroke={color}
                strokeWidth={custom.lineWidth ?? 1}
              />
              {show && (
                <text
                  {...(lying
                    ? {
                        x: inside ? (low + high) / 2 : high + 4,
                        y: side + size / 2 + 4,
                        textAnchor: inside ? "middle" : "start",
                      }
                    : {
                        x: side + size / 2,
                        y: inside ? (low + high) / 2 + 4 : Math.max(fontSize, low - 4),
                        textAnchor: "middle",
                      })}
                  fontSize={fontSize}
                  fill={theme.colors.text.primary}
                  pointerEvents="none"
                >
                  {text}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      {hint && options.tooltip.mode !== "none" && (
        <Hint at={hint.at}>
          <VizTooltipHeader item={{ label: "", value: categories[hint.bar.category] ?? "" }} />
          <VizTooltipContent
            items={listed.map((bar) => ({
              label: series[bar.series]?.name ?? "",
              value: write(
                options.stacking === "percent" ? bar.to - bar.from : bar.value,
                series[bar.series]?.field,
              ),
              color: series[bar.series]?.color,
              colorIndicator: VizTooltipColorIndicator.value,
              isActive: bar.series === hint.bar.series,
            }))}
          />
        </Hint>
      )}
    </>
  );
}

/** Cut so that it is no wider than a room (CSS pixels). */
function shortened(text: string, room: number): string {
  const width = measureText(text, fontSize).width;
  if (width <= room) return text;
  return `${text.slice(0, Math.max(1, Math.floor((text.length * room) / width) - 1))}…`;
}
