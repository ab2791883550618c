import type { Stack } from "../define.js";
import { portNumber } from "../ports.js";
import { versions } from "../versions.js";
import { ledgerSecrets } from "./names.js";
import { postgresScript } from "./postgres-script.js";
import type { Service } from "./service.js";

/** Keeps the ledger's rows. */
export const postgres: Service = {
  name: "postgres",
  title: "keeps the ledger of model calls",
  program: "postgres",
  // Where the image, as Debian's package, has it.
  script: {
    file: "run.sh",
    programInImage: `/usr/lib/postgresql/${parseInt(versions.postgres, 10)}/bin/postgres`,
  },
  user: "999:999",
  imageDataDir: "/var/lib/postgresql",
  wanted: hasOwnLedgerDatabase,
  ports: () => ["postgres"],
  // On this machine's loopback: for reports and for people's own queries.
  published: () => ["postgres"],
  args: ({ stack, at }) => [
    at.dataDir("postgres"),
    at.secretFile("postgres", ledgerSecrets.database),
    ...Object.entries({
      listen_addresses: at.listenHost("postgres"),
      port: portNumber(stack, "postgres"),
      unix_socket_directories: "",
      hba_file: `${at.configDir("postgres")}/pg_hba.conf`,
      // Few connections, each writing much.
      max_connections: 40,
      max_wal_size: "2GB",
      timezone: "UTC",
      log_timezone: "UTC",
    }).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ],
  files: () => [
    { path: "run.sh", keys: ["llm.ledger"], content: postgresScript },
    {
      path: "pg_hba.conf",
      keys: ["llm.ledger"],
      content: "# type database user address method\nhost all all all scram-sha-256\n",
    },
  ],
  secrets: () => [ledgerSecrets.database],
  readiness: () => ({ port: "postgres" }),
  reload: "restart",
  memoryMiB: () => 512,
  stopSeconds: 60,
};

/** Whether the ledger's database is the stack's own. Of another only a secret URL is known. */
export function hasOwnLedgerDatabase({ llm: { ledger } }: Pick<Stack, "llm">): boolean {
  return ledger.enabled && ledger.databaseUrl === undefined;
}
