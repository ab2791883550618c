import type { Place } from "../../validate/problem.js";
import type { SloIndicator, SloInput } from "../define-slo.js";
import { type QueryParts, queryOver } from "./query.js";

/** The queries of an imported SLO; `raw` is the share of bad events. */
export type ImportedIndicator =
  | { errors: QueryParts; total: QueryParts }
  | { good: QueryParts; total: QueryParts }
  | { raw: QueryParts };

/** An SLO as read from a file of another tool, on its way to `slo(...)`. */
export interface ImportedSlo {
  service: string;
  name: string;
  objective: number;
  window?: string;
  owner: string;
  description: string;
  indicator: ImportedIndicator;
  /** Alerts that were switched off. */
  without: readonly ("page" | "ticket")[];
  /** Where its keys stand, by the keys of `slo(...)`; "" is the SLO itself. */
  places: Readonly<Record<string, Place>>;
}

/** What `slo(...)` is given for it. */
export function sloInput({ places: _, without, indicator, ...rest }: ImportedSlo): SloInput {
  return {
    ...rest,
    indicator: Object.fromEntries(
      Object.entries(indicator).map(([key, parts]) => [key, (window: string) => queryOver(parts, window)]),
    ) as SloIndicator,
    ...(without.length > 0 && { alerts: Object.fromEntries(without.map((kind) => [kind, []])) }),
  };
}
