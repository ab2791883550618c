import { VizTooltip, VizTooltipWrapper } from "@grafana/ui";
import type { MouseEvent, ReactNode } from "react";

/** Where the pointer is, or a thing that has the focus, in the window (CSS pixels). */
export interface HintPosition {
  x: number;
  y: number;
}

/** Position for a hint about what an event happened to. */
export function hintPosition(event: MouseEvent | { currentTarget: Element }): HintPosition {
  if ("clientX" in event && event.clientX > 0) return { x: event.clientX, y: event.clientY };
  const { left, top, width } = event.currentTarget.getBoundingClientRect();
  return { x: left + width / 2, y: top };
}

/** A tooltip like those of the plots, at a position in the window. */
export const Hint = ({ at, children }: { at: HintPosition; children: ReactNode }) => (
  <VizTooltip
    position={at}
    offset={{ x: 10, y: 10 }}
    content={<VizTooltipWrapper>{children}</VizTooltipWrapper>}
  />
);
