import type { ReactNode } from "react";

/** A text of ours, in which what stands between backticks is code. */
export function withCode(text: string): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text have no identity beside their place
  return text.split("`").map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part));
}
