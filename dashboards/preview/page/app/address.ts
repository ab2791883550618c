/** What the page shows, as its address says it: the same words as Grafana's, so that links work in both. */
export interface Address {
  /** Of the dashboard; undefined: the one to begin with. */
  uid?: string;
  /** `now-1h`, or milliseconds since 1970. */
  from?: string;
  to?: string;
  /** `30s`; empty: never. */
  refresh?: string;
  theme?: "dark" | "light";
  /** `browser`, `utc`, or a name like `Europe/Berlin`; else the dashboard's own. */
  timezone?: string;
  /** Of the panel that fills the page. */
  viewPanel?: number;
  /** Without navigation and choices, for screens on walls. */
  kiosk?: boolean;
  /** All panels ask at once, also those out of sight: for pictures of the whole page. */
  all?: boolean;
  /** The trace that is open. */
  trace?: string;
  /** Choices by the name of their variable. */
  variables: Readonly<Record<string, readonly string[]>>;
}

/** Reads the address of a page. */
export function readAddress({ pathname, search }: { pathname: string; search: string }): Address {
  const [, uid] = /^\/d\/([^/]+)/.exec(pathname) ?? [];
  const asked = new URLSearchParams(search);
  const text = (name: string) => asked.get(name) ?? undefined;
  const variables: Record<string, string[]> = {};
  for (const [name, value] of asked)
    if (name.startsWith("var-")) variables[name.slice(4)] = [...(variables[name.slice(4)] ?? []), value];
  const panel = Number(text("viewPanel")?.replace(/^panel-/, ""));
  const theme = text("theme");
  return {
    ...(uid !== undefined && { uid: decodeURIComponent(uid) }),
    ...(text("from") && { from: text("from")! }),
    ...(text("to") && { to: text("to")! }),
    ...(asked.has("refresh") && { refresh: text("refresh")! }),
    ...((theme === "dark" || theme === "light") && { theme }),
    ...(text("timezone") && { timezone: text("timezone")! }),
    ...(Number.isInteger(panel) && asked.has("viewPanel") && { viewPanel: panel }),
    ...(asked.has("kiosk") && { kiosk: true }),
    ...(asked.has("all") && { all: true }),
    ...(text("trace") && { trace: text("trace")! }),
    variables,
  };
}

/** The address of what is to be shown. */
export function writeAddress(address: Address): string {
  const { uid, variables, kiosk, all, ...rest } = address;
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) asked.set(name, String(value));
  if (kiosk) asked.set("kiosk", "");
  if (all) asked.set("all", "1");
  for (const [name, values] of Object.entries(variables))
    for (const value of values) asked.append(`var-${name}`, value);
  const search = asked.toString();
  return `${uid === undefined ? "/" : `/d/${encodeURIComponent(uid)}`}${search ? `?${search}` : ""}`;
}
