import type { DataFrame } from "@grafana/data";

/** Whether frames hold nothing that could be drawn: no rows, or numbers alone that all are missing. */
export function isEmpty(frames: readonly DataFrame[]): boolean {
  return frames.every(({ fields, length }) => {
    if (length === 0) return true;
    const values = fields.filter(({ type }) => (type as string) !== "time");
    return (
      values.length > 0 &&
      values.every(
        ({ type, values: all }) =>
          (type as string) === "number" &&
          all.every((value) => value === null || value === undefined || Number.isNaN(value)),
      )
    );
  });
}
