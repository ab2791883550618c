import pc from "picocolors";
import type { SenderNames } from "../../llm/names.js";
import { countText } from "./costs-text.js";
import { columns } from "./table.js";
import { durationText } from "./time-text.js";

/** Which names arrive, a block for each sender. */
export function formatNames(
  senders: readonly SenderNames[],
  { top, color, now }: { top: number; color: boolean; now: Date },
): string {
  const colors = pc.createColors(color);
  return senders
    .map((sender) => {
      const { service, instrumentation, spans, lastSeen, names } = sender;
      const ago = durationText(Math.max(0, now.getTime() - lastSeen.getTime()) / 1000);
      const others = names.length - top;
      return [
        `${colors.bold(service)} by ${instrumentation || "an instrumentation without a name"}: ${countText(spans)} ${spans === 1 ? "span" : "spans"}, the last ${ago} ago`,
        "",
        columns(
          [
            ["attribute", "read as", "from", "spans"].map((title) => colors.dim(title)),
            ...names
              .slice(0, top)
              .map((each) => [each.name, each.field ?? "", each.origin ?? "", countText(each.spans)]),
            ...(others > 0 ? [[colors.dim(`${others} others`), "", "", ""]] : []),
          ],
          { right: [3] },
        ),
        ...remarks(sender, top).map(([what, text]) => `  ${colors.dim(`${what}:`)} ${text}`),
      ].join("\n");
    })
    .join("\n\n");
}

function remarks({ lacks, doubts, ignored, unread }: SenderNames, top: number): [string, string][] {
  const list = (items: readonly (readonly [string, number])[]) => {
    const shown = items.slice(0, top).map(([what, spans]) => `${what} ${countText(spans)}`);
    return [...shown, ...(items.length > top ? [`${items.length - top} others`] : [])].join(", ");
  };
  return (
    [
      ["calls without", list(lacks.map(({ what, spans }) => [what, spans]))],
      ["put right or left out", list(doubts.map(({ what, spans }) => [what, spans]))],
      ["no calls", list(ignored.map(({ why, spans }) => [why, spans]))],
      ["not read", list(unread.map(({ name, spans }) => [name, spans]))],
    ] satisfies [string, string][]
  ).filter(([, text]) => text !== "");
}
