/** Names and values of labels. */
export type Labels = Readonly<Record<string, string>>;

/** Labels that tell calls apart. */
export type CallLabel = "provider" | "model" | "feature" | "team";

/** Names some calls by exactly one label: `{ feature: "chat" }`. */
export type SomeCalls = Only<"provider"> | Only<"model"> | Only<"feature"> | Only<"team">;
type Only<K extends CallLabel> = Readonly<Record<K, string>> & {
  readonly [L in Exclude<CallLabel, K>]?: never;
};

/** Other limits for some calls; `false`: none at all. What is left out stays as it is for the others. */
export type Override = SomeCalls & { readonly critical?: number | false; readonly warning?: number | false };

/** Two limits on a value, each over a window of its own, and whose calls are looked at together. */
export interface CallLimits {
  /** Default: see the rule. `false`: no such alert. */
  critical?: number | false;
  /** Over which time the critical limit is looked at: a Prometheus duration. */
  criticalWindow?: string;
  warning?: number | false;
  warningWindow?: string;
  /** Calls in the window below which a share says nothing: of 5 calls one failed is 20 %. Default: 20. */
  minimumCalls?: number;
  /** What each alert is about. Default: `["provider", "model"]`: they fail and slow down together. */
  by?: readonly CallLabel[];
  /** Features, models, providers or teams with other limits. The first that fits counts, and the common limit no longer does. */
  overrides?: readonly Override[];
}

/** Calls that share a limit. */
export interface Slice {
  /** Matchers for the inside of braces; may be empty. */
  match: string;
  by: readonly CallLabel[];
  /** ` of feature chat`: for texts. */
  named: string;
  override?: Override;
  /** Labels of a call in it: for cases. */
  sample: Record<CallLabel, string>;
  /** Values that none of the overrides is about, so that cases about others stay apart. */
  others: Record<CallLabel, string>;
}

export const callLabels: readonly CallLabel[] = ["provider", "model", "feature", "team"];

/** Cuts calls up so that each is in exactly one slice: those of each override, and the rest, which comes first. */
export function slicesOf(by: readonly CallLabel[], overrides: readonly Override[]): Slice[] {
  const free = (label: CallLabel, wanted: string): string =>
    overrides.some((each) => each[label] === wanted) ? free(label, `${wanted}-2`) : wanted;
  const sample = {
    provider: free("provider", "openai"),
    model: free("model", "gpt-4o"),
    feature: free("feature", "search"),
    team: free("team", "shop"),
  };
  const others = {
    provider: free("provider", "azure"),
    model: free("model", "gpt-4o-mini"),
    feature: free("feature", "summary"),
    team: free("team", "office"),
  };
  const not = (some: readonly Override[]) => some.map((each) => `${labelOf(each)}!=${quotedValueOf(each)}`);
  return [
    { match: not(overrides).join(", "), by, named: "", sample, others },
    ...overrides.map((override, at) => {
      const label = labelOf(override);
      const before = overrides.slice(0, at).filter((each) => labelOf(each) !== label);
      return {
        match: [`${label}=${quotedValueOf(override)}`, ...not(before)].join(", "),
        by: [...new Set([...by, label])],
        named: ` of ${label} ${override[label]}`,
        override,
        sample: { ...sample, [label]: override[label] },
        others,
      };
    }),
  ];
}

/** What says that a rule of the same name as others is about other calls than they are. */
export function apart({ override }: Slice): { disable?: Record<string, string> } {
  return override
    ? { disable: { "duplicate-rule": "it is about other calls: matchers exclude each other" } }
    : {};
}

/** The limit that counts for a slice; `false`: none. */
export function limitOf(
  { override }: Slice,
  severity: "critical" | "warning",
  common: number | false,
): number | false {
  return override?.[severity] ?? common;
}

function labelOf(some: SomeCalls): CallLabel {
  return callLabels.find((label) => some[label] !== undefined)!;
}

function quotedValueOf(some: SomeCalls): string {
  return JSON.stringify(some[labelOf(some)]);
}

/** `{feature="chat"}`, or nothing. */
export function braced(match: string): string {
  return match === "" ? "" : `{${match}}`;
}

/** `model {{ $labels.model }} of provider …`: whom an alert is about, as a template. */
export function named(by: readonly string[]): string {
  return by.map((label) => `${label} {{ $labels.${label} }}`).join(", ");
}

/** `5 %`. */
export function percent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(6))} %`;
}
