import {
  applyFieldOverrides,
  booleanOverrideProcessor,
  cacheFieldDisplayNames,
  type DataFrame,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  type Field,
  FieldConfigOptionsRegistry,
  type FieldConfigPropertyItem,
  type FieldConfigSource,
  FieldType,
  type GrafanaTheme2,
  type InterpolateFunction,
  identityOverrideProcessor,
  numberOverrideProcessor,
  stringOverrideProcessor,
  type TimeZone,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from "@grafana/data";
import { withDataMacros } from "./data-macros.js";
import type { PanelModel } from "./panel.js";
import { fieldDefaultsOf } from "./panel-defaults.js";

type Process = FieldConfigPropertyItem["process"];

/** The options that every panel's fields have, and how a value given for one is read. */
const standard: Record<string, Process> = {
  displayName: displayNameOverrideProcessor,
  unit: unitOverrideProcessor,
  min: numberOverrideProcessor,
  max: numberOverrideProcessor,
  fieldMinMax: booleanOverrideProcessor,
  decimals: numberOverrideProcessor,
  thresholds: thresholdsOverrideProcessor as Process,
  mappings: valueMappingsOverrideProcessor,
  noValue: stringOverrideProcessor,
  links: dataLinksOverrideProcessor as Process,
  color: identityOverrideProcessor,
  filterable: booleanOverrideProcessor,
};

/**
 * Frames as a panel's plugin gets them: with the panel's field options and overrides, plugin defaults, a display name
 * each, and functions that format values and build links.
 */
export function prepare(
  frames: DataFrame[],
  panel: PanelModel,
  theme: GrafanaTheme2,
  timeZone: TimeZone,
  replaceVariables: InterpolateFunction,
): DataFrame[] {
  const fieldConfig: FieldConfigSource = {
    defaults: fieldDefaultsOf(panel),
    overrides: panel.fieldConfig?.overrides ?? [],
  };
  const prepared = applyFieldOverrides({
    data: frames,
    fieldConfig,
    fieldConfigRegistry: registryOf(fieldConfig),
    replaceVariables: withDataMacros(replaceVariables),
    theme,
    timeZone,
  });
  cacheFieldDisplayNames(prepared);
  return prepared;
}

/** The standard options, and one for each key of `custom` that the panel uses. */
function registryOf({ defaults, overrides }: FieldConfigSource): FieldConfigOptionsRegistry {
  const custom = new Set(Object.keys(defaults.custom ?? {}));
  for (const { id } of overrides.flatMap(({ properties }) => properties))
    if (id.startsWith("custom.")) custom.add(id.slice("custom.".length));
  return new FieldConfigOptionsRegistry(() => [
    ...Object.entries(standard).map(([id, process]) => item(id, id, process)),
    ...[...custom].map((path) => ({
      ...item(`custom.${path}`, path, identityOverrideProcessor),
      isCustom: true,
    })),
  ]);
}

/** Grafana's own items hold editors too; nothing is edited here. */
const item = (id: string, path: string, process: Process): FieldConfigPropertyItem => ({
  id,
  path,
  name: id,
  process,
  shouldApply: (field: Field) => applies(id, field),
  override: noEditor,
  editor: noEditor,
});

const noEditor = () => null;

/** What only numbers have, however it is set for all fields; what an override says of a field always counts. */
const ofNumbers = new Set(["unit", "decimals", "min", "max", "custom.axisLabel", "custom.axisPlacement"]);

const applies = (id: string, { type }: Field) => type === FieldType.number || !ofNumbers.has(id);
