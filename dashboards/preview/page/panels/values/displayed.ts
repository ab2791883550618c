import {
  type FieldDisplay,
  type GrafanaTheme2,
  getFieldDisplayValues,
  type ReduceDataOptions,
} from "@grafana/data";
import { withDataMacros } from "../data-macros.js";
import type { PanelBodyProps } from "../panel.js";
import { fieldDefaultsOf } from "../panel-defaults.js";

/** More values than this can't be read in one panel. */
export const mostValues = 200;

/** The values that a panel of single numbers shows: one for each series, or one for each row. */
export function displayed(
  { panel, data, replaceVariables, timeZone }: PanelBodyProps,
  reduceOptions: ReduceDataOptions,
  theme: GrafanaTheme2,
  more: { sparkline?: boolean; percentChange?: boolean } = {},
): FieldDisplay[] {
  const values = getFieldDisplayValues({
    fieldConfig: { defaults: fieldDefaultsOf(panel), overrides: panel.fieldConfig?.overrides ?? [] },
    reduceOptions,
    replaceVariables: withDataMacros(replaceVariables),
    theme,
    data: data.series,
    timeZone,
    ...more,
  });
  return values.slice(0, mostValues);
}
