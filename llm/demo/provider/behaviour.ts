import { logNormal, type Random } from "./random.js";

/** Something that goes wrong at a provider for a while. */
export type Incident = "none" | "errors" | "latency" | "cost" | "quota" | "outage";

/** All of them, `none` included. */
export const incidents: readonly Incident[] = ["none", "errors", "latency", "cost", "quota", "outage"];

/** What is to happen to one request, whatever it asks for. */
export interface Mishap {
  /** HTTP status of the refusal. */
  status?: number;
  /** The provider's own name for it, where the status has several. */
  code?: string;
  /** Seconds, for the header of that name. */
  retryAfter?: number;
  /** The connection stays open without an answer. */
  hang?: boolean;
  /** The connection is cut after so many events of a stream, or at once. */
  cutAfter?: number;
  /** After so many events of a stream comes one that tells of an error. */
  errorAfter?: number;
}

/** How a model behaves when all is well. */
export interface Model {
  /** Median seconds to the first token. */
  firstToken: number;
  /** Median seconds between two tokens. */
  perToken: number;
  /** Median tokens of an answer. */
  answer: number;
  /** Whether it thinks first, in tokens that are charged and not shown. */
  reasons: boolean;
}

/** Large models take their time, small ones hurry. */
export function modelFor(name: string): Model {
  const small = /mini|nano|haiku|small|flash|lite/.test(name);
  const large = /opus|pro|large|turbo/.test(name);
  return {
    firstToken: small ? 0.25 : large ? 0.8 : 0.45,
    perToken: small ? 0.006 : large ? 0.025 : 0.012,
    answer: small ? 90 : large ? 260 : 160,
    reasons: /^(?:o\d|gpt-5)|think|reason/.test(name),
  };
}

/** The mishap that an incident brings to a request, if any. */
export function mishapOf(incident: Incident, errorRate: number, random: Random): Mishap | undefined {
  if (incident === "outage") return { status: 503 };
  if (incident === "errors" && random() < 0.35) return { status: random() < 0.7 ? 500 : 503 };
  return random() < errorRate ? { status: 500 } : undefined;
}

/** Seconds to the first token, and between two. */
export function timing(model: Model, incident: Incident, random: Random): { first: number; each: number } {
  const slower = incident === "latency" ? 12 : 1;
  return {
    first: logNormal(random, model.firstToken, 0.45) * slower,
    each: logNormal(random, model.perToken, 0.25) * slower,
  };
}

/** Tokens of an answer, not more than were asked for. */
export function lengthOf(
  model: Model,
  incident: Incident,
  atMost: number | undefined,
  random: Random,
): number {
  const wordy = incident === "cost" ? 8 : 1;
  const wanted = Math.max(1, Math.round(logNormal(random, model.answer, 0.5) * wordy));
  return Math.min(wanted, atMost ?? 4096 * wordy);
}
