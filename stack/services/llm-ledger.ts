import type { LedgerConfig } from "../../llm/ledger/config.js";
import type { PriceSettings } from "../../llm/prices/settings.js";
import type { Stack } from "../define.js";
import { parseDuration } from "../duration.js";
import { packageVersion } from "../package-root.js";
import { portNumber } from "../ports.js";
import { verifyService } from "../verify/payload.js";
import { ledgerDatabase, ledgerSecrets, reachesThisMachine } from "./names.js";
import type { RenderContext, Service } from "./service.js";

/** Turns spans of model calls into rows of money, and into the `llm_*` metrics. */
export const llmLedger: Service = {
  name: "llm-ledger",
  title: "counts and prices model calls",
  program: "node",
  bundle: "llm/ledger/main.js",
  user: "1000:1000",
  wanted: ({ llm }) => llm.ledger.enabled,
  ports: () => ["ledger"],
  published: () => ["ledger"],
  // A bound on what the engine lets lie before it collects; a batch needs a fraction of it.
  args: ({ at }) => [
    "--max-old-space-size=160",
    at.bundle("llm-ledger"),
    `${at.configDir("llm-ledger")}/ledger.json`,
  ],
  // Another version is another program: containers are made anew for it.
  env: () => ({ OBS_VERSION: packageVersion }),
  files: (context) => [
    {
      path: "ledger.json",
      keys: ["llm", "traces.sampling.slow"],
      content: ledgerConfig(context),
    },
  ],
  secrets: ({ llm: { ledger } }) => [
    ledgerSecrets.userKey,
    ledgerSecrets.reader,
    ledger.databaseUrl?.secret ?? ledgerSecrets.database,
  ],
  readiness: () => ({ port: "ledger", path: "/ready" }),
  metrics: () => ({ port: "ledger", path: "/metrics" }),
  reload: "restart",
  memoryMiB: () => 384,
  stopSeconds: 30,
  compose: reachesThisMachine,
};

/** What `obs verify` sends is a call that never happened. */
const verifyPrice = { provider: verifyService, model: verifyService, input: "0", output: "0" };

/** What calls are priced with beside the published prices. */
export function ledgerPrices({ llm: { prices, discounts } }: Stack): PriceSettings {
  return { prices: [...prices, verifyPrice], discounts };
}

function ledgerConfig({ stack, at }: RenderContext): LedgerConfig {
  const { budgets, ledger } = stack.llm;
  const secret = (name: string) => at.secretFile("llm-ledger", name);
  const database = at.reach("postgres");
  return {
    listen: { host: at.listenHost("ledger"), port: portNumber(stack, "ledger") },
    database: ledger.databaseUrl
      ? { urlFile: secret(ledger.databaseUrl.secret) }
      : {
          host: database.slice(0, database.lastIndexOf(":")),
          port: portNumber(stack, "postgres"),
          name: ledgerDatabase,
          user: "obs",
          passwordFile: secret(ledgerSecrets.database),
        },
    userKeyFile: secret(ledgerSecrets.userKey),
    readerPasswordFile: secret(ledgerSecrets.reader),
    slowSeconds: (parseDuration(stack.traces.sampling.slow) ?? 0) / 1000,
    money: ledgerPrices(stack),
    budgets,
  };
}
