import type { SeriesFinding } from "../../catalog/judge.js";
import { atKey, type CheckContext } from "../check.js";
import type { Problem } from "../problem.js";
import { excerpt, type ReadQuery } from "./promql.js";

/** A finding about a place in a dashboard's query; `at` counts in the query as it was read. */
export function inQuery(
  context: CheckContext,
  id: string,
  { query, originalOf }: ReadQuery,
  { at, ...finding }: SeriesFinding,
): Problem {
  return {
    id,
    ...finding,
    place: atKey(context, query.keyPath),
    output: excerpt(query.text, originalOf(at)),
  };
}
