import { analyse } from "../../promql/index.js";
import type { Problem } from "../../validate/problem.js";
import { problem, type Spec } from "./spec.js";

/** A query with holes for its window: the texts around them. */
export type QueryParts = readonly string[];

/** The query over a window. */
export function queryOver(parts: QueryParts, window: string): string {
  return parts.join(window);
}

const placeholder = /\{\{-?\s*\.window\s*-?\}\}/g;

/**
 * Reads a query with Sloth's place-holder for the window, `{{.window}}`. Undefined, and problems at their characters, where
 * it has other templates or none, or isn't PromQL.
 */
export function slothQuery(spec: Spec, problems: Problem[]): QueryParts | undefined {
  const parts = partsOf(spec, problems);
  if (!parts || parts.length > 1) return parts;
  problems.push(
    problem("error", "This query doesn't use {{.window}}.", spec.place, {
      why: "It would measure the same over every window.",
      next: "Write the range as [{{.window}}].",
    }),
  );
  return undefined;
}

/**
 * Reads a query of OpenSLO, which has no place-holder: a fixed range is taken for the window, and the counters of a query
 * without any are given one. What was changed is told.
 */
export function openSloQuery(
  spec: Spec,
  { counter }: { counter: boolean },
  problems: Problem[],
): QueryParts | undefined {
  const parts = partsOf(spec, problems);
  if (!parts || parts.length > 1) return parts;
  const [text = ""] = parts;
  const { ranges, selectors } = analyse(text);
  if (ranges.length > 0) {
    const lengths = new Set(ranges.map(({ range }) => range));
    if (lengths.size > 1) {
      problems.push(
        problem("error", "This query looks back over several lengths of time.", spec.place, {
          why: "Which of them is to be the window can't be told.",
        }),
      );
      return undefined;
    }
    const [{ rangeFrom, rangeTo }] = ranges as [(typeof ranges)[0]];
    const fixed = text.slice(rangeFrom, rangeTo).replaceAll(/[[\]]/g, "");
    problems.push(
      problem("notice", `[${fixed}] became the window.`, spec.place, {
        why: "An SLO asks for its query over many windows.",
      }),
    );
    return splitAt(
      text,
      ranges.map((range) => {
        const inner = text.slice(range.rangeFrom, range.rangeTo);
        const lead = inner.startsWith("[") ? 1 : 0;
        const tail = inner.endsWith("]") ? 1 : 0;
        return [range.rangeFrom + lead, range.rangeTo - tail];
      }),
    );
  }
  if (!counter || selectors.length === 0) {
    problems.push(
      problem("error", "This query has no range.", spec.place, {
        why: "Over which time it counts can't be told.",
        next: "Write `counter: true` if it sums up counters, or give its metrics a range.",
      }),
    );
    return undefined;
  }
  problems.push(
    problem("notice", "Its counters became rates over the window.", spec.place, {
      why: "`counter: true` says that they only ever grow.",
    }),
  );
  const found: string[] = [""];
  let at = 0;
  for (const { from, to } of [...selectors].sort((a, b) => a.from - b.from)) {
    found[found.length - 1] += `${text.slice(at, from)}rate(${text.slice(from, to)}[`;
    found.push("])");
    at = to;
  }
  found[found.length - 1] += text.slice(at);
  return found;
}

function partsOf(spec: Spec, problems: Problem[]): QueryParts | undefined {
  const { text } = spec;
  if (!text || text.value.trim() === "") {
    problems.push(problem("error", spec.exists ? "The query is no text." : "There is no query.", spec.place));
    return undefined;
  }
  const { value } = text;
  const at = (offset: number) => ({ ...spec.place, ...text.positionOf(offset) });
  const holes = [...value.matchAll(placeholder)].map(
    ({ index, 0: { length } }) => [index, index + length] as const,
  );
  const other = /\{\{(?!-?\s*\.window\s*-?\}\})/.exec(value);
  if (other) {
    problems.push(
      problem("error", "This template can't be translated.", at(other.index), {
        why: "Of templates only {{.window}} is known here.",
        next: "Write out what it stands for.",
      }),
    );
    return undefined;
  }
  // Of the same length as what it stands for, so that places stay where they are.
  const [fault] = analyse(value.replaceAll(placeholder, (hole) => "5m".padEnd(hole.length))).errors;
  if (fault) {
    const { message, why, next } = fault;
    const more = { ...(why && { why }), ...(next && { next }) };
    problems.push(problem("error", `This is not PromQL: ${message}.`, at(fault.from), more));
    return undefined;
  }
  const lead = value.length - value.trimStart().length;
  return splitAt(
    value.trim(),
    holes.map(([from, to]) => [from - lead, to - lead]),
  );
}

function splitAt(text: string, holes: readonly (readonly [number, number])[]): QueryParts {
  const ends = [0, ...holes.map(([, to]) => to)];
  const starts = [...holes.map(([from]) => from), text.length];
  return ends.map((end, index) => text.slice(end, starts[index]));
}
