import {
  type FieldDisplay,
  getDisplayValueAlignmentFactors,
  type ReduceDataOptions,
  type VizOrientation,
} from "@grafana/data";
import type { PercentChangeColorMode, VizTextDisplayOptions } from "@grafana/schema";
import {
  BigValue,
  type BigValueColorMode,
  BigValueGraphMode,
  type BigValueJustifyMode,
  type BigValueTextMode,
  useTheme2,
  VizRepeater,
} from "@grafana/ui";
import { useMemo } from "react";
import type { PanelBodyProps } from "../panel.js";
import { optionsOf } from "../panel-defaults.js";
import { displayed } from "./displayed.js";
import { Linked } from "./linked.js";

interface StatOptions {
  reduceOptions: ReduceDataOptions;
  orientation: VizOrientation;
  textMode: BigValueTextMode;
  colorMode: BigValueColorMode;
  graphMode: BigValueGraphMode;
  justifyMode: BigValueJustifyMode;
  wideLayout: boolean;
  showPercentChange: boolean;
  percentChangeColorMode: PercentChangeColorMode;
  text?: VizTextDisplayOptions;
}

/** Single numbers, large, with how they came to be behind them. */
export function StatPanel(props: PanelBodyProps) {
  const { panel, data, width, height, timeRange } = props;
  const theme = useTheme2();
  const options = useMemo(() => optionsOf<StatOptions>(panel), [panel]);
  const getValues = (): FieldDisplay[] =>
    displayed(props, options.reduceOptions, theme, {
      sparkline: options.graphMode !== BigValueGraphMode.None,
      percentChange: options.showPercentChange,
    }).map((value) =>
      value.sparkline === undefined ? value : { ...value, sparkline: { ...value.sparkline, timeRange } },
    );
  return (
    <VizRepeater
      getValues={getValues}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      width={width}
      height={height}
      source={data}
      itemSpacing={3}
      renderCounter={0}
      autoGrid
      orientation={options.orientation}
      renderValue={({ value, alignmentFactors, width, height, count }) => (
        <Linked value={value}>
          {({ openMenu, targetClassName }) => (
            <BigValue
              value={value.display}
              count={count}
              sparkline={value.sparkline}
              colorMode={options.colorMode}
              graphMode={options.graphMode}
              justifyMode={options.justifyMode}
              textMode={options.textMode}
              text={options.text}
              percentChangeColorMode={options.percentChangeColorMode}
              disableWideLayout={!options.wideLayout}
              hasLinks={value.hasLinks}
              alignmentFactors={alignmentFactors}
              width={width}
              height={height}
              theme={theme}
              onClick={openMenu}
              className={targetClassName}
            />
          )}
        </Linked>
      )}
    />
  );
}
