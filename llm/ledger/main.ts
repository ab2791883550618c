/**
 * The ledger's program: `node main.js CONFIG`. Takes spans over OTLP/HTTP, turns calls of models into rows of money, and
 * tells Prometheus. Ends cleanly on SIGTERM and SIGINT; may be killed at any time.
 */
import { once } from "node:events";
import { loadPriceCall } from "../prices/price.js";
import { readConfig, readSecretFile } from "./config.js";
import { Ledger, type Log } from "./ledger.js";

const log: Log = (level, message, fields = {}) => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
};

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write("usage: main.js CONFIG (started by obs)\n");
  process.exit(2);
}

try {
  const config = readConfig(file);
  const { database } = config;
  const ledger = new Ledger({
    database:
      "urlFile" in database
        ? { connectionString: readSecretFile(database.urlFile) }
        : {
            host: database.host,
            port: database.port,
            database: database.name,
            user: database.user,
            password: readSecretFile(database.passwordFile),
          },
    price: await loadPriceCall(config.money),
    userKey: readSecretFile(config.userKeyFile),
    readerPassword:
      config.readerPasswordFile === undefined ? undefined : readSecretFile(config.readerPasswordFile),
    slowSeconds: config.slowSeconds,
    budgets: config.budgets,
    log,
  });
  ledger.server.listen(config.listen.port, config.listen.host);
  await once(ledger.server, "listening");
  log("info", "listening", config.listen);
  for (const name of ["SIGTERM", "SIGINT"] as const)
    process.once(name, () => {
      log("info", "ending", { signal: name });
      ledger.stop().then(
        () => process.exit(0),
        (error: Error) => {
          log("error", "did not end cleanly", { error: error.message });
          process.exit(1);
        },
      );
    });
} catch (error) {
  log("error", "could not start", { error: (error as Error).message });
  process.exit(1);
}
