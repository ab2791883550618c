import {
  type FieldDisplay,
  formattedValueToString,
  type ReduceDataOptions,
  type VizOrientation,
} from "@grafana/data";
import { useTheme2, VizRepeater } from "@grafana/ui";
import { useMemo } from "react";
import type { PanelBodyProps } from "../panel.js";
import { optionsOf } from "../panel-defaults.js";
import { ringPath } from "./arc.js";
import { displayed } from "./displayed.js";
import { gaugeBands, gaugeEnd, gaugeStart, gaugeTurn } from "./gauge-scale.js";
import { Linked } from "./linked.js";

interface GaugeOptions {
  reduceOptions: ReduceDataOptions;
  orientation: VizOrientation;
  showThresholdLabels: boolean;
  showThresholdMarkers: boolean;
  minVizWidth: number;
  minVizHeight: number;
  text?: { titleSize?: number; valueSize?: number };
}

/** A dial for each value, drawn by us. */
export function GaugePanel(props: PanelBodyProps) {
  const { panel, data, width, height } = props;
  const theme = useTheme2();
  const options = useMemo(() => optionsOf<GaugeOptions>(panel), [panel]);
  return (
    <VizRepeater
      getValues={() => displayed(props, options.reduceOptions, theme)}
      width={width}
      height={height}
      source={data}
      itemSpacing={4}
      renderCounter={0}
      autoGrid
      minVizWidth={options.minVizWidth}
      minVizHeight={options.minVizHeight}
      orientation={options.orientation}
      renderValue={({ value, width, height, count }) => (
        <Linked value={value}>
          {({ openMenu }) => {
            const dial = (
              <Dial value={value} width={width} height={height} named={count > 1} options={options} />
            );
            return openMenu === undefined ? (
              dial
            ) : (
              <button type="button" onClick={openMenu} style={{ all: "unset", cursor: "pointer" }}>
                {dial}
              </button>
            );
          }}
        </Linked>
      )}
    />
  );
}

function Dial({
  value: { display, field },
  width,
  height,
  named,
  options,
}: {
  value: FieldDisplay;
  width: number;
  height: number;
  named: boolean;
  options: GaugeOptions;
}) {
  const theme = useTheme2();
  const min = field.min ?? 0;
  const max = field.max ?? 100;
  const titleSize = named ? (options.text?.titleSize ?? Math.min(16, Math.max(10, width / 12))) : 0;
  // Open at the bottom, a dial is as high as one and a half of its radius.
  const room = Math.max(0, Math.min(width / 2, (height - titleSize * 1.6) / 1.5) - 4);
  const top = Math.max(0, (height - room * 1.5 - titleSize * 1.6) / 2);
  const band = options.showThresholdMarkers ? Math.max(2, room * 0.06) : 0;
  const outer = room - band - (band > 0 ? 2 : 0);
  const inner = outer * 0.72;
  const text = formattedValueToString(display);
  const size =
    options.text?.valueSize ?? Math.max(8, Math.min(inner * 0.55, (inner * 2.6) / Math.max(3, text.length)));
  const color = display.color ?? theme.colors.text.primary;
  const steps = field.thresholds?.steps ?? [];
  return (
    <svg width={width} height={height} role="img" aria-label={`${display.title ?? ""} ${text}`.trim()}>
      {room > 8 && (
        <g transform={`translate(${width / 2} ${top + room})`}>
          <path d={ringPath(inner, outer, gaugeStart, gaugeEnd)} fill={theme.colors.background.secondary} />
          {Number.isFinite(display.numeric) && (
            <path d={ringPath(inner, outer, gaugeStart, gaugeTurn(display.numeric, min, max))} fill={color} />
          )}
          {band > 0 &&
            gaugeBands(steps, field.thresholds?.mode ?? "absolute", min, max).map(({ from, to, color }) => (
              <path
                key={from}
                d={ringPath(room - band, room, from, to)}
                fill={theme.visualization.getColorByName(color)}
              />
            ))}
          <text fill={color} fontSize={size} fontWeight={500} textAnchor="middle" dominantBaseline="central">
            {text}
          </text>
        </g>
      )}
      {named && (
        <text
          x={width / 2}
          y={top + room * 1.5 + titleSize * 1.2}
          fill={theme.colors.text.primary}
          fontSize={titleSize}
          textAnchor="middle"
        >
          {display.title}
        </text>
      )}
    </svg>
  );
}
