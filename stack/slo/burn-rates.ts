import { parseDuration } from "../duration.js";
import { exact } from "./numbers.js";

/**
 * An alert's condition: in the long window so much of the budget burnt that it matters, and in the short one it still
 * burns, so that the alert ends soon after the trouble does.
 */
export interface BurnRateWindows {
  long: string;
  /** By custom a twelfth of the long one. */
  short: string;
  /** Per cent of the SLO window's whole budget; more than this burnt within the long window is worth the alert. */
  budget: number;
}

/**
 * What the Google SRE workbook recommends, chapter "Alerting on SLOs", section 6:
 * https://sre.google/workbook/alerting-on-slos/. Over 30 days these are burn rates of 14.4 and 6 (page), 3 and 1 (ticket).
 */
export const workbook: {
  readonly page: readonly BurnRateWindows[];
  readonly ticket: readonly BurnRateWindows[];
} = {
  page: [
    { long: "1h", short: "5m", budget: 2 },
    { long: "6h", short: "30m", budget: 5 },
  ],
  ticket: [
    { long: "1d", short: "2h", budget: 10 },
    { long: "3d", short: "6h", budget: 10 },
  ],
};

/**
 * The burn rate at which a share of the budget is gone within the long window: share x SLO window / long window. Never
 * below 1: a budget that just lasts the window out is used as it is meant to be, however much of it that is in a day.
 */
export function burnRate({ long, budget }: BurnRateWindows, sloWindow: string): number {
  return Math.max(1, exact(((budget / 100) * milliseconds(sloWindow)) / milliseconds(long)));
}

/** The share of events that may be bad, of an objective in per cent: 99.9 leaves 0.001. */
export function errorBudget(objective: number): number {
  return exact((100 - objective) / 100);
}

/** Whether a burn rate can be reached at all: more than every event can't fail. */
export function canBurn(rate: number, objective: number): boolean {
  return rate * errorBudget(objective) < 1;
}

/** Milliseconds of a duration that has been checked. */
export function milliseconds(duration: string): number {
  return parseDuration(duration)!;
}
