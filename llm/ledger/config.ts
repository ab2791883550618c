import { readFileSync } from "node:fs";
import type { Budget } from "../../stack/llm/money-schema.js";
import type { PriceSettings } from "../prices/settings.js";

/** What the stack writes for its ledger. Secrets are named by the files that hold them. */
export interface LedgerConfig {
  listen: { host: string; port: number };
  database:
    | { urlFile: string }
    | { host: string; port: number; name: string; user: string; passwordFile: string };
  /** Key of the hash under which users are stored. */
  userKeyFile: string;
  /** Password of the role that may only read; without it there is no such role. */
  readerPasswordFile?: string;
  /** Calls that take longer have their traces kept by sampling. */
  slowSeconds: number;
  money: PriceSettings;
  /** What may be spent in a month, by name. */
  budgets: Readonly<Record<string, Budget>>;
}

/** Name of the role that may only read: dashboards use it. */
export const readerRole = "obs_reader";

/** Reads a configuration that obs wrote. Throws what Node says of a file that can't be read. */
export function readConfig(file: string): LedgerConfig {
  return JSON.parse(readFileSync(file, "utf8")) as LedgerConfig;
}

/** What a secret file holds. */
export function readSecretFile(file: string): string {
  return readFileSync(file, "utf8").trim();
}
