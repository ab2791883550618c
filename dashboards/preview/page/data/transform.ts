import {
  type DataFrame,
  type DataTransformerConfig,
  type DataTransformerInfo,
  type InterpolateFunction,
  standardTransformers,
  standardTransformersRegistry,
  type TransformerRegistryItem,
  transformDataFrame,
} from "@grafana/data";

// Some of them stand there under an older name as well.
const infos = [
  ...new Map(
    Object.values(standardTransformers).map((info): [string, DataTransformerInfo] => [info.id, info]),
  ).values(),
];

standardTransformersRegistry.setInit(() =>
  infos.map(
    (info): TransformerRegistryItem => ({
      id: info.id,
      name: info.name,
      transformation: () => Promise.resolve(info),
      // Nothing is edited here.
      editor: () => null,
      imageDark: "",
      imageLight: "",
    }),
  ),
);

/** Ids of transformations that only Grafana itself has, which frames pass unchanged. */
export function unknownTransformations(configs: readonly DataTransformerConfig[] = []): string[] {
  return configs
    .filter(({ id, disabled }) => !disabled && !infos.some((info) => info.id === id))
    .map(({ id }) => id);
}

/** Frames after a panel's transformations. Rejects where one can't be applied to them. */
export function transformed(
  frames: DataFrame[],
  configs: readonly DataTransformerConfig[] | undefined,
  interpolate: InterpolateFunction,
): Promise<DataFrame[]> {
  const active = (configs ?? []).filter(({ disabled }) => disabled !== true);
  if (active.length === 0) return Promise.resolve(frames);
  return new Promise((resolve, reject) => {
    transformDataFrame([...active], frames, { interpolate: (text) => interpolate(text) }).subscribe({
      next: resolve,
      error: reject,
    });
  });
}
