import { dateTimeFormat, type Field, formattedValueToString, type TimeZone } from "@grafana/data";
import { type UPlotConfigBuilder, useTheme2, VizTooltipContent, VizTooltipHeader } from "@grafana/ui";
import { useState } from "react";
import { Hint, type HintPosition, hintPosition } from "../hint.js";
import type { Exemplar } from "./events.js";
import { overMark, type Plot, PlotOverlay } from "./plot-overlay.js";

interface ExemplarsProps {
  config: UPlotConfigBuilder;
  exemplars: Exemplar[];
  /** One of the series they belong to: how their values are written. */
  field: Field | undefined;
  timeZone: TimeZone;
  onOpenTrace(traceId: string): void;
}

/** A dot for each exemplar; it tells its labels, and a click opens its trace. */
export function Exemplars({ config, exemplars, field, timeZone, onOpenTrace }: ExemplarsProps) {
  const theme = useTheme2();
  const [hint, setHint] = useState<{ at: HintPosition; exemplar: Exemplar }>();
  return (
    <>
      <PlotOverlay config={config}>
        {(plot) =>
          apart(plot, exemplars).map(({ exemplar, place }, index) => {
            const { traceId } = exemplar;
            const show = (event: Parameters<typeof hintPosition>[0]) =>
              setHint({ at: hintPosition(event), exemplar });
            return (
              <button
                // biome-ignore lint/suspicious/noArrayIndexKey: two may be the same in all that can be seen of them
                key={index}
                type="button"
                data-exemplar={traceId ?? ""}
                aria-label={traceId ? `Exemplar, opens trace ${traceId}` : "Exemplar"}
                style={{
                  position: "absolute",
                  left: place.left - 4,
                  top: place.top - 4,
                  width: 8,
                  height: 8,
                  padding: 0,
                  transform: "rotate(45deg)",
                  border: `1px solid ${theme.colors.background.primary}`,
                  background: theme.visualization.getColorByName("blue"),
                  cursor: traceId ? "pointer" : "default",
                }}
                {...overMark(plot)}
                onMouseEnter={show}
                onFocus={show}
                onMouseLeave={() => setHint(undefined)}
                onBlur={() => setHint(undefined)}
                onClick={() => {
                  if (traceId === undefined) return;
                  setHint(undefined);
                  onOpenTrace(traceId);
                }}
              />
            );
          })
        }
      </PlotOverlay>
      {hint && (
        <Hint at={hint.at}>
          <VizTooltipHeader
            item={{ label: "Exemplar", value: dateTimeFormat(hint.exemplar.time, { timeZone }) }}
          />
          <VizTooltipContent
            items={[
              { label: "Value", value: written(hint.exemplar.value, field) },
              ...hint.exemplar.labels.map(([label, value]) => ({ label, value })),
            ]}
          />
          {hint.exemplar.traceId && (
            <div style={{ padding: theme.spacing(0, 1, 1), color: theme.colors.text.link }}>
              Click: open the trace
            </div>
          )}
        </Hint>
      )}
    </>
  );
}

const written = (value: number, field: Field | undefined) =>
  field?.display ? formattedValueToString(field.display(value)) : String(value);

/** Distance at which two dots can still be told apart (CSS pixels). */
const room = 11;

/** Exemplars with their places, one for each spot that a dot takes: those that lead to a trace first. */
function apart(plot: Plot, exemplars: readonly Exemplar[]): { exemplar: Exemplar; place: Place }[] {
  const spots = new Map<string, { exemplar: Exemplar; place: Place }>();
  for (const exemplar of exemplars) {
    const place = placeIn(plot, exemplar);
    if (place === undefined) continue;
    const spot = `${Math.round(place.left / room)} ${Math.round(place.top / room)}`;
    if (spots.get(spot)?.exemplar.traceId === undefined) spots.set(spot, { exemplar, place });
  }
  return [...spots.values()];
}

/** CSS pixels from the top left of the plotting area. */
interface Place {
  left: number;
  top: number;
}

/** At its value on the first axis; one beyond the axis sits at its end. */
function placeIn(plot: Plot, { time, value }: Exemplar): Place | undefined {
  const { min, max } = plot.scales.x ?? {};
  const key = plot.series[1]?.scale;
  const y = key === undefined ? undefined : plot.scales[key];
  if (min == null || max == null || time < min || time > max) return undefined;
  if (key === undefined || y?.min == null || y.max == null) return undefined;
  return {
    left: plot.valToPos(time, "x"),
    top: plot.valToPos(Math.min(Math.max(value, y.min), y.max), key),
  };
}
