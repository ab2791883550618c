import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import pg from "pg";
import { packageRoot } from "../../stack/package-root.js";
import { startPostgres } from "../../test/support/postgres.js";
import { withFolder } from "../../test/support/temporary-folder.js";
import { fillUsage, makeLedgerTables } from "../../test/support/usage-rows.js";
import type { Figure } from "./figure.js";

const rows = 10_000_000;
const days = 92;
const from = "2026-08-01";

/** A month of a large ledger by feature, from the start of the command to its end. */
export const costs10m: Figure = {
  id: "costs-10m",
  title: `obs costs: a month by feature, of ${rows.toLocaleString("en-US")} calls in ${days} days`,
  unit: "ms",
  must: { atMost: 1000 },
  async measure({ runs, say }) {
    // Nothing of this is kept: no need to wait for the disk while it is filled.
    const server = await startPostgres({ fsync: "off", max_wal_size: "8GB", maintenance_work_mem: "256MB" });
    try {
      const url = await server.database("costs");
      say(`filling a ledger with ${rows.toLocaleString("en-US")} calls takes some minutes`);
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        await makeLedgerTables(client);
        await fillUsage(client, { rows, from, days });
        await client.query("VACUUM ANALYZE");
      } finally {
        await client.end();
      }
      return await withFolder(async (folder) => {
        await writeFile(join(folder, "obs.config.ts"), definition);
        const values: number[] = [];
        for (let run = 0; run < runs; run++) values.push(await timeReport(folder, url));
        return { values };
      });
    } finally {
      await server.stop();
    }
  },
};

const definition = `import { defineStack, secret } from "obs-stack";
export default defineStack({ name: "bench", llm: { ledger: { databaseUrl: secret("DATABASE_URL") } } });
`;

/** In ms. What it reports must be there. */
async function timeReport(folder: string, url: string): Promise<number> {
  const main = join(packageRoot, "dist", "cli", "main.js");
  const args = ["costs", "by", "feature", "--from", "2026-10", "--to", "2026-10", "--format", "json"];
  const begun = performance.now();
  const { stdout } = await execa(process.execPath, [main, ...args], {
    cwd: folder,
    env: { DATABASE_URL: url, NO_COLOR: "1" },
  });
  const took = performance.now() - begun;
  const { calls } = (JSON.parse(stdout) as { total: { calls: number } }).total;
  if (calls < rows / 4) throw new Error(`the report has ${calls} calls only`);
  return took;
}
