import pc from "picocolors";
import type { SloStatus } from "../../stack/slo/report.js";
import { columns } from "./table.js";
import { durationText } from "./time-text.js";

/** How SLOs do: a row each. */
export function formatSlos(slos: readonly SloStatus[], { color }: { color: boolean }): string {
  const colors = pc.createColors(color);
  if (slos.length === 0) {
    return `The running stack has no SLO, or hasn't evaluated it yet. Declare one with ${colors.bold("slo(...)")} in alerting.packs, and run ${colors.bold("obs up")}.`;
  }
  const head = ["service", "slo", "objective", "now", "budget left", "", "burns", "gone in"].map((title) =>
    colors.dim(title),
  );
  return columns([head, ...slos.map((slo) => row(slo, colors))]);
}

function row(slo: SloStatus, colors: ReturnType<typeof pc.createColors>): string[] {
  const { service, labels, objective, window, achieved, budget, burnRate, exhaustedIn } = slo;
  const own = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const name = [slo.slo, ...(own.length > 0 ? [`(${own.join(", ")})`] : [])].join(" ");
  const promise = `${percent(objective)} over ${window}`;
  if (!budget) return [service, name, promise, colors.yellow("no data")];
  const paint = budget.remaining <= 0 ? colors.red : budget.remaining < 0.25 ? colors.yellow : colors.green;
  return [
    service,
    name,
    promise,
    achieved === null ? "" : percent(achieved),
    paint(percent(budget.remaining * 100)),
    [leftText(budget.seconds), ...(budget.events === null ? [] : [eventsText(budget.events)])].join(" or "),
    burnRate === null ? colors.dim("no data") : `${rounded(burnRate)}x`,
    goneText(exhaustedIn, burnRate, colors),
  ];
}

function goneText(
  exhaustedIn: number | null,
  burnRate: number | null,
  colors: ReturnType<typeof pc.createColors>,
): string {
  if (exhaustedIn === 0) return colors.red("it is gone");
  if (exhaustedIn !== null) return durationText(exhaustedIn);
  return burnRate === null ? "" : colors.dim("never, at this pace");
}

function leftText(seconds: number): string {
  return seconds < 0 ? `-${durationText(-seconds)}` : durationText(seconds);
}

/** What is left of an event is none. */
function eventsText(events: number): string {
  const whole = Math.trunc(events);
  return `${whole} event${Math.abs(whole) === 1 ? "" : "s"}`;
}

/** Three digits behind the point at most: 99.9 % and 99.95 % are worlds apart. */
function percent(value: number): string {
  return `${Number(value.toFixed(3))} %`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
