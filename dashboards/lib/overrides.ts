/** Fields of a panel that are shown otherwise than the rest, as Grafana stores it. */
export interface Override {
  matcher: { id: string; options?: unknown };
  properties: readonly { id: string; value?: unknown }[];
}

/** What is other about a field, by Grafana's name of the setting: `{ unit: "s", "custom.lineWidth": 2 }`. */
export type Properties = Readonly<Record<string, unknown>>;

/** Sets the field of one name apart: a series by its legend, a column by its title. */
export function byName(name: string, properties: Properties): Override {
  return byMatcher("byName", name, properties);
}

/** Sets apart the fields whose names match a regular expression between slashes: `"/.*_total/"`. */
export function byRegexp(pattern: string, properties: Properties): Override {
  return byMatcher("byRegexp", pattern, properties);
}

/** Sets apart what another of Grafana's matchers finds: `byMatcher("byType", "number", { ... })`. */
export function byMatcher(id: string, options: unknown, properties: Properties): Override {
  return {
    matcher: { id, options },
    properties: Object.entries(properties).map(([property, value]) => ({ id: property, value })),
  };
}
