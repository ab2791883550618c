/** What every panel says of itself. */
export interface Described {
  /** Unique on its page: people, links and messages name a panel by it. */
  title: string;
  /** What it shows, and where that comes from when it isn't plain. */
  description: string;
  /** What to do when it is red, or looks wrong. */
  whenRed: string;
  /** Why it may rightly show nothing on a stack where all is well; without, an empty panel is a fault. */
  mayBeEmpty?: string;
}

const emptyMark = "May be empty: ";

/** The text behind a panel's ⓘ. */
export function descriptionOf({ description, whenRed, mayBeEmpty }: Described, hasLimits: boolean): string {
  return [
    description,
    `**${hasLimits ? "When it is red" : "When it looks wrong"}:** ${whenRed}`,
    ...(mayBeEmpty === undefined ? [] : [`${emptyMark}${mayBeEmpty}`]),
  ].join("\n\n");
}

/** Why a built panel may be empty, as {@link Described.mayBeEmpty} says it; undefined where it may not. */
export function mayBeEmpty(panel: { description?: string }): string | undefined {
  const said = panel.description?.split("\n\n").find((paragraph) => paragraph.startsWith(emptyMark));
  return said?.slice(emptyMark.length);
}
