import { cacheFieldDisplayNames, type DataFrame, getFieldDisplayName, type TimeRange } from "@grafana/data";
import { type GraphNGProps, preparePlotFrame } from "@grafana/ui";

/**
 * All series over one time. Joining them forgets their names, by which they are coloured; they are given back, to the
 * joined series and to those they came from.
 */
export const aligned: NonNullable<GraphNGProps["preparePlotFrame"]> = (
  frames,
  fields,
  range?: TimeRange | null,
) => {
  const names = frames.map((frame) => frame.fields.map((field) => getFieldDisplayName(field, frame, frames)));
  const joined: DataFrame | null = preparePlotFrame(frames, fields, range);
  cacheFieldDisplayNames(frames);
  for (const field of joined?.fields ?? []) {
    const { frameIndex = -1, fieldIndex = -1 } = field.state?.origin ?? {};
    field.state = {
      ...field.state,
      displayName: names[frameIndex]?.[fieldIndex] ?? field.state?.displayName,
    };
  }
  return joined;
};
