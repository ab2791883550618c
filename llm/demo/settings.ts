import type { Incident } from "./provider/behaviour.js";

/** The programs of the demo, in the order in which a request meets them. */
export const demoServices = [
  "demo-world",
  "demo-gateway",
  "demo-retrieval",
  "demo-embedding",
  "demo-vector-search",
  "demo-llm",
  "demo-agent",
] as const;

/** Name of a program: its `service.name`, its log, its process. */
export type DemoService = (typeof demoServices)[number];

/** How much happens, and what. */
export interface DemoOptions {
  incident: Incident;
  /** The same seed gives the same users, questions and answers, in the same order. */
  seed: number;
  /** Conversations that begin in a second. */
  rate: number;
  /** How many times faster models answer than usual. */
  speed: number;
  /** Past days whose calls the ledger is told of. */
  history: number;
}

/** What every program of the demo is told. */
export interface DemoSettings extends DemoOptions {
  /** Base address of each program. */
  urls: Record<DemoService, string>;
  /** Base address at which models answer. */
  provider: string;
  /** Base address of the stack's ledger, where it has one. */
  ledger?: string;
}

/**
 * How long models take at speed 1, of what they take usually: 95 of 100 calls are to be answered well within the three
 * seconds that alerts allow.
 */
export const usualPace = 0.3;

/** Variable of the environment that holds {@link DemoSettings} as JSON. */
export const settingsVariable = "OBS_DEMO";

/** Variable that names the file with the token that the collector wants, where it wants one. */
export const tokenFileVariable = "OBS_DEMO_TOKEN_FILE";

/** The settings of this process. Throws where it wasn't started by `obs demo`. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): DemoSettings {
  const text = env[settingsVariable];
  if (text === undefined) throw new Error(`${settingsVariable} is not set: this is started by \`obs demo\``);
  return JSON.parse(text) as DemoSettings;
}
