import type { Command } from "commander";
import { action } from "../context.js";
import { examples } from "../examples.js";
import { groups } from "../groups.js";

export function register(program: Command): void {
  program
    .command("status")
    .helpGroup(groups.start)
    .summary("tell how every service is, and why one isn't ready")
    .description(
      "Shows each service of the running stack: state, uptime, restarts, page; then, for each that isn't ready, the reason " +
        "and the last lines of its log. Exits with 1 unless everything is ready.",
    )
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      examples([
        ["obs status", "how is it?"],
        ["obs status --json | jq -r '.services[] | select(.state != \"ready\").name'", "what isn't ready"],
      ]),
    )
    .action(
      action(async (context, { json = false }: { json?: boolean }) => {
        const { currentRuntime, surveyRuntimes } = await import("../../stack/runtimes.js");
        const current = currentRuntime(await surveyRuntimes(await context.project()));
        const ready =
          current?.status.running === true &&
          current.status.services.every(({ state }) => state === "ready") &&
          current.status.problems.every(({ severity }) => severity !== "error");
        if (json) {
          const status = current?.status ?? { runtime: null, running: false, services: [], problems: [] };
          context.print(JSON.stringify({ ready, ...status }, null, 2));
        } else {
          const { formatStatus } = await import("../reporters/status.js");
          context.print(formatStatus(current?.status, { color: context.color.stdout }));
          await context.report(current?.status.problems ?? []);
        }
        return ready ? 0 : 1;
      }),
    );
}
