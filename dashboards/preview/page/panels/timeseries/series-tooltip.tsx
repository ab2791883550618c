import { type DataFrame, formattedValueToString } from "@grafana/data";
import type { SortOrder, TooltipDisplayMode, VizTooltipOptions } from "@grafana/schema";
import {
  getFieldDisplayItems,
  getFieldDisplayLinks,
  isTooltipScrollable,
  VizTooltipContent,
  VizTooltipFooter,
  VizTooltipHeader,
  VizTooltipWrapper,
} from "@grafana/ui";

interface SeriesTooltipProps {
  /** All series over one time. */
  frame: DataFrame;
  /** Row of each field that is pointed at. */
  rows: (number | null)[];
  /** Field that is nearest. */
  nearest: number | null;
  options: VizTooltipOptions;
  mode: TooltipDisplayMode;
  pinned: boolean;
}

/** What all series, or the nearest one, were at a time. */
export function SeriesTooltip({ frame, rows, nearest, options, mode, pinned }: SeriesTooltipProps) {
  const [time] = frame.fields;
  const row =
    (nearest === null ? undefined : rows[nearest]) ?? rows.find((each, index) => index > 0 && each !== null);
  if (time === undefined || row === null || row === undefined) return null;
  const items = getFieldDisplayItems(
    frame.fields,
    time,
    rows,
    nearest,
    mode,
    options.sort as SortOrder,
    (field) => !field.config.custom?.hideFrom?.tooltip && !field.config.custom?.hideFrom?.viz,
    options.hideZeros,
  );
  const linked = nearest === null ? undefined : frame.fields[nearest];
  const links = pinned && linked !== undefined ? getFieldDisplayLinks(linked, row) : [];
  return (
    <VizTooltipWrapper>
      <VizTooltipHeader
        item={{
          label: "",
          value: time.display
            ? formattedValueToString(time.display(time.values[row]))
            : String(time.values[row]),
        }}
        isPinned={pinned}
      />
      <VizTooltipContent
        items={items}
        isPinned={pinned}
        scrollable={isTooltipScrollable({ mode, maxHeight: options.maxHeight })}
        maxHeight={options.maxHeight}
      />
      {links.length > 0 && <VizTooltipFooter dataLinks={links} />}
    </VizTooltipWrapper>
  );
}
