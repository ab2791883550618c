import type { TooltipPlugin2, UPlotConfigBuilder } from "@grafana/ui";
import { type ComponentProps, type MouseEvent, type ReactNode, useLayoutEffect, useState } from "react";
import { createPortal } from "react-dom";

/** The plot itself: uPlot's own class. */
export type Plot = Parameters<ComponentProps<typeof TooltipPlugin2>["render"]>[0];

/** Puts React's elements over the plotting area of a plot, and asks for them again whenever it is drawn anew. */
export function PlotOverlay({
  config,
  children,
}: {
  config: UPlotConfigBuilder;
  children: (plot: Plot) => ReactNode;
}) {
  const [drawn, setDrawn] = useState<{ plot: Plot; area: string }>();
  useLayoutEffect(() => {
    config.addHook("draw", (plot) => {
      const area = [
        plot.bbox.width,
        plot.bbox.height,
        ...Object.values(plot.scales).flatMap(({ min, max }) => [min, max]),
      ].join();
      setDrawn((before) => (before?.plot === plot && before.area === area ? before : { plot, area }));
    });
    config.addHook("destroy", (plot) => setDrawn((before) => (before?.plot === plot ? undefined : before)));
  }, [config]);
  return drawn && createPortal(children(drawn.plot), drawn.plot.over);
}

/** What a mark over a plot does with the pointer: while it is at the mark, the plot's own cursor and tooltip are away. */
export const overMark = (plot: Plot) => ({
  onMouseDown: (event: MouseEvent) => event.stopPropagation(),
  onMouseMove: (event: MouseEvent) => {
    // A range that is being dragged goes on.
    if (event.buttons !== 0) return;
    event.stopPropagation();
    plot.setCursor({ left: -10, top: -10 });
  },
});
