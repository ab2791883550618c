import pc from "picocolors";
import type { Silence } from "../../stack/alerting/silences.js";
import { shownMatcher } from "../../stack/validate/alerting/matchers.js";
import { columns } from "./table.js";
import { durationText } from "./time-text.js";

/** Silences as a table: beginning of the id, what, how long yet, who and why. */
export function formatSilences(
  silences: readonly Silence[],
  { color, now }: { color: boolean; now: number },
): string {
  const colors = pc.createColors(color);
  if (silences.length === 0) return "Nothing is silenced.";
  return columns(
    silences.map(({ id, matchers, endsAt, state, author, reason }) => [
      colors.bold(id.slice(0, 8)),
      matchers.map(shownMatcher).join(" "),
      state === "expired" ? colors.dim("over") : `${durationText((Date.parse(endsAt) - now) / 1000)} left`,
      colors.dim(`${author}: ${reason}`),
    ]),
    { indent: 0 },
  );
}

/** What new silences do. */
export function formatAdded(
  added: readonly { id: string; matchers: readonly string[]; affected: number }[],
  { length, author, color }: { length: string; author: string; color: boolean },
): string {
  const colors = pc.createColors(color);
  const lines = added.map(({ id, matchers, affected }) => {
    const now = affected === 1 ? "1 alert that fires now" : `${affected} alerts that fire now`;
    return `${colors.green("✔")} ${matchers.join(" ")}  ${colors.dim(`${id.slice(0, 8)}, holds back ${now}`)}`;
  });
  const ids = added.map(({ id }) => id.slice(0, 8)).join(" ");
  return [...lines, "", `Silenced for ${length} by ${author}. End it before: obs silence expire ${ids}`].join(
    "\n",
  );
}
