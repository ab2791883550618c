import { type FieldDisplay, formattedValueToString } from "@grafana/data";
import { LegendDisplayMode, type VizLegendOptions } from "@grafana/schema";
import { VizLayout, VizLegend, type VizLegendItem } from "@grafana/ui";

/** What a legend says of one value beside its name. */
export type Detail = (value: FieldDisplay) => { title: string; text: string; numeric: number }[];

/**
 * The legend of single values, to be handed to `VizLayout`; undefined where none is wanted.
 */
export function valuesLegend(
  options: VizLegendOptions,
  values: FieldDisplay[],
  more: {
    detail?: Detail;
    hidden?: ReadonlySet<string>;
    onClick?: (name: string, event: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }) => void;
  } = {},
) {
  if (!options.showLegend || options.displayMode === LegendDisplayMode.Hidden || values.length === 0)
    return null;
  const items = values
    .filter(({ field }) => !field.custom?.hideFrom?.legend)
    .map(({ display, ...value }, index): VizLegendItem => {
      const label = display.title ?? "";
      return {
        label,
        yAxis: 1,
        color: display.color ?? "",
        disabled: more.hidden?.has(label) ?? false,
        getItemKey: () => `${label}-${index}`,
        getDisplayValues: () => more.detail?.({ display, ...value }) ?? [],
      };
    });
  return (
    <VizLayout.Legend placement={options.placement} width={options.width}>
      <VizLegend
        items={items}
        placement={options.placement}
        displayMode={options.displayMode}
        isSortable
        readonly={more.onClick === undefined}
        onLabelClick={(item, event) => more.onClick?.(item.label, event)}
      />
    </VizLayout.Legend>
  );
}

/** A value as it is written beside its name. */
export const valueDetail = ({ display }: FieldDisplay) => ({
  title: "Value",
  text: formattedValueToString(display),
  numeric: display.numeric,
});
