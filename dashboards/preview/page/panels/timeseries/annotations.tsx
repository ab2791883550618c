import { dateTimeFormat, type TimeZone } from "@grafana/data";
import { Tag, type UPlotConfigBuilder, useTheme2 } from "@grafana/ui";
import { useState } from "react";
import { Hint, type HintPosition, hintPosition } from "../hint.js";
import type { Annotation } from "./events.js";
import { overMark, type Plot, PlotOverlay } from "./plot-overlay.js";

/** Lines and stretches of time that say what happened when, with a mark below each that tells more. */
export function Annotations({
  config,
  annotations,
  timeZone,
}: {
  config: UPlotConfigBuilder;
  annotations: Annotation[];
  timeZone: TimeZone;
}) {
  const theme = useTheme2();
  const [hint, setHint] = useState<{ at: HintPosition; annotation: Annotation }>();
  return (
    <>
      <PlotOverlay config={config}>
        {(plot) =>
          annotations.map((annotation, index) => {
            const span = spanIn(plot, annotation);
            if (span === undefined) return null;
            const color = theme.visualization.getColorByName(annotation.color ?? "#00D3FF");
            const show = (event: Parameters<typeof hintPosition>[0]) =>
              setHint({ at: hintPosition(event), annotation });
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: two may be the same in all that can be seen of them
              <div key={index} style={{ position: "absolute", inset: 0, pointerEvents: "none" }}>
                <div style={{ ...line(color, span), ...(span.width > 0 && region(color)) }} />
                <button
                  type="button"
                  aria-label={annotation.title || annotation.text || "Annotation"}
                  style={mark(color, span)}
                  {...overMark(plot)}
                  onMouseEnter={show}
                  onFocus={show}
                  onMouseLeave={() => setHint(undefined)}
                  onBlur={() => setHint(undefined)}
                />
              </div>
            );
          })
        }
      </PlotOverlay>
      {hint && (
        <Hint at={hint.at}>
          <div style={{ padding: theme.spacing(1), maxWidth: 420, whiteSpace: "pre-wrap" }}>
            <div style={{ color: theme.colors.text.secondary }}>{timesOf(hint.annotation, timeZone)}</div>
            {hint.annotation.title !== "" && <strong>{hint.annotation.title}</strong>}
            {hint.annotation.text !== "" && <div>{hint.annotation.text}</div>}
            <div style={{ display: "flex", flexWrap: "wrap", gap: 4, marginTop: 4 }}>
              {[...new Set(hint.annotation.tags)].map((tag) => (
                <Tag key={tag} name={tag} />
              ))}
            </div>
          </div>
        </Hint>
      )}
    </>
  );
}

interface Span {
  left: number;
  width: number;
}

/** In CSS pixels from the plotting area's left; undefined where nothing of it can be seen. */
function spanIn(plot: Plot, { time, end }: Annotation): Span | undefined {
  const { min, max } = plot.scales.x ?? {};
  if (min == null || max == null || time > max || (end ?? time) < min) return undefined;
  const left = plot.valToPos(Math.max(time, min), "x");
  return { left, width: end === undefined ? 0 : plot.valToPos(Math.min(end, max), "x") - left };
}

const line = (color: string, { left, width }: Span) => ({
  position: "absolute" as const,
  top: 0,
  bottom: 0,
  left,
  width,
  borderLeft: `1px dashed ${color}`,
});

const region = (color: string) => ({
  borderRight: `1px dashed ${color}`,
  background: `color-mix(in srgb, ${color} 10%, transparent)`,
});

const mark = (color: string, { left, width }: Span) => ({
  position: "absolute" as const,
  pointerEvents: "auto" as const,
  bottom: 0,
  left: width > 0 ? left : left - 5,
  width: width > 0 ? Math.max(width, 5) : 10,
  height: width > 0 ? 5 : 8,
  padding: 0,
  border: "none",
  background: color,
  clipPath: width > 0 ? undefined : "polygon(50% 0, 100% 100%, 0 100%)",
});

function timesOf({ time, end }: Annotation, timeZone: TimeZone): string {
  const from = dateTimeFormat(time, { timeZone });
  return end === undefined ? from : `${from} – ${dateTimeFormat(end, { timeZone })}`;
}
