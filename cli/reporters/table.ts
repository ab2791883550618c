import Table from "cli-table3";

/** How columns are set. */
export interface ColumnOptions {
  /** Spaces before each row; 2 unless given. */
  indent?: number;
  /** Spaces between columns; 3 unless given. */
  gap?: number;
  /** Columns, from 0, whose cells end at the same place: numbers. */
  right?: readonly number[];
}

/** Rows in aligned columns, without borders; cells may hold colours. */
export function columns(
  rows: readonly (readonly string[])[],
  { indent = 2, gap = 3, right = [] }: ColumnOptions = {},
): string {
  const table = new Table({
    colAligns: (rows[0] ?? []).map((_, at) => (right.includes(at) ? "right" : "left")),
    chars: {
      top: "",
      "top-mid": "",
      "top-left": "",
      "top-right": "",
      bottom: "",
      "bottom-mid": "",
      "bottom-left": "",
      "bottom-right": "",
      left: "",
      "left-mid": "",
      mid: "",
      "mid-mid": "",
      right: "",
      "right-mid": "",
      middle: " ".repeat(gap),
    },
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split("\n")
    .map((line) => `${" ".repeat(indent)}${line}`.trimEnd())
    .join("\n");
}
