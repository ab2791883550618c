import { structuredPatch } from "diff";

/** A line that one of two texts has and the other hasn't; `line` counts from 1 in the text that has it. */
export interface DiffLine {
  sign: "+" | "-";
  text: string;
  line: number;
}

/** The lines in which two texts differ, in the order of the text. */
export function diffLines(before: string, after: string): DiffLine[] {
  const { hunks } = structuredPatch("", "", before, after, "", "", { context: 0 });
  return hunks.flatMap(({ oldStart, newStart, lines }) => {
    let old = oldStart;
    let fresh = newStart;
    return lines.flatMap((line): DiffLine[] => {
      if (line.startsWith("-")) return [{ sign: "-", text: line.slice(1), line: old++ }];
      if (line.startsWith("+")) return [{ sign: "+", text: line.slice(1), line: fresh++ }];
      return [];
    });
  });
}
