/**
 * The preview as a program of the stack: `node main.js CONFIG PORT`, started by `obs up` where no Grafana runs. Ends on
 * SIGTERM and SIGINT; may be killed at any time.
 */
import { projectAt } from "../project.js";
import { openPreview } from "./open.js";

const [configFile, port] = process.argv.slice(2);
if (configFile === undefined || port === undefined) {
  process.stderr.write("usage: main.js CONFIG PORT (started by obs)\n");
  process.exit(2);
}

const log = (level: string, message: string) =>
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message })}\n`);

try {
  const server = await openPreview(projectAt(configFile), { runtime: "native", port: Number(port) });
  log("info", `listening at ${server.url}`);
  for (const name of ["SIGTERM", "SIGINT"] as const)
    process.once(name, () => {
      server.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
} catch (error) {
  log("error", `could not start: ${(error as Error).message}`);
  process.exit(1);
}
