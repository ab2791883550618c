import { getDisplayValueAlignmentFactors, type ReduceDataOptions, VizOrientation } from "@grafana/data";
import {
  BarGaugeDisplayMode,
  type BarGaugeNamePlacement,
  type BarGaugeValueMode,
  type VizLegendOptions,
  type VizTextDisplayOptions,
} from "@grafana/schema";
import { BarGauge, useTheme2, VizLayout, VizRepeater } from "@grafana/ui";
import { useMemo } from "react";
import type { PanelBodyProps } from "../panel.js";
import { optionsOf } from "../panel-defaults.js";
import { displayed } from "./displayed.js";
import { Linked } from "./linked.js";
import { valueDetail, valuesLegend } from "./values-legend.js";

interface BarGaugeOptions {
  reduceOptions: ReduceDataOptions;
  orientation: VizOrientation;
  displayMode: BarGaugeDisplayMode;
  valueMode: BarGaugeValueMode;
  namePlacement: BarGaugeNamePlacement;
  showUnfilled: boolean;
  minVizWidth: number;
  minVizHeight: number;
  maxVizHeight: number;
  legend: VizLegendOptions;
  text?: VizTextDisplayOptions;
}

/** A bar for each value, between the bounds of its field. */
export function BarGaugePanel(props: PanelBodyProps) {
  const { panel, data, width, height } = props;
  const theme = useTheme2();
  const options = useMemo(() => optionsOf<BarGaugeOptions>(panel), [panel]);
  const values = displayed(props, options.reduceOptions, theme);
  const spacing = options.displayMode === BarGaugeDisplayMode.Lcd ? 2 : 10;
  const lying =
    options.orientation === VizOrientation.Horizontal ||
    (options.orientation === VizOrientation.Auto && width <= height);
  return (
    <VizLayout
      width={width}
      height={height}
      legend={valuesLegend(options.legend, values, { detail: (value) => [valueDetail(value)] })}
    >
      {(width, height) => (
        <VizRepeater
          getValues={() => values}
          getAlignmentFactors={getDisplayValueAlignmentFactors}
          width={width}
          height={height}
          source={data}
          itemSpacing={spacing}
          renderCounter={0}
          minVizWidth={options.minVizWidth}
          minVizHeight={options.minVizHeight}
          maxVizHeight={options.maxVizHeight}
          orientation={options.orientation}
          renderValue={({ value, alignmentFactors, width, height, orientation, count }) => (
            <Linked value={value}>
              {({ openMenu, targetClassName }) => (
                <BarGauge
                  value={value.display}
                  field={value.field}
                  display={value.view?.getFieldDisplayProcessor(value.colIndex ?? 0) ?? undefined}
                  width={width}
                  height={height}
                  orientation={orientation}
                  text={options.text}
                  itemSpacing={spacing}
                  displayMode={options.displayMode}
                  valueDisplayMode={options.valueMode}
                  namePlacement={options.namePlacement}
                  showUnfilled={options.showUnfilled}
                  alignmentFactors={alignmentFactors}
                  isOverflow={lying && count * (options.minVizHeight + spacing) > props.height}
                  theme={theme}
                  onClick={openMenu}
                  className={targetClassName}
                />
              )}
            </Linked>
          )}
        />
      )}
    </VizLayout>
  );
}
