import { type Command, InvalidArgumentError, Option } from "commander";
import type { ScreenshotOptions } from "../../../stack/preview/screenshot.js";
import { action } from "../../context.js";
import { examples } from "../../examples.js";

export function registerScreenshot(dashboards: Command): void {
  dashboards
    .command("screenshot")
    .summary("take pictures of dashboards, as the preview draws them")
    .description(
      "Draws dashboards with the data of the running stack in a browser of this machine (Chromium, Chrome or Edge; " +
        "CHROME_PATH is respected), each whole, and writes <uid>-<theme>.png. Exits with 1 when the definition has errors.",
    )
    .argument("[uid...]", "which dashboards (default: all of the definition)")
    .option("--out <folder>", "where to write them", "screenshots")
    .addOption(new Option("--theme <theme>", "colours").choices(["dark", "light"]).default("dark"))
    .option("--width <pixels>", "width of the page", width, 1280)
    .option("--from <time>", "begin of the time they show, as Grafana has it in its addresses", "now-1h")
    .option("--to <time>", "its end", "now")
    .option("--browser <program>", "browser to draw in")
    .addHelpText(
      "after",
      examples([
        ["obs dashboards screenshot", "all of them"],
        ["obs dashboards screenshot llm-overview --theme light --width 1920", "one, for a review"],
      ]),
    )
    .action(
      action(
        async (context, options: ScreenshotOptions & { out: string; browser?: string }, uids: string[]) => {
          const { screenshot } = await import("../../screenshot.js");
          return screenshot(context, options, uids);
        },
      ),
    );
}

function width(text: string): number {
  const pixels = Number(text);
  if (!Number.isInteger(pixels) || pixels < 320 || pixels > 7680)
    throw new InvalidArgumentError("It takes a number of pixels, 320 to 7680.");
  return pixels;
}
