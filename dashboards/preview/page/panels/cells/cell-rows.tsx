import { dateTimeFormat, type TimeRange, type TimeZone } from "@grafana/data";
import {
  measureText,
  useTheme2,
  VizTooltipColorIndicator,
  VizTooltipContent,
  VizTooltipHeader,
} from "@grafana/ui";
import { useState } from "react";
import { Hint, type HintPosition, hintPosition } from "../hint.js";
import { type Cell, timeTicks } from "./cells.js";

/** A cell as it is drawn. */
export interface DrawnCell extends Cell<string> {
  color: string;
}

interface CellRowsProps {
  rows: { name: string; cells: DrawnCell[] }[];
  timeRange: TimeRange;
  timeZone: TimeZone;
  width: number;
  height: number;
  /** Share of its room that a row takes. */
  rowHeight: number;
  /** The same of a cell, along time. */
  cellWidth?: number;
  showValue?: "auto" | "always" | "never";
  opacity?: number;
}

const fontSize = 12;
const axisHeight = 22;
const dayMs = 86_400_000;

/** Rows of cells over time, each with its name at its left. */
export function CellRows(props: CellRowsProps) {
  const { rows, timeRange, timeZone, width, height, rowHeight, cellWidth = 1, showValue = "never" } = props;
  const theme = useTheme2();
  const [hint, setHint] = useState<{ at: HintPosition; name: string; cell: DrawnCell }>();
  const from = timeRange.from.valueOf();
  const to = timeRange.to.valueOf();
  const widest = Math.max(0, ...rows.map(({ name }) => measureText(name, fontSize).width)) + 10;
  const left = Math.min(widest, width * 0.35);
  const area = { width: Math.max(1, width - left - 18), height: Math.max(1, height - axisHeight) };
  const x = (time: number) => left + ((Math.min(Math.max(time, from), to) - from) / (to - from)) * area.width;
  const room = area.height / Math.max(1, rows.length);
  const every = Math.ceil(fontSize / room);
  const format = to - from > 2 * dayMs ? "MM/DD" : to - from < 600_000 ? "HH:mm:ss" : "HH:mm";
  return (
    <>
      <svg width={width} height={height} role="img" aria-label={rows.map(({ name }) => name).join(", ")}>
        {timeTicks(from, to, area.width / 90).map((time) => (
          <g key={time}>
            <line x1={x(time)} x2={x(time)} y1={0} y2={area.height} stroke={theme.colors.border.weak} />
            <text
              x={x(time)}
              y={height - 6}
              fontSize={fontSize}
              fill={theme.colors.text.primary}
              textAnchor="middle"
            >
              {dateTimeFormat(time, { timeZone, format })}
            </text>
          </g>
        ))}
        {rows.map(({ name, cells }, index) => {
          const top = index * room;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows may share a name, and stand where they stand
            <g key={index}>
              {index % every === 0 && (
                <text
                  x={left - 6}
                  y={top + room / 2 + 4}
                  fontSize={fontSize}
                  fill={theme.colors.text.primary}
                  textAnchor="end"
                >
                  {name}
                </text>
              )}
              {cells
                .filter((cell) => cell.to > from && cell.from < to)
                .map((cell) => {
                  const start = x(cell.from);
                  const length = (x(cell.to) - start) * cellWidth;
                  const textFits = measureText(cell.value, fontSize).width + 8 <= length;
                  return (
                    // biome-ignore lint/a11y/noStaticElementInteractions: the pointer alone asks for one of so many
                    <g
                      key={cell.from}
                      onMouseMove={(event) => setHint({ at: hintPosition(event), name, cell })}
                      onMouseLeave={() => setHint(undefined)}
                    >
                      <rect
                        x={start}
                        y={top + ((1 - rowHeight) * room) / 2}
                        width={Math.max(1, length)}
                        height={Math.max(1, room * rowHeight)}
                        fill={cell.color}
                        fillOpacity={props.opacity ?? 1}
                      />
                      {(showValue === "always" || (showValue === "auto" && textFits)) && (
                        <text
                          x={start + 4}
                          y={top + room / 2 + 4}
                          fontSize={fontSize}
                          fill={theme.colors.getContrastText(cell.color)}
                          pointerEvents="none"
                        >
                          {cell.value}
                        </text>
                      )}
                    </g>
                  );
                })}
            </g>
          );
        })}
      </svg>
      {hint && (
        <Hint at={hint.at}>
          <VizTooltipHeader
            item={{
              label: "",
              value: `${dateTimeFormat(hint.cell.from, { timeZone })} – ${dateTimeFormat(hint.cell.to, { timeZone })}`,
            }}
          />
          <VizTooltipContent
            items={[
              {
                label: hint.name,
                value: hint.cell.value,
                color: hint.cell.color,
                colorIndicator: VizTooltipColorIndicator.value,
              },
            ]}
          />
        </Hint>
      )}
    </>
  );
}
