import type { Command } from "commander";
import { action } from "../../context.js";
import { examples } from "../../examples.js";
import { portOption } from "../../options.js";

export function registerPreview(dashboards: Command): void {
  dashboards
    .command("preview")
    .summary("draw the dashboards with live data, anew at each save")
    .description(
      "Serves a page, on this machine alone, that draws the dashboards of the definition with Grafana's own packages and the " +
        "data of the running stack. A save of any file of the project is redrawn within a second, and what is wrong shows " +
        "where it belongs. Runs until Ctrl-C.",
    )
    .addOption(portOption("port to serve on (default: 3300, or a free one where that is taken)"))
    .option("--open", "open the page in the browser")
    .option("--json", "print the address as JSON, in one line")
    .addHelpText(
      "after",
      examples([
        ["obs dashboards preview --open", "write a dashboard and watch it"],
        ["obs dashboards preview --port 3001", "where a bookmark expects it"],
      ]),
    )
    .action(
      action(async (context, options: { port?: number; open?: boolean; json?: boolean }) => {
        const { preview } = await import("../../preview.js");
        return preview(context, options);
      }),
    );
}
