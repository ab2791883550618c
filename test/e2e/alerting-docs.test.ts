import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../stack/package-root.js";
import { runObs } from "../support/run-obs.js";
import { withProject } from "../support/temporary-project.js";

test("the definition in docs/alerting.md is valid, its cases hold, and its routes are as it says", async () => {
  const page = await readFile(join(packageRoot, "docs/alerting.md"), "utf8");
  const definition = /```ts\n\/\/ obs\.config\.ts\n(.*?)```/s.exec(page)?.[1];
  const template = /```\n(\{\{ define .*?)```/s.exec(page)?.[1];
  const files = {
    "obs.config.ts": definition!,
    "alerts/messages.tmpl": template!,
    "alerts/runbooks/OrdersQueueLong.md": "# OrdersQueueLong\n\nStart the workers.\n",
    ".env": "PAGERDUTY_KEY=x\nSLACK_WEBHOOK_URL=http://127.0.0.1:9/\n",
  };
  await withProject(files, async ({ folder }) => {
    for (const args of [
      ["validate"],
      ["test", "orders"],
      ["route", "test"],
      ["route", "test", "--alert", "OrdersQueueLong"],
    ]) {
      const run = await runObs(args, { cwd: folder });
      expect(`${args.join(" ")}: ${run.exitCode === 0 ? "" : run.all}`).toBe(`${args.join(" ")}: `);
    }
  });
}, 120_000);
