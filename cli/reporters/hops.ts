import pc from "picocolors";
import type { Colors } from "picocolors/types.js";
import type { Hop } from "../../stack/verify/hop.js";
import type { Context } from "../context.js";
import { tookText } from "./time-text.js";

/** How hops are shown. */
export interface HopsShown {
  /** Prints nothing. */
  quiet: boolean;
  /** Text of a hop that is done; undefined: nothing yet. Default: {@link formatHop}. */
  show?: (hop: Hop, colors: Colors) => string | undefined;
  /** What all of them are, for the last line. Default: so many hops. */
  extent?: string;
}

/** Does the work and prints each hop once it is known how it went. In a terminal also what is being tried. */
export async function showHops<T extends { hops: Hop[] }>(
  context: Context,
  { quiet, show = formatHop, extent }: HopsShown,
  work: (onHop: (hop: Hop) => void) => Promise<T>,
): Promise<T> {
  if (quiet) return work(() => {});
  const colors = pc.createColors(context.color.stdout);
  const live = context.interactive;
  const running = new Map<string, Hop>();
  const begun = performance.now();
  // One line below the finished hops, redrawn: what is being tried, and for how long.
  const draw = () => {
    if (!live) return;
    const [first, ...others] = [...running.values()].map(({ title }) => title);
    const more = others.length > 0 ? ` and ${others.length} more` : "";
    const text = `… ${first}${more}, ${tookText(performance.now() - begun)}`;
    process.stdout.write(`\r\u001b[2K${first ? colors.dim(text.slice(0, context.width - 1)) : ""}`);
  };
  const ticker = live ? setInterval(draw, 100) : undefined;
  try {
    const result = await work((hop) => {
      if (hop.state === "running") running.set(hop.id, hop);
      else {
        running.delete(hop.id);
        if (live) process.stdout.write("\r\u001b[2K");
        const text = show(hop, colors);
        if (text !== undefined) context.print(text);
      }
      draw();
    });
    if (live) process.stdout.write("\r\u001b[2K");
    context.print(formatHops(result.hops, { ms: performance.now() - begun, extent }, colors));
    return result;
  } finally {
    clearInterval(ticker);
    if (live) process.stdout.write("\r\u001b[2K");
  }
}

/** Titles are told one by one; most are shorter than this. */
const titleWidth = 46;

/** A hop on a line: how it went, how long it took, what was found. */
export function formatHop({ title, state, ms, detail, problem }: Hop, colors: Colors): string {
  const mark = {
    passed: colors.green("✔"),
    failed: colors.red("✖"),
    skipped: colors.yellow("–"),
    running: "…",
  }[state];
  const took = state === "skipped" ? "" : ms < 1000 ? `${Math.round(ms)} ms` : tookText(ms);
  return `${mark} ${title.padEnd(titleWidth)}  ${colors.dim([took.padStart(6), problem ? "" : (detail ?? "")].join("  ").trimEnd())}`.trimEnd();
}

function formatHops(
  hops: readonly Hop[],
  { ms, extent = `${hops.length} hops` }: { ms: number; extent?: string | undefined },
  colors: Colors,
): string {
  const failed = hops.filter(({ state }) => state !== "passed").length;
  return failed === 0
    ? `\n${colors.green("✔")} It works: ${extent} in ${tookText(ms)}.`
    : `\n${colors.red("✖")} ${failed} of ${hops.length} hops did not pass.`;
}
